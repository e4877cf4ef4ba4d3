// Signals that something is to be given up (DOM 3), as Node has them.

import { DOMException } from './dom-exception.ts'
import { microtask_queue } from './timers.ts'

type Callback = (this: AbortSignal, event: AbortEvent) => unknown
type Listener = { callback: Callback; once: boolean; live: boolean; isHandler: boolean }
type Options = boolean | { once?: boolean; capture?: boolean } | undefined

/** What a signal shares with its controller. */
class AbortState {
  aborted = false
  reason: unknown = undefined
  listeners: Listener[] = []
  /** Those of the signals that were made of this one. */
  dependents: AbortState[] = []
  signal: AbortSignal | undefined = undefined
}

/** The only event that there is. */
export class AbortEvent {
  readonly #target: AbortSignal

  constructor(target: AbortSignal) {
    this.#target = target
  }

  get type(): string {
    return 'abort'
  }

  get target(): AbortSignal {
    return this.#target
  }
}

export class AbortSignal {
  readonly #state: AbortState

  constructor(state: AbortState) {
    this.#state = state
    state.signal = this
  }

  toString(): string {
    return '[object AbortSignal]'
  }

  get aborted(): boolean {
    return this.#state.aborted
  }

  get reason(): unknown {
    return this.#state.reason
  }

  throwIfAborted(): void {
    if (this.#state.aborted) throw this.#state.reason
  }

  get onabort(): Callback | null {
    const found = this.#state.listeners.find((listener) => listener.isHandler && listener.live)
    return found ? found.callback : null
  }

  set onabort(callback: Callback | null) {
    const found = this.#state.listeners.find((listener) => listener.isHandler && listener.live)
    if (typeof callback !== 'function') {
      if (found) found.live = false
    } else if (found) found.callback = callback
    else this.#state.listeners.push({ callback, once: false, live: true, isHandler: true })
  }

  addEventListener(type: string, callback: Callback | null, options: Options): void {
    if (type !== 'abort' || typeof callback !== 'function') return
    const once = typeof options === 'object' && options.once === true
    const { listeners } = this.#state
    if (listeners.some((other) => other.live && !other.isHandler && other.callback === callback)) return
    listeners.push({ callback, once, live: true, isHandler: false })
  }

  removeEventListener(type: string, callback: Callback | null): void {
    if (type !== 'abort') return
    for (const listener of this.#state.listeners)
      if (!listener.isHandler && listener.callback === callback) listener.live = false
  }

  /** Makes this signal one that is aborted with some others. */
  follow(signals: Iterable<AbortSignal>): void {
    for (const signal of signals) {
      const other = signal.#state
      if (other.aborted && !this.#state.aborted) {
        this.#state.aborted = true
        this.#state.reason = other.reason
      }
      other.dependents.push(this.#state)
    }
  }
}

export class AbortController {
  readonly #state = new AbortState()
  readonly #signal: AbortSignal

  constructor() {
    this.#signal = new AbortSignal(this.#state)
  }

  toString(): string {
    return '[object AbortController]'
  }

  get signal(): AbortSignal {
    return this.#signal
  }

  abort(reason: unknown): void {
    abort_state(this.#state, abort_reason(reason))
  }
}

function abort_reason(reason: unknown): unknown {
  return reason === undefined ? new DOMException('This operation was aborted', 'AbortError') : reason
}

/** All that depend on a signal are aborted before anybody is told (DOM 3.2, signal abort). */
function abort_state(state: AbortState, reason: unknown): void {
  if (state.aborted) return
  const all = [state]
  for (const one of all) {
    if (one.aborted) continue
    one.aborted = true
    one.reason = reason
    for (const dependent of one.dependents) if (!dependent.aborted) all.push(dependent)
  }
  for (const one of all) abort_tell(one)
}

/** A listener that is added meanwhile is called, unless the last one adds it, as in Node. What a listener throws is thrown by nobody who waits. */
function abort_tell(state: AbortState): void {
  const { listeners, signal } = state
  if (!signal) return
  const event = new AbortEvent(signal)
  let isLast = listeners.length === 0
  for (let at = 0; !isLast; at++) {
    const listener = listeners[at]
    isLast = at === listeners.length - 1
    if (!listener || !listener.live) continue
    if (listener.once) listener.live = false
    const { callback } = listener
    try {
      callback.call(signal, event)
    } catch (error) {
      microtask_queue(() => {
        throw error
      })
    }
  }
}

export function abort_controller(): AbortController {
  return new AbortController()
}

export function abort_signal(reason: unknown): AbortSignal {
  const state = new AbortState()
  state.aborted = true
  state.reason = abort_reason(reason)
  return new AbortSignal(state)
}

export function abort_signal_any(signals: Iterable<AbortSignal>): AbortSignal {
  const made = new AbortSignal(new AbortState())
  made.follow(signals)
  return made
}
