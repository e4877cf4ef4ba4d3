import { BOOL, UNDEFINED, type Expr, type Stmt } from '../../ir/index.ts'
import { Slot, type ObjNode } from '../flow/slots.ts'
import { BOOL as BOOL_KIND } from '../kinds.ts'
import type { HExpr } from '../hir.ts'
import { isPrivateName, objectText, privateName, shownName } from '../member-names.ts'
import type { FunctionContext } from './context.ts'
import { fail } from './convert.ts'
import { trapHere } from './keys.ts'
import { bool, cond, effect, op, undef } from './make.ts'

/**
 * Objects that may be frozen (ECMA-262 7.3.15) and whose fields are set, or of which the program asks whether they are, carry that with them: a
 * hidden field that is there once they are. Each store asks for it. Other objects that are frozen carry nothing, since nothing can tell.
 */
const FROZEN = privateName('#frozen', -1)

/** Whether stores in a field of such objects have to ask. */
const isGuarded = (node: ObjNode): boolean =>
  node.frozen !== 'never' && (node.assigned || (node.cls !== null && node.frozen === 'any'))

/** Whether objects carry that they are frozen. */
export const carriesFrozen = (c: FunctionContext, node: ObjNode): boolean =>
  isGuarded(node) || (c.program.analysis.asksFrozen && node.frozen !== 'never')

function places(c: FunctionContext, node: ObjNode): [id: number, field: number] {
  if (!node.fields.has(FROZEN)) {
    const slot = new Slot()
    slot.kinds = BOOL_KIND
    node.fields.set(FROZEN, { slot, read: slot, optional: true })
  }
  return [c.program.types.idOf(node), c.program.types.fieldIndex(node, FROZEN)]
}

/** Freezes an object that carries it. */
export const setFrozen = (c: FunctionContext, object: Expr, node: ObjNode): Expr =>
  op('object.set', [object, bool(true, object.span)], UNDEFINED, object.span, places(c, node))

/** Whether an object that carries it is frozen. */
export const isFrozen = (c: FunctionContext, object: Expr, node: ObjNode): Expr =>
  op('object.has', [object], BOOL, object.span, places(c, node))

/**
 * What throws before a store in a field of an object that is frozen (10.1.9.2); the object is evaluated already. Where its own constructor does it,
 * after other code has frozen it, the run ends: fields that are defined there fail otherwise.
 */
export function unlessFrozen(c: FunctionContext, object: Expr, node: ObjNode, e: HExpr & { kind: 'set' }): Stmt[] {
  if (!isGuarded(node) || isPrivateName(e.name)) return []
  const { span } = object
  const then = isConstructed(c, e.obj) ? trapHere(span, undef(span)) : failing(c, object, node, e.name)
  return [{ kind: 'if', test: isFrozen(c, object, node), then: [effect(then)], else: [], span }]
}

function failing(c: FunctionContext, object: Expr, node: ObjNode, name: string): Expr {
  const { span } = object
  const key = shownName(name)
  const changes = fail(c, `Cannot assign to read only property '${key}' of object '${objectText(node)}'`, undef(span))
  if (!node.fields.get(name)?.optional) return changes
  const imm = [c.program.types.idOf(node), c.program.types.fieldIndex(node, name)]
  const gains = fail(c, `Cannot add property ${key}, object is not extensible`, undef(span))
  return cond(op('object.has', [object], BOOL, span, imm), changes, gains, span)
}

/** Whether an expression is the instance that the constructor at work makes. */
export function isConstructed(c: FunctionContext, x: HExpr): boolean {
  const { cls, thisVar } = c.inst.func
  const inner = x.kind === 'narrow' ? x.x : x
  return cls !== null && cls.construct === c.inst.func && inner.kind === 'var' && inner.v === thisVar
}
