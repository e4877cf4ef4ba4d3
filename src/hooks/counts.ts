/** How often a hook was asked or told since this process began, and what came of it. */
export type HookCounts = {
  asked: number
  allowed: number
  refused: number
  changed: number
  failed: number
  told: number
}

const NONE: HookCounts = { asked: 0, allowed: 0, refused: 0, changed: 0, failed: 0, told: 0 }

/** Counts by the name of a hook. */
export class Counts {
  readonly #counts = new Map<string, HookCounts>()

  add(hook: string, what: keyof HookCounts): void {
    const counts = this.#counts.get(hook) ?? { ...NONE }
    counts[what]++
    this.#counts.set(hook, counts)
  }

  of(hook: string): Readonly<HookCounts> {
    return this.#counts.get(hook) ?? NONE
  }
}
