/**
 * How the grants of one capability are written and what they permit. `G` is a grant, `A` what a call asks for. What a
 * grant cannot be is told as a text that says what was expected.
 */
export type Grammar<G, A> = {
  /** Examples of grants, for diagnostics. */
  readonly examples: readonly string[]
  parse(scope: string | undefined): G | string
  /** The scope in its one printed form; empty when there is none. */
  format(grant: G): string
  /** Why the grant does not permit it; undefined when it does. */
  mismatch(grant: G, asked: A): Mismatch | undefined
  /** What is asked for, in the words of a grant. */
  describe(asked: A): string
  /** Whether `wide` permits all that `narrow` does. What cannot be told without asking is not. */
  isWithin(narrow: G, wide: G): boolean
  /** What both a grant and what a document declares permit; undefined for nothing, and where it cannot be told in one grant. */
  meet(grant: G, declared: G): G | undefined
}

/** Where one of two permits no more than the other. */
export const meetWithin =
  <G>(isWithin: (narrow: G, wide: G) => boolean) =>
  (grant: G, declared: G): G | undefined =>
    isWithin(grant, declared) ? grant : isWithin(declared, grant) ? declared : undefined

/** The members of both lists, of which one that is absent has all; undefined for none. */
export function meetLists(
  some: readonly string[] | undefined,
  others: readonly string[] | undefined,
): { readonly both: readonly string[] | undefined } | undefined {
  if (!some || !others) return { both: some ?? others }
  const both = some.filter((one) => others.includes(one))
  return both.length > 0 ? { both } : undefined
}

/** What a grant does not permit. `closeness` says how much of it fits: the closest grant explains a denial best. */
export type Mismatch = { readonly closeness: number; readonly text: string }
