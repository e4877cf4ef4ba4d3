import { describePattern, type PatternFacts } from '../../regex/index.ts'
import type { HExpr } from '../hir.ts'
import type { Analysis } from '../flow/analysis.ts'
import { Slot, type ObjNode } from '../flow/slots.ts'

/** How HIR names a literal: its arguments are source and flags. */
export const REGEXP_LITERAL = '@@regexp'

export const isRegExp = (node: ObjNode | undefined): boolean => node?.cls?.isRegExp === true

/** What is known of the regular expressions that reach a place; `groups` and `names` where all are of one mind. */
export type Known = {
  readonly global: boolean | undefined
  readonly groupCount: number | undefined
  readonly certain: boolean
  readonly names: readonly string[] | undefined
}

/** The regular expressions among the values of a slot, in a slot of their own. `changed` is told whenever more is known of them. */
export function onlyRegExps(a: Analysis, from: Slot, changed: (only: Slot) => void): Slot {
  const only = new Slot()
  const seen = new Set<ObjNode>()
  a.solver.watch(from, () => {
    for (const obj of from.root().objs) {
      const node = obj.root()
      if (!isRegExp(node) || seen.has(node)) continue
      seen.add(node)
      a.solver.addObj(only, node)
      a.solver.watchObj(node, () => changed(only))
    }
  })
  return only
}

export function knownOf(slot: Slot): Known {
  const facts = slot.root().objs.flatMap((obj) => [...obj.root().origins].map(factsOf))
  const same = <T>(of: (facts: PatternFacts) => T): T | undefined => {
    const values = new Set(facts.map((one) => one && JSON.stringify(of(one))))
    const [first] = facts
    return values.size === 1 && first ? of(first) : undefined
  }
  return {
    global: same((one) => one.global),
    groupCount: same((one) => one.groupCount),
    certain: facts.every((one) => one?.certain),
    names: same((one) => one.names),
  }
}

const known = new WeakMap<HExpr, PatternFacts | null>()

/** The facts of the pattern that an expression makes, where source and flags are constants. */
function factsOf(origin: HExpr | null): PatternFacts | null {
  if (origin?.kind !== 'builtin') return null
  const before = known.get(origin)
  if (before !== undefined) return before
  const [source, flags] = origin.args.map((arg) => (arg.kind === 'item' ? constantText(arg.value) : undefined))
  const facts =
    source === undefined || (flags === undefined && origin.args.length > 1)
      ? null
      : describePattern(source, flags ?? '')
  known.set(origin, facts)
  return facts
}

function constantText(e: HExpr): string | undefined {
  return e.kind === 'const' && typeof e.value === 'string' ? e.value : undefined
}
