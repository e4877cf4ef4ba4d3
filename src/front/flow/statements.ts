import { completes } from '../completes.ts'
import { isTypedArray } from './bytes.ts'
import { ARR, MAP, NUM, OBJ, SET, STR, UNDEF } from '../kinds.ts'
import type { HExpr, HStmt } from '../hir.ts'
import type { Analysis } from './analysis.ts'
import { pairOf, visit } from './expressions.ts'
import type { Instance } from './instance.ts'
import { ArrNode, Slot } from './slots.ts'

/** Makes the constraints of an instance's body. */
export function visitBody(a: Analysis, inst: Instance): void {
  const body = inst.func.body()
  visitStatements(a, inst, body)
  inst.visited = inst.exprs.size
  if (completes(body)) a.solver.addKinds(inst.fn.root().result, UNDEF)
}

export function visitStatements(a: Analysis, inst: Instance, body: readonly HStmt[]): void {
  for (const s of body) visitStatement(a, inst, s)
}

function visitStatement(a: Analysis, inst: Instance, s: HStmt): void {
  switch (s.kind) {
    case 'let':
      return visitLet(a, inst, s)
    case 'expr':
      return void visit(a, inst, s.expr)
    case 'if':
      visit(a, inst, s.test)
      visitStatements(a, inst, s.then)
      return visitStatements(a, inst, s.else)
    case 'loop':
      if (s.test) visit(a, inst, s.test)
      visitStatements(a, inst, s.body)
      return visitStatements(a, inst, s.update)
    case 'forOf':
      visitIterable(a, inst, s, a.varSlot(inst, s.v))
      return visitStatements(a, inst, s.body)
    case 'block':
      return visitStatements(a, inst, s.body)
    case 'switch':
      visit(a, inst, s.subject)
      for (const c of s.cases) {
        if (c.test) visit(a, inst, c.test)
        visitStatements(a, inst, c.body)
      }
      return
    case 'return':
      if (s.value) a.solver.edge(visit(a, inst, s.value), inst.fn.root().result)
      else a.solver.addKinds(inst.fn.root().result, UNDEF)
      return
    case 'throw':
      return a.solver.edge(visit(a, inst, s.value), a.thrown)
    case 'try': {
      const from = inst.exprs.size
      visitStatements(a, inst, s.body)
      inst.tries.push({ from, to: inst.exprs.size })
      if (s.handler?.param) a.solver.edge(a.thrown, a.varSlot(inst, s.handler.param))
      visitStatements(a, inst, s.handler?.body ?? [])
      return visitStatements(a, inst, s.finalizer ?? [])
    }
    case 'hoist':
    case 'frame':
    case 'renew':
    case 'break':
    case 'continue':
      return
  }
}

function visitLet(a: Analysis, inst: Instance, s: HStmt & { kind: 'let' }): void {
  if (s.v.func) return
  if (s.init) a.solver.edge(visit(a, inst, s.init), a.varSlot(inst, s.v))
  else a.solver.addKinds(a.varSlot(inst, s.v), UNDEF)
}

/** Whether a value may be iterable in several ways. */
export function isMixed(slot: Slot): boolean {
  const { kinds } = slot.root()
  return [ARR, STR, MAP, SET].filter((kind) => kinds & kind).length > 1
}

type Iterated = { readonly name: 'entries' | 'keys' | 'values'; readonly obj: HExpr }

/** The methods of arrays that for-of walks without making an iterator. */
export function iteratedMethod(inst: Instance, iterable: HExpr): Iterated | null {
  const method = namedMethod(iterable)
  // Asked for the first time its receiver is not known; once objects reach it, it is any method of theirs.
  return method && (inst.exprs.get(method.obj)?.root().kinds ?? 0) & OBJ ? null : method
}

function namedMethod(iterable: HExpr): Iterated | null {
  if (iterable.kind === 'narrow') return namedMethod(iterable.x)
  if (iterable.kind !== 'method' || iterable.args.length > 0) return null
  const { name, obj } = iterable
  return name === 'entries' || name === 'keys' || name === 'values' ? { name, obj } : null
}

function visitIterable(a: Analysis, inst: Instance, s: HStmt & { kind: 'forOf' }, to: Slot): void {
  const { iterable } = s
  const method = namedMethod(iterable)
  const source = visit(a, inst, method ? method.obj : iterable)
  a.solver.watch(source, () => {
    const { arr, kinds, map, set, objs } = source.root()
    const typed = objs.filter((obj) => isTypedArray(obj.root()))
    if (typed.length > 0 && !method) a.solver.addKinds(to, NUM)
    // A loop over typed arrays of one class is an index loop.
    const walks = kinds & OBJ && (method || kinds & ~OBJ || objs.length > 1 || typed.length === 0)
    if (walks || isMixed(source)) inst.once(iterable, 'walk', () => visitStatements(a, inst, s.walk.closing))
    if (kinds & STR) a.solver.addKinds(to, STR)
    if (map) visitTable(a, inst, iterable, map.root(), method?.name ?? 'entries', to)
    if (set) visitTable(a, inst, iterable, { key: set.root().key, value: set.root().key }, method?.name ?? 'values', to)
    if (!arr) return
    a.solver.collapse(arr)
    const { elem } = arr.root()
    if (method?.name === 'entries')
      a.solver.addArr(
        to,
        inst.once(iterable, 'pair', () => indexedPair(a, elem)),
      )
    else if (method?.name === 'keys') a.solver.addKinds(to, NUM)
    else a.solver.edge(elem, to)
  })
}

/** A round over a table; a set has its keys as values too. */
function visitTable(
  a: Analysis,
  inst: Instance,
  at: HExpr,
  { key, value }: { readonly key: Slot; readonly value: Slot },
  part: 'keys' | 'values' | 'entries',
  to: Slot,
): void {
  if (part === 'keys') return a.solver.edge(key, to)
  if (part === 'values') return a.solver.edge(value, to)
  a.solver.addArr(
    to,
    inst.once(at, 'table pair', () => pairOf(a, key, value)),
  )
}

/** What `entries()` of an array gives in each round: the index and the element. */
function indexedPair(a: Analysis, elem: Slot): ArrNode {
  const pair = new ArrNode()
  const [key, value] = [new Slot(), new Slot()]
  pair.tuple = [key, value]
  a.solver.addKinds(key, NUM)
  a.solver.edge(elem, value)
  return pair
}
