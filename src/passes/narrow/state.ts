import { isWithin, join, type Range } from './range.ts'

/**
 * What is known at one place of a function: the range of each numeric local, and which of them is less than the length of
 * which local string (`below`) or no more than it (`lengths`).
 */
export type State = {
  readonly ranges: Range[]
  readonly below: Map<number, number>
  readonly lengths: Map<number, number>
}

export function copyOf({ ranges, below, lengths }: State): State {
  return { ranges: [...ranges], below: new Map(below), lengths: new Map(lengths) }
}

/** What is known where two ways join; undefined is the state of what cannot be reached. Takes both over. */
export function meetStates(a: State | undefined, b: State | undefined): State | undefined {
  if (!a || !b) return a ?? b
  joinInto(a.ranges, b.ranges)
  keepCommon(a.below, b.below)
  keepCommon(a.lengths, b.lengths)
  return a
}

export function joinInto(to: Range[], from: readonly Range[]): void {
  for (const [i, range] of from.entries()) to[i] = join(to[i]!, range)
}

export function areWithin(a: readonly Range[], b: readonly Range[]): boolean {
  return a.every((range, i) => isWithin(range, b[i]!))
}

function keepCommon(to: Map<number, number>, other: ReadonlyMap<number, number>): void {
  for (const [local, string] of to) if (other.get(local) !== string) to.delete(local)
}

/** Forgets what is known of a local beside its range. */
export function forget({ below, lengths }: State, local: number): void {
  for (const facts of [below, lengths]) {
    facts.delete(local)
    for (const [key, string] of facts) if (string === local) facts.delete(key)
  }
}
