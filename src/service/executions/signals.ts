/** Lets those who wait for something of an execution know that it may have come. Nothing is kept: they look for themselves. */
export class Signals {
  readonly #waiting = new Map<string, Set<() => void>>()
  #isClosed = false

  /** Something of this key has changed. */
  wake(key: string): void {
    for (const go of this.#waiting.get(key) ?? []) go()
  }

  /** Nobody waits any more. */
  close(): void {
    this.#isClosed = true
    for (const key of this.#waiting.keys()) this.wake(key)
  }

  /**
   * What `look` finds, asked again whenever the key changes; undefined after `ms`, when `abort` is aborted, and when all this
   * ends. What changes while it looks is not missed.
   */
  async until<T>(
    key: string,
    ms: number,
    look: () => Promise<T | undefined>,
    abort?: AbortSignal,
  ): Promise<T | undefined> {
    for (const end = performance.now() + ms; ;) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const remove = this.#add(key, resolve)
      try {
        const found = await look()
        const leftMs = end - performance.now()
        if (found !== undefined || leftMs <= 0 || abort?.aborted || this.#isClosed) return found
        await wakenedOr(promise, resolve, leftMs, abort)
      } finally {
        remove()
      }
    }
  }

  #add(key: string, go: () => void): () => void {
    const waiting = this.#waiting.get(key) ?? new Set()
    this.#waiting.set(key, waiting.add(go))
    return () => {
      waiting.delete(go)
      if (waiting.size === 0 && this.#waiting.get(key) === waiting) this.#waiting.delete(key)
    }
  }
}

async function wakenedOr(woken: Promise<void>, wake: () => void, ms: number, abort?: AbortSignal): Promise<void> {
  const timer = setTimeout(wake, ms)
  abort?.addEventListener('abort', wake, { once: true })
  await woken
  clearTimeout(timer)
  abort?.removeEventListener('abort', wake)
}
