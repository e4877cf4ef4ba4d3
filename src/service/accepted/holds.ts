import type { Priority } from '../../journal/index.ts'

/** Jobs of one principal and priority, which are begun in the order in which they came. */
export type Line = { readonly principal: string; readonly priority: Priority }

type Hold = {
  readonly principal: string
  timer: NodeJS.Timeout
  /** One job may pass, though the line is held. */
  mayPass: boolean
}

/**
 * Lines whose first job cannot be done now. Only one of their jobs is tried when something of their principal has ended, or after
 * a while: a long line costs no more than a short one.
 */
export class Holds {
  readonly #held = new Map<string, Hold>()
  readonly #wake: () => void

  /** `wake` is told when a line is no longer held. */
  constructor(wake: () => void) {
    this.#wake = wake
  }

  isHeld(line: Line): boolean {
    const hold = this.#held.get(keyOf(line))
    return hold !== undefined && !hold.mayPass
  }

  /** The first job of the line cannot be done now. */
  hold(line: Line, waitMs: number): void {
    const key = keyOf(line)
    const mayPass = this.#held.get(key)?.mayPass ?? false
    clearTimeout(this.#held.get(key)?.timer)
    const timer = setTimeout(() => this.#release(key), waitMs)
    this.#held.set(key, { principal: line.principal, timer, mayPass })
  }

  /** A job of the line is begun. */
  pass(line: Line): void {
    const hold = this.#held.get(keyOf(line))
    if (hold) hold.mayPass = false
  }

  /** Something of the principal has ended, so that one more may be begun in each of its lines. */
  letOnePass(principal: string): void {
    for (const hold of this.#held.values()) if (hold.principal === principal) hold.mayPass = true
  }

  close(): void {
    for (const { timer } of this.#held.values()) clearTimeout(timer)
    this.#held.clear()
  }

  #release(key: string): void {
    this.#held.delete(key)
    this.#wake()
  }
}

const keyOf = ({ principal, priority }: Line): string => JSON.stringify([priority, principal])
