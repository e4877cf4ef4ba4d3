import { BOOL, isBoxed, STRING, type Expr } from '../../ir/index.ts'
import { isBuiltInError } from '../flow/built-in-errors.ts'
import type { HExpr } from '../hir.ts'
import type { FunctionContext } from './context.ts'
import { constructorText } from '../member-names.ts'
import { fail, required } from './convert.ts'
import { trapHere } from './keys.ts'
import { boxed, cond, op, str, then, undef } from './make.ts'
import { emitReceiver } from './access.ts'
import { emit } from './expressions.ts'
import { formOf } from './known-functions.ts'

/** `obj.constructor`, of which only the name can be asked. */
export function isConstructorOf(e: HExpr): e is HExpr & { kind: 'get' } {
  return e.kind === 'get' && e.name === 'constructor'
}

/** What is thrown where null or undefined is asked for its constructor; `%` is the value. */
export const NO_CONSTRUCTOR = "Cannot read properties of % (reading 'constructor')"

/** `obj.constructor.name`: the name of the class, chosen by the type. */
export function emitClassName(c: FunctionContext, e: HExpr & { kind: 'get' }): Expr {
  const obj = required(c, emitReceiver(c, e.obj), NO_CONSTRUCTOR)
  return c.dispatch(obj, STRING, (value) => nameOf(c, value, e.obj))
}

const NAMES: Partial<Record<Expr['type']['kind'], string>> = {
  f64: 'Number',
  bool: 'Boolean',
  string: 'String',
  bigint: 'BigInt',
  array: 'Array',
  tuple: 'Array',
  map: 'Map',
  set: 'Set',
}

/** Objects of the library, by their brand, whose constructor has that name. */
const CONSTRUCTED: ReadonlySet<string> = new Set(['Promise', 'TextEncoder', 'TextDecoder'])

function nameOf(c: FunctionContext, value: Expr, from: HExpr): Expr {
  const { span, type } = value
  if (type.kind === 'func') return formOf(c, value, from)
  if (type.kind === 'dict')
    return ofDictionary(
      c,
      value,
      then(fail(c, "Cannot read properties of undefined (reading 'name')", undef(span)), str('', span)),
    )
  if (type.kind !== 'object') {
    const name = NAMES[type.kind]
    if (name === undefined && isBoxed(type)) refuse(c, value)
    return then(value, str(name ?? '', span))
  }
  const node = c.program.types.nodeOf(type.id)
  if (node && isBuiltInError(node)) return kindOf(c, value)
  if (node && node.brand !== null) {
    if (!CONSTRUCTED.has(node.brand)) refuse(c, value)
    return then(value, str(node.brand, span))
  }
  if (node?.fields.has('constructor') || node?.cls?.methods.has('constructor')) refuse(c, value)
  if (node?.cls?.value()?.func?.namedLate) refuse(c, value)
  return then(value, str(node?.cls ? node.cls.name : 'Object', span))
}

/** The constructor of a dictionary is Object; `bare` where it inherits nothing. A key of that name ends the run. */
function ofDictionary(c: FunctionContext, value: Expr, bare: Expr): Expr {
  const { span } = value
  const key = str('constructor', span)
  return c.using(value, (dict) =>
    cond(
      op('table.has', [dict, key], BOOL, span),
      trapHere(span, str('', span)),
      cond(op('dict.in', [dict, key], BOOL, span), str('Object', span), bare, span),
      span,
    ),
  )
}

/** What tells constructors apart (`constructorText`), of values that have one; others throw with the message. */
export function constructorOf(c: FunctionContext, from: HExpr, missing: string): Expr {
  const obj = required(c, emit(c, from), missing)
  return c.dispatch(obj, STRING, (value) => {
    const { span, type } = value
    if (type.kind === 'dict') return ofDictionary(c, value, str('', span))
    const node = type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
    const cls = node?.cls
    if (!cls || isBuiltInError(node) || c.program.isOfPrelude(cls.span)) return nameOf(c, value, from)
    if (!cls.value() || cls.methods.has('constructor')) refuse(c, value)
    return then(value, str(constructorText(cls), span))
  })
}

function refuse(c: FunctionContext, value: Expr): void {
  c.report(
    'ANRF1101',
    value.span,
    'the constructor of this value',
    'Keep the name in a field of its own.',
    'constructor property',
  )
}

/** Which built-in kind of error it is. */
function kindOf(c: FunctionContext, value: Expr): Expr {
  const kinds = ['AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError']
  return c.using(value, (x) =>
    kinds.reduceRight<Expr>(
      (otherwise, kind) => {
        const test = op('dyn.is_error', [boxed(x)], BOOL, x.span, [kind])
        return cond(test, str(kind, x.span), otherwise, x.span)
      },
      str('Error', value.span),
    ),
  )
}
