// Timers (HTML 8.6, as Node has them): a call of the clock each, whose answer runs the callback.

type Timer = { '#call': number; '#live': boolean }
type Job = () => void

/** A new timer. */
declare function timer(): Timer
declare function job_queue(): Job[]
/** What is done with the answer to each call of an effect, by its number. */
declare function effect_jobs(): Job[]
/** Begins a call of an effect: its number. */
declare function effect_start(name: string, args: string): number
/** Gives up a call. */
declare function effect_cancel(call: number): void

/** Waits at least a millisecond; what is no delay that Node takes, or beyond its greatest, is one. */
function sleep_call(ms: number): number {
  const delay = ms >= 1 && ms <= 2147483647 ? Math.trunc(ms) : 1
  return effect_start('clock.sleep', '{"ms":' + delay + '}')
}

export function timer_once(callback: () => unknown, ms: number): Timer {
  const made = timer()
  made['#call'] = sleep_call(ms)
  effect_jobs().push(() => {
    made['#live'] = false
    callback()
  })
  return made
}

export function timer_repeated(callback: () => unknown, ms: number): Timer {
  const made = timer()
  timer_next(made, callback, ms)
  return made
}

function timer_next(made: Timer, callback: () => unknown, ms: number): void {
  made['#call'] = sleep_call(ms)
  effect_jobs().push(() => {
    callback()
    // Node waits again only after the callback, and not when that has cleared the timer.
    if (made['#live']) timer_next(made, callback, ms)
  })
}

export function timer_clear(made: Timer | null | undefined): void {
  if (!made || !made['#live']) return
  made['#live'] = false
  effect_cancel(made['#call'])
}

export function microtask_queue(callback: () => unknown): void {
  job_queue().push(() => {
    callback()
  })
}
