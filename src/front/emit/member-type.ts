import { STRING, type Expr } from '../../ir/index.ts'
import type { ObjNode } from '../flow/slots.ts'
import type { HExpr } from '../hir.ts'
import { brandedMethod } from '../library/generator-methods.ts'
import { cannotRead } from '../member-names.ts'
import { INHERITED, isFunctionOf } from '../prototypes.ts'
import { emitGet, emitReceiver, getMember } from './access.ts'
import { isConstructorOf } from './class-name.ts'
import type { FunctionContext } from './context.ts'
import { required, typeofValue } from './convert.ts'
import { prototypeOf } from './inherited.ts'
import { str, then } from './make.ts'
import { withMember } from './private-members.ts'

/** `typeof object.name`: of a method, which is no value here, it is known (ECMA-262 13.5.3). */
export function typeofMember(c: FunctionContext, e: HExpr & { kind: 'get' }): Expr {
  if (e.name === 'name' && isConstructorOf(e.obj)) return typeofValue(c, emitGet(c, e))
  const obj = required(c, emitReceiver(c, e.obj), cannotRead(e.name))
  return c.dispatch(obj, STRING, (one) =>
    isMethod(c, one, e.name)
      ? then(withMember(c, one, e.name), str('function', e.span))
      : typeofValue(c, getMember(c, one, e)),
  )
}

function isMethod(c: FunctionContext, { type }: Expr, name: string): boolean {
  if (type.kind !== 'object') return isFunctionOf(INHERITED[type.kind], name)
  const node = c.program.types.nodeOf(type.id)
  return node !== undefined && (node.cls?.methods.has(name) || isOfLibrary(node, name))
}

function isOfLibrary(node: ObjNode, name: string): boolean {
  // A field that is only asked for is no field.
  if (node.fields.get(name)?.slot.root().kinds) return false
  return (
    brandedMethod(node, name) !== undefined || [prototypeOf(node), Object.prototype].some((p) => isFunctionOf(p, name))
  )
}
