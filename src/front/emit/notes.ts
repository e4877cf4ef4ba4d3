import { optional, UNDEFINED, type Expr, type Type } from '../../ir/index.ts'
import type { Span } from '../../base/index.ts'
import type { HExpr } from '../hir.ts'
import type { ObjNode } from '../flow/slots.ts'
import type { FunctionContext } from './context.ts'
import { isMissing } from './convert.ts'
import { coerce, cond, effect, op, seq, undef } from './make.ts'

/** Properties of arrays and functions are fields of an object that they may carry. */

/** The object that some of the values of an expression carry, where they are arrays or functions. */
export function noteAt(c: FunctionContext, x: HExpr, type: Type): ObjNode | undefined {
  const { arr, fn } = c.inst.slot(x)
  const carrier = type.kind === 'array' ? arr : type.kind === 'func' ? fn : null
  return carrier?.root().note?.root()
}

/** Whether a property of the name may be there. */
export const isNoted = (note: ObjNode | undefined, name: string): note is ObjNode => note?.fields.has(name) === true

/** What `read` makes of the object that a value carries; undefined where it carries none. */
export function getNoted(
  c: FunctionContext,
  carrier: Expr,
  note: ObjNode,
  type: Type,
  read: (object: Expr, id: number) => Expr,
): Expr {
  const object = c.program.types.object(note)
  const id = c.program.types.idOf(note)
  return c.using(noted(carrier, object, id), (found) => {
    const field = read(coerce(found, object), id)
    return cond(isMissing(found, false), coerce(undef(carrier.span), type), coerce(field, type), carrier.span)
  })
}

const noted = (carrier: Expr, object: Type, id: number): Expr =>
  op('ref.noted', [carrier], optional(object), carrier.span, [id])

/** The object that a function carries, which is made where there is none yet. */
export function noteFor(c: FunctionContext, x: HExpr, func: Expr, note: ObjNode): Expr {
  refuseCopies(c, x)
  const object = c.program.types.object(note)
  const id = c.program.types.idOf(note)
  const { span } = func
  const helper = c.program.helper(
    `properties ${id}`,
    [{ name: 'function', type: func.type }],
    object,
    span,
    (inner) => {
      const given: Expr = { kind: 'local', local: 0, type: func.type, span }
      const made = (): Expr => {
        const fresh = inner.keep(op('object.new', [], object, span, [id, []]))
        const carried = effect(op('ref.note', [given, fresh.value], UNDEFINED, span))
        return seq([...fresh.body, carried], fresh.value)
      }
      const value = inner.using(noted(given, object, id), (found) =>
        cond(isMissing(found, false), made(), coerce(found, object), span),
      )
      return [{ kind: 'return', value, span }]
    },
  )
  return { kind: 'call', func: helper, args: [func], type: object, span }
}

/** A generic function is copied for each place that names it, and so would be what it carries. */
export function refuseCopies(c: FunctionContext, x: HExpr): void {
  const instances = c.inst.slot(x).fn?.root().instances ?? []
  if ([...instances].some((inst) => inst.func.generic && inst.at !== null))
    report(c, x.span, 'properties of a generic function that is a value', 'Keep them in an object of their own.')
}

function report(c: FunctionContext, span: Span, what: string, hint: string): void {
  c.report('ANRF1101', span, what, hint, 'properties of functions')
}
