import { membersOf, type Expr } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { fail, required } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { coerce, op } from '../emit/make.ts'
import { isBuiltInError } from '../flow/built-in-errors.ts'
import { isTypedArray } from '../flow/bytes.ts'
import { Slot, type ArrNode, type ObjNode, type TableNode } from '../flow/slots.ts'
import type { HArg, HExpr } from '../hir.ts'
import { OBJ, STR } from '../kinds.ts'
import { byType, isIterator, nodeOf } from './iterators.ts'
import type { EmitUse, FlowUse } from './row.ts'

/** What the steps of walking over iterables share. */

export type Method = HExpr & { kind: 'method' }
export type Get = HExpr & { kind: 'get' }

const derived = new WeakMap<HExpr, Map<string, HExpr>>()

/** An expression that a step is made of: the same one for the analysis and the emitter. */
export function derive<T extends HExpr>(at: HExpr, key: string, make: () => T): T {
  let made = derived.get(at)
  if (!made) derived.set(at, (made = new Map()))
  if (!made.has(key)) made.set(key, make())
  return made.get(key) as T
}

export const argOf = (args: readonly HArg[], i: number): HExpr => (args[i] as HArg).value

/** `source.name(...args)`. */
export const methodOf = (at: HExpr, args: readonly HArg[], name: string, taken: readonly number[] = []): Method =>
  derive(at, `method ${name} ${taken.join()}`, (): Method => ({
    kind: 'method',
    obj: argOf(args, 0),
    name,
    args: taken.map((i) => args[i] as HArg),
    span: at.span,
  }))

/** A field of what `next` gave, which is an object. */
export const stepField = (at: HExpr, args: readonly HArg[], name: string): Get =>
  derive(at, `field ${name}`, (): Get => {
    const obj: HExpr = { kind: 'narrow', x: argOf(args, 1), kinds: OBJ, reason: 'flow', span: at.span }
    return { kind: 'get', obj, name, span: at.span }
  })

type Kinds = {
  readonly array?: (arr: ArrNode) => void
  readonly string?: () => void
  readonly table?: (node: TableNode, kind: 'map' | 'set') => void
  readonly iterator?: (node: ObjNode, self: Slot) => void
  readonly typed?: (node: ObjNode) => void
  readonly other?: (node: ObjNode) => void
}

/** Makes the constraints of a step for each kind of thing that reaches its first argument. */
export function forEach(use: FlowUse, kinds: Kinds): void {
  const source = use.slots[0] as Slot
  const seen = new Set<ObjNode>()
  use.a.solver.watch(source, () => {
    const { arr, kinds: found, objs, map, set } = source.root()
    if (arr) kinds.array?.(arr)
    if (map) kinds.table?.(map.root(), 'map')
    if (set) kinds.table?.(set.root(), 'set')
    if (found & STR) kinds.string?.()
    for (const obj of [...objs]) {
      const node = obj.root()
      if (seen.has(node)) continue
      seen.add(node)
      if (isIterator(node)) kinds.iterator?.(node, iteratorSlot(use, node))
      else if (isTypedArray(node) && kinds.typed) kinds.typed(node)
      else if (!isBuiltInError(node)) kinds.other?.(node)
    }
  })
}

/** The receiver as an iterator of the library and nothing else. */
function iteratorSlot(use: FlowUse, node: ObjNode): Slot {
  const slot = use.inst.once(use.at, 'iterator', () => new Slot())
  use.a.solver.addObj(slot, node)
  return slot
}

export const constant = (use: FlowUse, key: string, kinds: number): Slot =>
  use.inst.once(use.at, key, () => {
    const slot = new Slot()
    use.a.solver.addKinds(slot, kinds)
    return slot
  })

/** The source, which is emitted once, by what it may be. */
export function walked(use: EmitUse, member: (one: Expr) => Expr): Expr {
  const { c, at, args } = use
  const type = c.typeOf(at)
  const source = emit(c, argOf(args, 0))
  return byType(c, source, type, (one) => coerce(member(one), type))
}

export const isObject = (x: Expr): boolean => x.type.kind === 'object'

export function ofLibrary(c: FunctionContext, x: Expr): boolean {
  const node = nodeOf(c, x.type)
  return node !== undefined && isIterator(node)
}

/** `x`, which must be an object: TypeError with `message`, where % stands for null or undefined. */
export function onlyObjects(c: FunctionContext, x: Expr, at: HExpr, message: string): Expr {
  const members = membersOf(x.type)
  const wrong = members.filter((m) => m.kind !== 'object' && m.kind !== 'undefined' && m.kind !== 'null')
  if (wrong.length > 0) {
    const hint = 'Return an object: `{ value, done }` from `next`, an object with `next` from `[Symbol.iterator]`.'
    c.report('ANRF1101', at.span, 'an iterator whose methods give other values than objects', hint, 'iterator protocol')
    return x
  }
  if (members.some((m) => m.kind === 'object')) return required(c, x, message)
  return members.length === 1 ? fail(c, message.replaceAll('%', members[0]?.kind ?? ''), x) : required(c, x, message)
}

export const NOT_OBJECT = 'Iterator result % is not an object'

/** A field of an iterator of the library. */
export function ownField(c: FunctionContext, self: Expr, name: string): Expr {
  const node = nodeOf(c, self.type) as ObjNode
  const { slot } = c.program.analysis.solver.field(node, name)
  const imm = [c.program.types.idOf(node), c.program.types.fieldIndex(node, name)]
  return op('object.get', [self], c.type(slot), self.span, imm)
}
