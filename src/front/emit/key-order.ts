import { BOOL, type Expr, type Stmt } from '../../ir/index.ts'
import { keyOf, keysDue } from '../flow/key-order.ts'
import type { ObjNode } from '../flow/slots.ts'
import type { HExpr } from '../hir.ts'
import type { FunctionContext } from './context.ts'
import { trapHere } from './keys.ts'
import { and, effect, op, or, undef } from './make.ts'

/**
 * A store in a field, of an object that is evaluated already. Instances of a class have their keys in one order, that of the class, up to the last
 * that all of them have; in Node a key comes where it is first set, which may be before, while a constructor runs. There the run ends, unless what
 * comes before the field is there.
 */
export function inKeyOrder(c: FunctionContext, object: Expr, node: ObjNode, name: string, store: Stmt): Stmt[] {
  const before = keysDue(node, name)
  if (before.length === 0) return [store]
  const { span } = object
  const has = (field: string): Expr =>
    op('object.has', [object], BOOL, span, [c.program.types.idOf(node), c.program.types.fieldIndex(node, field)])
  const isNext = or(has(name), before.map(has).reduce(and))
  return [{ kind: 'if', test: isNext, then: [store], else: [effect(trapHere(span, undef(span)))], span }]
}

/** Whether a constructor sets a field of its own class, which comes in order. */
export function isOwnField(c: FunctionContext, e: HExpr & { kind: 'set' }): boolean {
  const { cls, thisVar } = c.inst.func
  if (!cls || cls.construct !== c.inst.func || e.obj.kind !== 'var' || e.obj.v !== thisVar) return false
  return cls.fields.some(({ name }) => name === keyOf(cls, e.name))
}
