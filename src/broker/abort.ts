/**
 * Does work under a signal that is aborted with any of `signals`, and after `timeoutMs` with a TimeoutError. Timer and
 * listeners end with the work (AbortSignal.timeout keeps its timer until it runs out, one for each call).
 */
export async function underSignals<T>(
  signals: readonly AbortSignal[],
  timeoutMs: number | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const abort = (): void => controller.abort(signals.find(({ aborted }) => aborted)?.reason)
  for (const signal of signals) signal.addEventListener('abort', abort)
  if (signals.some(({ aborted }) => aborted)) abort()
  const expire = (): void => controller.abort(new DOMException('it took too long', 'TimeoutError'))
  const timer = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs)
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    for (const signal of signals) signal.removeEventListener('abort', abort)
  }
}
