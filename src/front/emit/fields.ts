import { BOOL, optional, UNDEFINED, type Expr, type Stmt, type Type } from '../../ir/index.ts'
import type { HExpr } from '../hir.ts'
import { isStorable } from '../flow/elements.ts'
import { isReserved } from '../member-names.ts'
import { isClosed, isHiddenField } from '../flow/key-order.ts'
import { isBuiltInError } from '../flow/built-in-errors.ts'
import { areErrors, type ObjNode } from '../flow/slots.ts'
import type { FunctionContext } from './context.ts'
import { toText } from './convert.ts'
import { inKeyOrder } from './key-order.ts'
import { trapHere } from './keys.ts'
import { bool, coerce, effect, op, seq, setLocal, str, undef } from './make.ts'
import { hasOwnField } from './membership.ts'
import { refuseAccessors } from './opaque.ts'

/** Properties that every object inherits. Reading one by a computed name has no answer here, so it traps. */
const INHERITED = Object.getOwnPropertyNames(Object.prototype)

/** A field of a record whose name is only known when the program runs: one case for each name; undefined when it is none of them. */
export function fieldByName(c: FunctionContext, obj: Expr, key: Expr, e: HExpr & { kind: 'index' }): Expr {
  const node = obj.type.kind === 'object' ? c.program.types.nodeOf(obj.type.id) : undefined
  if (!node || node.brand !== null || (node.fields.size === 0 && !instanceOf(c, obj))) return refuseDictionary(c, e)
  refuseAccessors(c, node, e.span)
  const type = c.typeOf(e)
  const [object, name] = [c.keep(obj), c.keep(toText(c, key))]
  const result = c.local('', type)
  const label = c.freshLabel()
  const set = (value: Expr): Stmt[] => [setLocal(result, coerce(value, type)), { kind: 'break', label, span: e.span }]
  const isError = areErrors(node)
  const fields = [...node.fields.keys()]
    .filter((field) => !isReserved(field) && (isError || !isHiddenField(node, field)))
    .map((field) => ({
      test: str(field, e.span),
      body: set(readField(c, object.value, node, field)),
    }))
  const inherited = [...INHERITED, ...membersOf(node), ...(isError ? ['stack'] : [])]
    .filter((field) => !node.fields.has(field))
    .map((field) => ({
      test: str(field, e.span),
      body: trap(e),
    }))
  const choice: Stmt = {
    kind: 'switch',
    label,
    subject: name.value,
    cases: [...fields, ...inherited, { body: set(undef(e.span)) }],
    span: e.span,
  }
  return seq([...object.body, ...name.body, choice], c.get(result, e.span))
}

/**
 * A store under a name that is only known when the program runs, in an instance of a class: one case for each field that the class
 * declares. With another name the run ends.
 */
export function storeByName(c: FunctionContext, obj: Expr, key: Expr, value: Expr, e: HExpr): Expr {
  const { span } = e
  const node = instanceOf(c, obj)
  if (!node) return refuseDictionary(c, e)
  const label = c.freshLabel()
  const [object, name, given] = [c.keep(obj), c.keep(toText(c, key)), c.keep(value)]
  const cases = [...node.fields].flatMap(([field, info]) => {
    if (!isStorable(node, field)) return []
    const imm = [c.program.types.idOf(node), c.program.types.fieldIndex(node, field)]
    const store = effect(op('object.set', [object.value, coerce(given.value, c.type(info.slot))], UNDEFINED, span, imm))
    const stores = inKeyOrder(c, object.value, node, field, store)
    return [{ test: str(field, span), body: [...stores, { kind: 'break', label, span } as const] }]
  })
  const otherwise = { body: [effect(trapHere(span, undef(span)))] }
  const choice: Stmt = { kind: 'switch', label, subject: name.value, cases: [...cases, otherwise], span }
  return seq([...object.body, ...name.body, ...given.body, choice], undef(span))
}

