import type { Encoded } from '../../../src/base/index.ts'
import type { NodeOutcome } from '../../golden/oracle.ts'
import { withoutTimes } from '../../front/fuzz/drills.ts'
import type { Observation } from '../observation.ts'

/** What Node can be compared in: values, exceptions, what is printed, and arguments afterwards. */
export type Comparable = Pick<Observation, 'end' | 'value' | 'name' | 'message' | 'args' | 'lines'>

/**
 * What Node said as an observation, next to that of an engine. Where Node and ANRF end in different ways by design (a missing
 * element where the type has no undefined, the end of the stack, a limit) there is nothing to compare.
 */
export function compareWithNode(
  seen: Observation,
  node: NodeOutcome,
): 'equal' | 'by design' | { readonly node: Comparable; readonly anrf: Comparable } {
  const lines = withoutTimes((node.logs ?? []).join('\n'))
  // A trap is said to be one: a missing element that has no place, a field that was not set, a function that became text.
  if (seen.end === 'limited' || seen.end === 'trapped') return 'by design'
  const anrf: Comparable = { ...known(seen), lines: withoutTimes(seen.lines ?? '') }
  const says: Comparable = node.throw
    ? { end: 'threw', value: '', name: node.throw.name, message: node.throw.message, lines }
    : { end: 'returned', value: text(node.ok), args: text(node.args), lines }
  return JSON.stringify(anrf) === JSON.stringify(says) ? 'equal' : { node: says, anrf }
}

const text = (value: Encoded | undefined): string => JSON.stringify(value ?? null)

/** Members in the order in which Node's are written above. */
function known({ end, value, name, message, args }: Observation): Omit<Comparable, 'lines'> {
  if (end === 'threw') return { end, value: '', name, message }
  return end === 'returned' ? { end, value, args } : { end, value }
}
