import { opRow, type OpName } from '../../ir/index.ts'
import { EXTERNREF, F64, I32, type ValType } from '../encoder/index.ts'

/**
 * Operations that the host does, with the meaning that the op table gives: numbers, strings and boxed values cross
 * as they are, what may be undefined comes back as null, or as NaN where the result is a number.
 */
const HOSTED = [
  'f64.pow',
  'f64.rem',
  'f64.to_radix',
  'f64.to_fixed',
  'f64.to_precision',
  'f64.to_exponential',
  'f64.to_exponential_all',
  'math.cbrt',
  'math.exp',
  'math.expm1',
  'math.log',
  'math.log2',
  'math.log10',
  'math.log1p',
  'math.sin',
  'math.cos',
  'math.tan',
  'math.asin',
  'math.acos',
  'math.atan',
  'math.sinh',
  'math.cosh',
  'math.tanh',
  'math.asinh',
  'math.acosh',
  'math.atanh',
  'math.atan2',
  'string.relative_at',
  'string.code_point_at',
  'string.substr',
  'string.index_of',
  'string.last_index_of',
  'string.includes',
  'string.starts_with',
  'string.ends_with',
  'string.repeat',
  'string.pad_start',
  'string.pad_end',
  'string.trim',
  'string.trim_start',
  'string.trim_end',
  'string.to_upper',
  'string.to_lower',
  'string.replace',
  'string.replace_all',
  'string.to_number',
  'string.parse_int',
  'string.parse_float',
  'string.from_code_point',
  'string.locale_compare',
  'string.normalize',
  'string.split',
  'string.to_index',
  'string.chars',
  'dyn.loose_eq',
  'dyn.to_string',
  'dyn.to_number',
  'json.parse',
  'json.stringify',
  'locale.date',
  'locale.number',
  'locale.number_format',
  'locale.compare',
  'locale.lower',
  'locale.upper',
  'url.parse',
  'url.change',
  'bigint.from_number',
  'bigint.from_string',
  'bigint.add',
  'bigint.sub',
  'bigint.mul',
  'bigint.div',
  'bigint.rem',
  'bigint.pow',
  'bigint.and',
  'bigint.or',
  'bigint.xor',
  'bigint.shl',
  'bigint.shr',
  'bigint.neg',
  'bigint.not',
  'bigint.lt',
  'bigint.le',
  'bigint.eq',
  'bigint.compare',
  'bigint.compare_text',
  'bigint.to_number',
  'bigint.to_string',
  'bigint.truthy',
  'bigint.as_int',
  'bigint.as_uint',
  'random.next',
  'clock.now',
  'clock.elapsed',
  'effect.next',
  'effect.answer',
  'date.parse',
  'regex.groups',
  'regex.find',
  'regex.position',
  'regex.name',
  'regex.count',
  'regex.expand',
] as const satisfies readonly OpName[]

export type HostedOp = (typeof HOSTED)[number]

const HOSTED_SET: ReadonlySet<string> = new Set(HOSTED)

export function isHosted(op: OpName): op is HostedOp {
  return HOSTED_SET.has(op)
}

const TYPES: Readonly<Record<string, ValType>> = {
  f64: F64,
  i32: I32,
  bool: I32,
  string: EXTERNREF,
  // What the host reads of JSON.
  '*': EXTERNREF,
  bigint: EXTERNREF,
  dyn: EXTERNREF,
  'string?': EXTERNREF,
  'f64?': F64,
  'array<string>': EXTERNREF,
}

/** The types of an operation as an imported function, from its signature in the op table. */
export function hostedTypes(op: HostedOp): { readonly params: readonly ValType[]; readonly result: ValType } {
  const [, operands = '', result = ''] = /^\((.*)\) -> (.+)$/.exec(opRow(op).sig) ?? []
  const words = operands === '' ? [] : operands.split(', ')
  return { params: words.map((word) => TYPES[word]!), result: TYPES[result]! }
}
