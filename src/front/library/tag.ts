import { isBoxed, STRING, type Expr, type Type } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { emit } from '../emit/expressions.ts'
import { formOf } from '../emit/known-functions.ts'
import { joinTexts } from '../emit/convert.ts'
import { str, then, undef } from '../emit/make.ts'
import { callConversion, methodOf } from '../emit/primitive.ts'
import { areErrors, type ObjNode } from '../flow/slots.ts'
import { TAG_TEXT } from '../member-names.ts'
import { flowResult } from './leaf.ts'
import type { Row } from './row.ts'

const TAGS: Partial<Record<Type['kind'], string>> = {
  undefined: 'Undefined',
  null: 'Null',
  f64: 'Number',
  i32: 'Number',
  bool: 'Boolean',
  string: 'String',
  bigint: 'BigInt',
  array: 'Array',
  tuple: 'Array',
  func: 'Function',
  map: 'Map',
  set: 'Set',
  dict: 'Object',
}

/** `Object.prototype.toString.call(x)` (ECMA-262 20.1.3.6): what the type says, or the getter of a class. */
export const tagOf: Row = {
  flow: (use) => flowResult(use, 'str'),
  emit: ({ c, at, args }) => {
    const of = args[0]?.value
    const x = of ? emit(c, of) : undef(at.span)
    return c.dispatch(x, STRING, (one) => {
      const method = methodOf(c, one.type, TAG_TEXT)
      if (method) return callConversion(c, { method }, one, 'string')
      if (one.type.kind === 'func' && of) return joinTexts(['[object ', formOf(c, one, of), ']'], at.span)
      return then(one, str(`[object ${tagIn(c, one)}]`, at.span))
    })
  },
}

function tagIn(c: FunctionContext, x: Expr): string {
  const { type } = x
  const node = type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
  if (isBoxed(type)) {
    const hint = 'Ask `typeof`, `Array.isArray` or `instanceof`.'
    c.report('ANRF1101', x.span, '`Object.prototype.toString` of this value', hint, 'Object.prototype.toString')
  }
  if (type.kind !== 'object') return TAGS[type.kind] ?? 'Object'
  if (!node || areErrors(node)) return 'Error'
  return nodeTag(c, node)
}

function nodeTag(c: FunctionContext, { brand, cls }: ObjNode): string {
  if (brand !== null) return brand === 'Timeout' ? 'Object' : (/\[(.*)\]/.exec(brand)?.[1] ?? brand)
  return cls && c.program.isOfPrelude(cls.span) ? (cls.bytes ?? cls.name) : 'Object'
}
