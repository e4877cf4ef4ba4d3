import { localsOf, nodesOf, opRow, eachNode, type Expr, type Func, type Node, type OpName } from '../../ir/index.ts'
import { I32 } from '../encoder/index.ts'
import { ARRAY_LENGTH } from '../layout/struct-fields.ts'
import { ArrayCode } from '../runtime/arrays.ts'
import type { FuncLowering, OpExpr } from './func.ts'

/**
 * A list that is made in a function and that one local only ever holds changes nowhere else. Its storage and length are kept in locals of their own:
 * a read or write in a loop would load both again each time, since the host takes any call, even one that is hardly ever made, to change them.
 */
export type OwnList = { readonly storage: number; readonly length: number; readonly array: ArrayCode }

/** Operations on one element. */
const OF_ELEMENT: ReadonlySet<OpName> = new Set([
  'array.get',
  'array.get_opt',
  'array.get_nan',
  'array.set',
  'array.has',
])

/** Operations that give back the list that they change. */
const GIVING_BACK: ReadonlySet<OpName> = new Set(['array.fill', 'array.reverse', 'array.copy_within'])

/** Gives each list that is worth it its locals. */
export function placeOwnLists(f: FuncLowering): Map<number, OwnList> {
  const lists = new Map<number, OwnList>()
  for (const local of findOwnLists(f.func)) {
    const type = f.localTypes[local]!
    if (type.kind !== 'array') continue
    const array = new ArrayCode(f.m, f.m.types.element(type.elem))
    lists.set(local, { array, storage: f.c.local(array.dataType), length: f.c.local(I32) })
  }
  return lists
}

/** The own list that an expression is. */
export const ownListOf = (f: FuncLowering, e: Expr): OwnList | undefined =>
  e.kind === 'local' ? f.ownLists.get(e.local) : undefined

/** Pushes the length of a list. */
export function pushListLength(f: FuncLowering, list: Expr): void {
  const own = ownListOf(f, list)
  if (own) {
    f.c.get(own.length)
    return
  }
  f.value(list)
  f.c.gc('struct.get', f.m.types.structOf(list.type), ARRAY_LENGTH)
}

/** Loads storage and length where the local was set, or its list may have changed. */
export function loadOwnList(f: FuncLowering, local: number): void {
  const list = f.ownLists.get(local)
  if (!list) return
  list.array.storage(f.c, f.locals[local]!)
  f.c.set(list.storage)
  list.array.length(f.c, f.locals[local]!)
  f.c.set(list.length)
}

/** The same after an operation; `array.set` does it by itself, where it has to. */
export function loadChanged(f: FuncLowering, { op, args }: OpExpr): void {
  const [list] = args
  if (f.ownLists.size > 0 && list?.kind === 'local' && op !== 'array.set' && opRow(op).effect === 'write')
    loadOwnList(f, list.local)
}

/** Locals that are the only place of a list, elements of which are used in a loop. */
export function findOwnLists(func: Func): ReadonlySet<number> {
  const own = new Set<number>()
  const first = func.params.length + func.captures.length
  for (const [local, { type }] of localsOf(func).entries()) if (local >= first && type.kind === 'array') own.add(local)
  if (own.size === 0) return own
  const nodes = nodesOf(func)
  if (!nodes.some((node) => node.kind === 'loop')) return new Set()
  removeShared(nodes, own)
  return own.size === 0 ? own : usedInLoops(nodes, own)
}

/** Leaves the locals that are set once, to a new list, and mentioned only where nobody takes hold of it. */
function removeShared(nodes: readonly Node[], own: Set<number>): void {
  const isSet = new Set<number>()
  const kept = new Set<Node>()
  const keep = (list: Expr | undefined): void => void (list?.kind === 'local' && kept.add(list))
  for (const node of nodes) {
    if (node.kind === 'set' && own.has(node.local)) {
      if (isSet.has(node.local) || !isNew(node.value)) own.delete(node.local)
      isSet.add(node.local)
    } else if (node.kind === 'op' && node.op.startsWith('array.') && !GIVING_BACK.has(node.op)) keep(node.args[0])
    else if (node.kind === 'expr' && node.expr.kind === 'op' && GIVING_BACK.has(node.expr.op)) keep(node.expr.args[0])
    else if (node.kind === 'return') keep(node.value)
    else if (node.kind === 'local' && !kept.has(node)) own.delete(node.local)
  }
}

/** Whether an expression makes the list that it gives. */
function isNew(e: Expr): boolean {
  if (e.kind !== 'op') return false
  return GIVING_BACK.has(e.op) ? isNew(e.args[0]!) : opRow(e.op).effect === 'alloc'
}

function usedInLoops(nodes: readonly Node[], own: ReadonlySet<number>): ReadonlySet<number> {
  const used = new Set<number>()
  for (const loop of nodes) {
    if (loop.kind !== 'loop') continue
    for (const node of eachNode([loop])) {
      if (node.kind !== 'op' || !OF_ELEMENT.has(node.op)) continue
      const [list] = node.args
      if (list!.kind === 'local' && own.has(list!.local)) used.add(list!.local)
    }
  }
  return used
}
