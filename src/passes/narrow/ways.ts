import { join, type Range } from './range.ts'
import { copyOf, meetStates, type State } from './state.ts'

type Jump = { readonly kind: 'break' | 'continue'; readonly label: number }

/** A statement that a jump may leave: one with a label, or a `try` whose `finally` is done on the way. */
type Exit = { readonly label: number } | { readonly jumps: Map<string, Jump> }

/** Where control goes besides on to the next statement, and with what knowledge of the locals. */
export class Ways {
  readonly #arrived = new Map<string, State | undefined>()
  readonly #exits: Exit[] = []
  /** States in which code may be entered that handles an error from anywhere in what it guards. */
  readonly #handlers: State[] = []

  enter(label: number): void {
    this.#exits.push({ label })
  }

  leave(): void {
    this.#exits.pop()
  }

  /** Notes a jump with the state it is done in. */
  jump(jump: Jump, state: State): void {
    const key = keyOf(jump)
    for (let i = this.#exits.length - 1; i >= 0; i--) {
      const exit = this.#exits[i]!
      if ('jumps' in exit) return void exit.jumps.set(key, jump)
      if (exit.label === jump.label) break
    }
    this.#arrived.set(key, meetStates(this.#arrived.get(key), copyOf(state)))
  }

  /** The state in which control arrives from the jumps, of which there will be no more. */
  land(jump: Jump): State | undefined {
    const key = keyOf(jump)
    const state = this.#arrived.get(key)
    this.#arrived.delete(key)
    return state
  }

  /** Does `body`, which is guarded; the state in which an error from anywhere in it, or a jump out of it, is handled. */
  guard(before: State, body: () => void): State {
    const handler = { ...copyOf(before), below: new Map(), lengths: new Map() }
    this.#handlers.push(handler)
    body()
    this.#handlers.pop()
    return handler
  }

  /** Notes that a numeric local was set. */
  noteSet(slot: number, range: Range): void {
    for (const { ranges } of this.#handlers) ranges[slot] = join(ranges[slot]!, range)
  }

  /** Does `body`, whose jumps out come by a `finally` first; these jumps. */
  intercept(body: () => void): readonly Jump[] {
    const jumps = new Map<string, Jump>()
    this.#exits.push({ jumps })
    body()
    this.#exits.pop()
    return [...jumps.values()]
  }
}

const keyOf = ({ kind, label }: Jump): string => `${kind} ${label}`
