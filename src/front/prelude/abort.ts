// Signals that something is to be given up (DOM 3), as Node has them.

import { DOMException } from './dom-exception.ts'
import { microtask_queue } from './timers.ts'

type Callback = (this: AbortSignal, event: AbortEvent) => unknown
type Handler = Callback | { handleEvent(event: AbortEvent): unknown }
type Options = boolean | { once?: boolean; capture?: boolean; signal?: AbortSignal } | undefined

/** One of the listeners of a signal, in a list in which those that were removed still know what came after them. */
class AbortListener {
  callback: Handler | null
  readonly once: boolean
  readonly capture: boolean
  isRemoved = false
  previous: AbortListener | undefined = undefined
  next: AbortListener | undefined = undefined

  constructor(callback: Handler | null, once: boolean, capture: boolean) {
    this.callback = callback
    this.once = once
    this.capture = capture
  }

  append(listener: AbortListener): void {
    listener.previous = this
    this.next = listener
  }

  remove(): void {
    const { previous, next } = this
    if (previous) previous.next = next
    if (next) next.previous = previous
    this.isRemoved = true
  }
}

/** What a signal shares with its controller. */
class AbortState {
  aborted = false
  reason: unknown = undefined
  /** What stands before the first listener. */
  readonly root = new AbortListener(null, false, false)
  /** The listener that stands for `onabort`, where that was set for the first time. */
  handler: AbortListener | undefined = undefined
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
    const { handler } = this.#state
    return handler ? handler.callback : null
  }

  set onabort(callback: Callback | null) {
    const given = typeof callback === 'function' ? callback : null
    const { handler, root } = this.#state
    if (handler) {
      handler.callback = given
      return
    }
    const made = new AbortListener(given, false, false)
    this.#state.handler = made
    abort_last(root).append(made)
  }

  addEventListener(type: string, callback: Handler | null | undefined, options: Options): void {
    if (callback === null || callback === undefined) return
    if (typeof callback !== 'function' && typeof callback.handleEvent !== 'function')
      throw new TypeError('The "listener" argument must be an instance of EventListener')
    if (type !== 'abort') return
    const capture = abort_capture(options)
    const more = typeof options === 'object' ? options : undefined
    const until = more ? more.signal : undefined
    if (until) {
      if (until.aborted) return
      const forget = (): void => this.removeEventListener(type, callback, capture)
      until.addEventListener('abort', forget, { once: true })
    }
    if (abort_listener(this.#state, callback, capture)) return
    abort_last(this.#state.root).append(new AbortListener(callback, more ? more.once === true : false, capture))
  }

  removeEventListener(type: string, callback: Handler | null | undefined, options: Options): void {
    if (type !== 'abort' || !callback) return
    const listener = abort_listener(this.#state, callback, abort_capture(options))
    if (listener) listener.remove()
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

function abort_last(root: AbortListener): AbortListener {
  let last = root
  while (last.next) last = last.next
  return last
}

/** The listener that was added with a callback. */
function abort_listener({ root, handler }: AbortState, callback: Handler, capture: boolean): AbortListener | undefined {
  for (let at = root.next; at; at = at.next)
    if (at !== handler && at.callback === callback && at.capture === capture) return at
  return undefined
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

/**
 * Which listener comes next is looked at before one is called, as in Node: one that the last adds is not called, nor what comes behind one that
 * was the last when it was removed. What a listener throws is thrown by nobody who waits.
 */
function abort_tell({ root, signal }: AbortState): void {
  if (!signal) return
  const event = new AbortEvent(signal)
  let at = root.next
  while (at) {
    const { callback, next, isRemoved } = at
    if (!isRemoved && callback) {
      if (at.once) at.remove()
      try {
        if (typeof callback === 'function') callback.call(signal, event)
        else callback.handleEvent(event)
      } catch (error) {
        microtask_queue(() => {
          throw error
        })
      }
    }
    at = next
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
