import { childrenOf, localsOf, type Expr, type Func, type Node, type Stmt } from '../../ir/index.ts'
import { findComponents } from '../components.ts'
import { I32_MAX } from './range.ts'

/** The value of a local with a constant added. */
export type Term = { readonly local: number; readonly add: number }

/** How far values may go up and down. */
type Drift = { readonly up: number; readonly down: number }

/** Drifts by group of locals. */
type Drifts = Map<number, Drift>

/** The term that an f64 expression is, if it is one; what stands before it in a sequence is left aside. */
export function termOf(e: Expr): Term | undefined {
  if (e.kind === 'seq') return termOf(e.value)
  if (e.kind === 'local') return { local: e.local, add: 0 }
  if (e.kind !== 'op' || (e.op !== 'f64.add' && e.op !== 'f64.sub')) return undefined
  const [a, b] = e.args as readonly [Expr, Expr]
  if (a.kind === 'local' && isStep(b)) return { local: a.local, add: e.op === 'f64.add' ? b.value : -b.value }
  return b.kind === 'local' && isStep(a) && e.op === 'f64.add' ? { local: b.local, add: a.value } : undefined
}

function isStep(e: Expr): e is Extract<Expr, { kind: 'const' }> & { readonly value: number } {
  return e.kind === 'const' && Number.isInteger(e.value) && Math.abs(e.value as number) <= I32_MAX
}

/**
 * Locals that are counted, by the fuel that counting costs. Groups are locals that are set to each other with constants
 * added. A value of such a local is some value that came into the group, and then what was added by a sequence of `set`
 * statements in the order of time. Of those that lead out of a cycle of the group each is passed once at most; how often
 * the others are done is bounded by the rounds of loops, each of which costs 1 fuel, so that there are `fuelMax` of them
 * at most in all loops together.
 *
 * spec: fuel#fuel
 */
export class Counters {
  readonly #steps = new Map<Stmt, Term>()
  readonly #groups = new Map<number, number>()
  /** What adds up in one call outside of rounds, and in one round of the loop where that is most. */
  readonly #once: Drifts = new Map()
  readonly #round: Drifts = new Map()
  /** Within a cycle: counts each time. */
  readonly #cyclic = new Set<Stmt>()

  constructor(func: Func, sets: readonly Extract<Stmt, { kind: 'set' }>[]) {
    const locals = localsOf(func)
    for (const set of sets) {
      const term = locals[set.local]!.type.kind === 'f64' ? termOf(set.value) : undefined
      if (term) this.#steps.set(set, term)
    }
    if (this.#steps.size === 0) return
    this.#group(locals.length)
    add(this.#once, this.#tally(func.body))
  }

  /** The group of a local; none when no other value than what is computed elsewhere comes to it. */
  groupOf(local: number): number | undefined {
    return this.#groups.get(local)
  }

  /** Whether a `set` brings no value into a group from outside. */
  isStep(set: Stmt): boolean {
    return this.#steps.has(set)
  }

  /** How far the values of a group may get from those that come into it. */
  driftOf(group: number, fuelMax: number): Drift {
    const once = this.#once.get(group)
    const round = this.#round.get(group)
    const most = (way: keyof Drift): number => (once?.[way] ?? 0) + (round && round[way] > 0 ? round[way] * fuelMax : 0)
    return { up: most('up'), down: most('down') }
  }

  #group(count: number): void {
    const next: Set<number>[] = Array.from({ length: count }, () => new Set())
    const around: Set<number>[] = Array.from({ length: count }, () => new Set())
    for (const [set, term] of this.#steps) {
      const to = (set as Extract<Stmt, { kind: 'set' }>).local
      next[term.local]!.add(to)
      around[term.local]!.add(to)
      around[to]!.add(term.local)
    }
    const cycleOf = new Map<number, number>()
    for (const [i, cycle] of findComponents(next).entries()) for (const local of cycle) cycleOf.set(local, i)
    for (const [i, group] of findComponents(around).entries())
      if (group.length > 1 || around[group[0]!]!.size > 0) for (const local of group) this.#groups.set(local, i)
    for (const [set, term] of this.#steps) {
      const { local } = set as Extract<Stmt, { kind: 'set' }>
      if (cycleOf.get(local) === cycleOf.get(term.local)) this.#cyclic.add(set)
      else add(this.#once, new Map([[this.#groups.get(local)!, driftBy(term.add)]]))
    }
  }

  /** What adds up when all of these are done once, without going round. */
  #tally(nodes: readonly Node[]): Drifts {
    let sum: Drifts = new Map()
    for (const node of nodes) {
      const drifts = this.#tallyOf(node)
      sum = sum.size < drifts.size ? add(drifts, sum) : add(sum, drifts)
    }
    return sum
  }

  #tallyOf(node: Node): Drifts {
    switch (node.kind) {
      case 'set': {
        const drifts = this.#tally([node.value])
        const by = this.#cyclic.has(node) ? this.#steps.get(node)!.add : 0
        return by === 0 ? drifts : add(drifts, new Map([[this.#groups.get(node.local)!, driftBy(by)]]))
      }
      case 'if':
        return add(most(this.#tally(node.then), this.#tally(node.else)), this.#tally([node.test]))
      case 'cond':
        return add(most(this.#tally([node.then]), this.#tally([node.else])), this.#tally([node.test]))
      case 'loop': {
        // The update comes after the fuel for the round, so it is no part of what is done without.
        const first = add(this.#tally(node.body), this.#tally(node.test ? [node.test] : []))
        const update = this.#tally(node.update)
        for (const [group, drift] of first)
          most(this.#round, new Map([[group, sumOf(drift, update.get(group) ?? driftBy(0))]]))
        for (const [group, drift] of update) if (!first.has(group)) most(this.#round, new Map([[group, drift]]))
        return first
      }
      case 'switch': {
        const tests = node.cases.flatMap(({ test }) => (test ? [test] : []))
        return add(this.#tallyOfCases(node.cases), this.#tally([node.subject, ...tests]))
      }
      default:
        return this.#tally(childrenOf(node))
    }
  }

  /** Of cases that fall through into each other all may be done; others exclude each other. */
  #tallyOfCases(cases: readonly { readonly body: readonly Stmt[] }[]): Drifts {
    const all: Drifts = new Map()
    let run: Drifts = new Map()
    for (const { body } of cases) {
      run = add(run, this.#tally(body))
      if (!JUMPS.has(body.at(-1)?.kind ?? 'expr')) continue
      most(all, run)
      run = new Map()
    }
    return most(all, run)
  }
}

/** Statements that never go on to the next one. */
const JUMPS: ReadonlySet<Stmt['kind']> = new Set(['break', 'continue', 'return', 'throw'])

const driftBy = (by: number): Drift => ({ up: Math.max(by, 0), down: Math.max(-by, 0) })
const sumOf = (a: Drift, b: Drift): Drift => ({ up: a.up + b.up, down: a.down + b.down })

/** Adds the second to the first, which it gives back. */
function add(to: Drifts, more: Drifts): Drifts {
  for (const [group, drift] of more) {
    const old = to.get(group)
    to.set(group, old ? sumOf(old, drift) : drift)
  }
  return to
}

/** Raises the first to the second where that is more, and gives it back. */
function most(to: Drifts, other: Drifts): Drifts {
  for (const [group, { up, down }] of other) {
    const old = to.get(group)
    to.set(group, old ? { up: Math.max(old.up, up), down: Math.max(old.down, down) } : { up, down })
  }
  return to
}
