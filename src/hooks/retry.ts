const GROWTH = 3
const PAUSE_MS_MAX = 6 * 60 * 60 * 1000

/**
 * How long to wait after so many failed attempts, in ms: three times as long each time, up to six hours, and by chance up to half of
 * it less, so that those who failed together do not all come back together. Never less than the receiver asks for, as long as that
 * is not more than six hours.
 */
export function retryDelayMs(
  attempts: number,
  firstMs: number,
  askedMs: number = 0,
  random: () => number = Math.random,
): number {
  const pause = Math.min(PAUSE_MS_MAX, firstMs * GROWTH ** (attempts - 1))
  return Math.min(PAUSE_MS_MAX, Math.max(askedMs, Math.round(pause * (1 - random() / 2))))
}
