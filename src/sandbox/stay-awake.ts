/** A small run is over by then; for a longer one it makes no difference how fast its end is noticed. */
const AWAKE_MS = 0.2

/**
 * Lets the event loop look for what comes instead of sleeping, while `isNeeded` says so and for at most 0.2 ms: until the kernel has woken a
 * process that sleeps, a small run could have been done twice. It costs processor time, so it is for when nothing else is to be done.
 */
export function stayAwake(isNeeded: () => boolean): void {
  const untilMs = performance.now() + AWAKE_MS
  const look = (): void => {
    if (isNeeded() && performance.now() < untilMs) setImmediate(look)
  }
  setImmediate(look)
}
