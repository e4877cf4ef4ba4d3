import { F64, isBoxed, membersOf, optional, STRING, type Expr, type OpName, type Type } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { isMissing, toNumber } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { boxed, coerce, cond, op, str as text, then } from '../emit/make.ts'
import { Slot } from '../flow/slots.ts'
import type { HArg } from '../hir.ts'
import { STR } from '../kinds.ts'
import { converted, flowResult } from './leaf.ts'
import { callPrelude, flowPrelude } from './prelude.ts'
import { str, type EmitUse, type Row } from './row.ts'

/** A parameter `locales` or `options` as JSON, '' where the program left it out. */
function asJson(c: FunctionContext, arg: HArg | undefined, at: EmitUse['at']): Expr {
  if (!arg) return text('', at.span)
  const x = emit(c, arg.value)
  if (x.type.kind === 'undefined') return then(x, text('', at.span))
  if (!isPlain(c, x.type)) {
    const hint = 'Pass texts, numbers, booleans, lists of texts and records of them.'
    c.report('ANRF1101', arg.value.span, 'a locale or an option of another kind', hint, 'locale')
  }
  return c.using(op('json.stringify', [boxed(x), text('', at.span)], optional(STRING), at.span), (json) =>
    cond(isMissing(json, false), text('', at.span), coerce(json, STRING), at.span),
  )
}

/** What JSON can tell from everything else that an option may be. */
function isPlain(c: FunctionContext, type: Type): boolean {
  if (isBoxed(type)) return type.kind === 'union' && membersOf(type).every((m) => isPlain(c, m))
  if (type.kind === 'array') return isPlain(c, type.elem)
  if (type.kind === 'tuple') return type.elems.every((elem) => isPlain(c, elem))
  if (type.kind !== 'object') return ['undefined', 'bool', 'f64', 'string'].includes(type.kind)
  const node = c.program.types.nodeOf(type.id)
  return node?.cls === null && [...node.fields.values()].every((f) => isPlain(c, c.type(f.slot)))
}

/** A method of a text that also looks at locales, and where it has them at options. */
function ofText(plain: Row, name: OpName, more: number, type: Type): Row {
  return {
    flow: plain.flow,
    emit: (use) => {
      const { c, at, args, self } = use
      const from = name === 'locale.compare' ? 1 : 0
      if (args.length <= from) return plain.emit(use)
      const first = from === 1 ? [converted(c, args[0], str(), at)] : []
      const rest = Array.from({ length: more }, (_, i) => asJson(c, args[from + i], at))
      return op(name, [self, ...first, ...rest], type, at.span)
    },
  }
}

export const localeCompare = (plain: Row): Row => ofText(plain, 'locale.compare', 2, F64)
export const localeCase = (plain: Row, name: 'locale.lower' | 'locale.upper'): Row => ofText(plain, name, 1, STRING)

/** Number.prototype.toLocaleString(locales, options). */
export const numberToLocale: Row = {
  flow: (use) => flowResult(use, 'str'),
  emit: ({ c, at, args, self }) =>
    op('locale.number', [self, asJson(c, args[0], at), asJson(c, args[1], at)], STRING, at.span),
}

/** A step of the prelude's dates: a time as text. */
const dateText: Row = {
  flow: (use) => flowResult(use, 'str'),
  emit: ({ c, at, args }) => {
    const [time, part, locales, options] = args
    if (!time || !part) return text('', at.span)
    const given = [emit(c, time.value), emit(c, part.value), asJson(c, locales, at), asJson(c, options, at)]
    return op('locale.date', given, STRING, at.span)
  },
}

/** The same for a format, whose locales and options are JSON already. */
const formatDate: Row = {
  flow: (use) => flowResult(use, 'str'),
  emit: ({ c, at, args }) => {
    const [time, ...given] = args.map((arg) => emit(c, arg.value))
    return op('locale.date', [time ?? text('', at.span), text('format', at.span), ...given], STRING, at.span)
  },
}

const formatNumber: Row = {
  flow: (use) => flowResult(use, 'str'),
  emit: ({ c, at, args }) => {
    const [value, ...given] = args.map((arg) => emit(c, arg.value))
    if (!value || membersOf(value.type).some((m) => !['f64', 'bool', 'null', 'undefined'].includes(m.kind)))
      c.report('ANRF1101', at.span, 'a format of a value that is no number', 'Convert it: `Number(value)`.', 'Intl')
    return op('locale.number_format', [value ? toNumber(c, value) : text('', at.span), ...given], STRING, at.span)
  },
}

/** A format of Intl: an object of the prelude with locales and options as JSON. */
const format = (name: string): Row => ({
  flow: (use) => {
    const json = use.inst.once(use.at, 'json', () => new Slot())
    use.a.solver.addKinds(json, STR)
    flowPrelude(use, name, [json, json])
  },
  emit: ({ c, at, args }) => callPrelude(c, at, name, [asJson(c, args[0], at), asJson(c, args[1], at)]),
})

/** Formats, and the steps of the prelude that they are made of. */
export const LOCALE_FUNCTIONS: Readonly<Record<string, Row>> = {
  'Intl.DateTimeFormat': format('intl_date_format'),
  'Intl.NumberFormat': format('intl_number_format'),
  'new Intl.DateTimeFormat': format('intl_date_format'),
  'new Intl.NumberFormat': format('intl_number_format'),
  '@@locale_date': dateText,
  '@@locale_format': formatDate,
  '@@locale_number': formatNumber,
}
