/** How often and how long a client tries again. */
export type RetryOptions = {
  /** Further attempts after the first; 2. Only calls that may safely be made twice are tried again. */
  readonly retries?: number
  /** The pause before the second attempt, in ms, which doubles each time; 200. */
  readonly pauseMs?: number
  /** The longest pause, in ms; who is told by `Retry-After` to wait for longer gives up instead; 30 000. */
  readonly pauseMsMax?: number
}

/** Answers that may be another one soon: RFC 9110 sections 15.6.4 and 15.6.5, RFC 6585 section 4. */
const RETRIED: ReadonlySet<number> = new Set([429, 503, 504])

/** Whether an answer of this status may be another one soon; 0 is no answer. */
export const isPassing = (status: number): boolean => status === 0 || RETRIED.has(status)

/** What a field `Retry-After` asks for, in ms from now: seconds or a date (RFC 9110 section 10.2.3); undefined without one. */
export function parseRetryAfter(text: string | null | undefined, now: number = Date.now()): number | undefined {
  if (text === null || text === undefined) return undefined
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

/**
 * The pause before attempt `attempt` (the second one is 1), in ms; `undefined` to give up. Spread by chance, so that clients which
 * were turned away together do not come back together; never shorter than the service asks.
 */
export function pauseBefore(attempt: number, askedMs: number | undefined, options: RetryOptions): number | undefined {
  const { retries = 2, pauseMs = 200, pauseMsMax = 30_000 } = options
  if (attempt > retries || (askedMs ?? 0) > pauseMsMax) return undefined
  const grown = Math.min(pauseMsMax, pauseMs * 2 ** (attempt - 1))
  return Math.max(askedMs ?? 0, grown * (0.5 + Math.random() / 2))
}

/** Resolves after `ms`, or rejects with the reason of the signal. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = (): void => {
      clearTimeout(timer)
      reject(signal!.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', give)
      resolve()
    }, ms)
    if (signal?.aborted) give()
    else signal?.addEventListener('abort', give, { once: true })
  })
}