/**
 * `name in object`, or whether it has a key of its own, where the name is only known when the program runs and the object is an instance of a class of
 * the program or an error; undefined for others, and for the own keys of errors, of which not all is known.
 */
export function isInByName(
  c: FunctionContext,
  obj: Expr,
  key: Expr,
  span: HExpr['span'],
  asks: 'in' | 'own' = 'in',
): Expr | undefined {
  const node = instanceOf(c, obj)
  if (!node || (asks === 'own' && areErrors(node))) return undefined
  const label = c.freshLabel()
  const result = c.local('', BOOL)
  const [object, name] = [c.keep(obj), c.keep(toText(c, key))]
  const set = (value: Expr): Stmt[] => [setLocal(result, value), { kind: 'break', label, span }]
  const own = [...node.fields.keys()].filter((field) => !isReserved(field) && !isHiddenField(node, field))
  const cases = own.map((field) => ({
    test: str(field, span),
    body: set(hasOwnField(c, object.value, node, field) ?? bool(false, span)),
  }))
  const uncertain = areErrors(node) ? ['cause', 'errors'].filter((field) => !own.includes(field)) : []
  cases.push(...uncertain.map((field) => ({ test: str(field, span), body: set(hasHidden(object.value, node, field)) })))
  const inherited = (asks === 'in' ? [...INHERITED, ...membersOf(node), ...(areErrors(node) ? OF_ERRORS : [])] : [])
    .filter((field) => !own.includes(field))
    .map((field) => ({ test: str(field, span), body: set(bool(true, span)) }))
  const all = [...cases, ...inherited, { body: set(bool(false, span)) }]
  const choice: Stmt = { kind: 'switch', label, subject: name.value, cases: all, span }
  return seq([...object.body, ...name.body, choice], c.get(result, span))
}

/** What all errors have. */
const OF_ERRORS = ['name', 'message', 'stack']

/** Whether an error has a cause or errors: where some of its kind have and nobody knows which, the run ends. */
function hasHidden(error: Expr, node: ObjNode, name: string): Expr {
  const { span } = error
  if (!node.fields.has(name)) return bool(false, span)
  return isBuiltInError(node) ? bool(true, span) : trapHere(span, bool(false, span))
}

/** What is known of an instance of a class of the program. */
export function instanceOf(c: FunctionContext, { type }: Expr): ObjNode | undefined {
  const node = type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
  const cls = node?.brand === null ? node.cls : null
  return cls && !cls.bytes && !isClosed(cls) ? node : undefined
}

/** Methods and accessors of a class, which are no fields. */
function membersOf({ cls }: ObjNode): string[] {
  return cls ? [...new Set([...cls.methods.keys(), ...cls.getters.keys(), ...cls.setters.keys()])].filter(isNamed) : []
}

const isNamed = (name: string): boolean => !INHERITED.includes(name) && !isReserved(name)

function readField(c: FunctionContext, obj: Expr, node: ObjNode, name: string): Expr {
  const info = c.program.analysis.solver.field(node, name)
  const type = c.type(info.slot)
  const imm = [c.program.types.idOf(node), c.program.types.fieldIndex(node, name)]
  return info.optional
    ? op('object.get_opt', [obj], optional(type), obj.span, imm)
    : op('object.get', [obj], type, obj.span, imm)
}

/** Ends the run: a value that is never a string is asked to be one. */
function trap(e: HExpr): Stmt[] {
  const either: Type = optional({ kind: 'string' })
  const nothing = op('dyn.box', [undef(e.span)], either, e.span, [either])
  return [
    { kind: 'expr', expr: op('dyn.unbox', [nothing], { kind: 'string' }, e.span, [{ kind: 'string' }]), span: e.span },
  ]
}

function refuseDictionary(c: FunctionContext, e: HExpr): Expr {
  const hint = 'Name the property, use a switch over the possible names, or keep the values in an array of pairs.'
  c.report('ANRF1101', e.span, 'a property whose name is computed', hint, 'dictionary object')
  return { kind: 'const', value: undefined, type: UNDEFINED, span: e.span }
}
