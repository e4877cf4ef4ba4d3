// Signals that something is to be given up (DOM 3), as Node has them.

import { DOMException } from './dom-exception.ts'
import { microtask_queue } from './timers.ts'

type Callback = (this: AbortSignal, event: AbortEvent) => unknown
type Handler = Callback | { handleEvent(event: AbortEvent): unknown }
type Listener = { callback: Handler; once: boolean; capture: boolean; live: boolean; isHandler: boolean }
type Options = boolean | { once?: boolean; capture?: boolean; signal?: AbortSignal } | undefined

/** What a signal shares with its controller. */
class AbortState {
  aborted = false
  reason: unknown = undefined
  listeners: Listener[] = []
  /** Those of the signals that were made of this one, directly or through others. */
  dependents: AbortState[] = []
  /** Of a signal that was made of others, those of them that were made of none. */
  sources: AbortState[] = []
  isComposite = false
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

  get onabort(): Handler | null {
    const found = this.#state.listeners.find((listener) => listener.isHandler && listener.live)
    return found ? found.callback : null
  }

  set onabort(callback: Callback | null) {
    const found = this.#state.listeners.find((listener) => listener.isHandler && listener.live)
    if (typeof callback !== 'function') {
      if (found) found.live = false
    } else if (found) found.callback = callback
    else this.#state.listeners.push({ callback, once: false, capture: false, live: true, isHandler: true })
  }

  addEventListener(type: string, callback: Handler | null | undefined, options: Options): void {
    if (callback === null || callback === undefined) return
    if (typeof callback !== 'function' && typeof callback.handleEvent !== 'function')
      throw new TypeError('The "listener" argument must be an instance of EventListener')
    if (type !== 'abort') return
    const capture = abort_capture(options)
    const { listeners } = this.#state
    for (const other of listeners)
      if (other.live && !other.isHandler && other.callback === callback && other.capture === capture) return
    const more = typeof options === 'object' ? options : undefined
    const until = more ? more.signal : undefined
    if (until && until.aborted) return
    const made = { callback, once: more ? more.once === true : false, capture, live: true, isHandler: false }
    if (until) {
      const forget = (): void => {
        made.live = false
      }
      until.addEventListener('abort', forget, { once: true })
    }
    listeners.push(made)
  }

  removeEventListener(type: string, callback: Handler | null | undefined, options: Options): void {
    if (type !== 'abort') return
    const capture = abort_capture(options)
    const state = this.#state
    for (const listener of state.listeners)
      if (!listener.isHandler && listener.callback === callback && listener.capture === capture) listener.live = false
    // While listeners are told, which happens once, their list stays.
    if (!state.aborted) state.listeners = state.listeners.filter((listener) => listener.live)
  }

  /** Makes this signal one that is aborted with some others (DOM 3.2, create a dependent abort signal). */
  follow_signals(signals: Iterable<AbortSignal>): void {
    const mine = this.#state
    mine.isComposite = true
    for (const signal of signals) {
      const other = signal.#state
      if (other.aborted) {
        mine.aborted = true
        mine.reason = other.reason
        return
      }
      if (!other.isComposite) abort_link(mine, other)
      else for (const source of other.sources) abort_link(mine, source)
    }
  }
}

function abort_capture(options: Options): boolean {
  return typeof options === 'object' ? options.capture === true : options === true
}

function abort_link(composite: AbortState, source: AbortState): void {
  if (composite.sources.includes(source)) return
  composite.sources.push(source)
  source.dependents.push(composite)
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
  for (const dependent of state.dependents) if (!dependent.aborted) all.push(dependent)
  for (const one of all) {
    one.aborted = true
    one.reason = reason
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
      if (typeof callback === 'function') callback.call(signal, event)
      else callback.handleEvent(event)
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
  made.follow_signals(signals)
  return made
}
