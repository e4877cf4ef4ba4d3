import {
  admits,
  elementTypeOf,
  F64,
  isTypedName,
  membersOf,
  optional,
  UNDEFINED,
  type Expr,
  type OpName,
  type Type,
  type TypedName,
} from '../../ir/index.ts'
import type { ObjNode } from '../flow/slots.ts'
import type { HExpr } from '../hir.ts'
import type { FunctionContext } from './context.ts'
import { toNumber } from './convert.ts'
import { coerce, num, op, then, undef } from './make.ts'
import { privateName } from '../member-names.ts'

/** The library's name of the class that objects of a type are of, if they are bytes: a typed array, a DataView or an ArrayBuffer. */
export const bytesName = (c: FunctionContext, type: Type): string | null =>
  type.kind === 'object' ? (c.program.types.classOf(type.id)?.bytes ?? null) : null

/** The constructor of the typed arrays of a type. */
export function typedName(c: FunctionContext, type: Type): TypedName | null {
  const name = bytesName(c, type)
  return name !== null && isTypedName(name) && name !== 'DataView' ? name : null
}

export const typedLength = (x: Expr): Expr => op('typed.length', [x], F64, x.span)

/** An element that is there. */
export const typedElement = (x: Expr, index: Expr, name: TypedName): Expr =>
  op('typed.get', [x, index], F64, x.span, [name])

/** Reads an element; what comes where there is none is decided by the place, as it is for arrays. */
export function readTyped(c: FunctionContext, obj: Expr, rawKey: Expr, e: HExpr & { kind: 'index' }): Expr {
  const name = typedName(c, obj.type)
  const key = numberKey(rawKey)
  if (!name || !key) return refuseKey(c, e, obj)
  if (e.miss === 'number') return op('typed.get_nan', [obj, key], F64, e.span, [name])
  // Where other values may be undefined anyway, so may this one.
  if (e.miss === 'trap' && !admits(c.typeOf(e), UNDEFINED)) return op('typed.get', [obj, key], F64, e.span, [name])
  return op('typed.get_opt', [obj, key], optional(F64), e.span, [name])
}

/** Stores an element; where there is none nothing happens (ECMA-262 10.4.5.16). */
export function storeTyped(c: FunctionContext, obj: Expr, rawKey: Expr, value: Expr, e: HExpr): Expr {
  const name = typedName(c, obj.type)
  const key = numberKey(rawKey)
  if (!name || !key) return refuseKey(c, e, obj)
  return op('typed.set', [obj, key, toNumber(c, value)], UNDEFINED, e.span, [name])
}

/** A key that is a number; one that turns out to be missing names a property that is no element, and ends the run. */
function numberKey(key: Expr): Expr | undefined {
  const isNumber = membersOf(key.type).every(({ kind }) => kind === 'f64' || kind === 'undefined')
  return isNumber && admits(key.type, F64) ? coerce(key, F64) : undefined
}

function refuseKey(c: FunctionContext, e: HExpr, obj: Expr): Expr {
  const hint = 'Read and set the elements of typed arrays by numbers; bytes of buffers by a Uint8Array over them.'
  c.report('ANRF1101', e.span, 'a property of a typed array or buffer whose name is computed', hint, 'typed array')
  return then(obj, undef(e.span))
}

/** A property of a typed array, a DataView or a buffer; undefined where they have none of that name. */
export function readBytes(c: FunctionContext, obj: Expr, node: ObjNode, name: string): Expr | undefined {
  const cls = node.cls?.bytes ?? null
  if (cls === null) return undefined
  if (name !== 'buffer' || cls === 'ArrayBuffer') return measureBytes(obj, cls, name)
  return op('typed.buffer', [obj], c.type(c.program.analysis.solver.field(node, privateName('#buffer')).slot), obj.span)
}

function measureBytes(obj: Expr, cls: string, name: string): Expr | undefined {
  const { span } = obj
  const of = (what: OpName): Expr => op(what, [obj], F64, span)
  if (cls === 'ArrayBuffer') return name === 'byteLength' ? of('buffer.length') : undefined
  const { size } = elementTypeOf(cls)
  switch (name) {
    case 'length':
      return cls === 'DataView' ? undefined : of('typed.length')
    case 'byteLength':
      return size === 1 ? of('typed.length') : op('f64.mul', [of('typed.length'), num(size, span)], F64, span)
    case 'byteOffset':
      return of('typed.offset')
    case 'BYTES_PER_ELEMENT':
      return cls === 'DataView' ? undefined : then(obj, num(size, span))
    default:
      return undefined
  }
}

/** What objects of such a class inherit. */
export const bytesPrototype = (name: string): object =>
  name === 'DataView' ? DataView.prototype : name === 'ArrayBuffer' ? ArrayBuffer.prototype : Uint8Array.prototype
