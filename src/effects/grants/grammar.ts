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
}

/** What a grant does not permit. `closeness` says how much of it fits: the closest grant explains a denial best. */
export type Mismatch = { readonly closeness: number; readonly text: string }
