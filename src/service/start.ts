import type { ServiceConfig } from './config.ts'
import type { RunningService } from './service.ts'

/**
 * Starts a service. The server is loaded here and not before, so that clients, which enter the
 * folder too, start fast. Rejects with a `StoreError`, or a system error such as EADDRINUSE.
 */
export async function startService(config: ServiceConfig): Promise<RunningService> {
  const { openService } = await import('./service.ts')
  return openService(config)
}

/** Resolves when the process is told to stop by SIGTERM or SIGINT, after the service was closed gracefully; a second signal ends at once. */
export function closeOnSignal(service: RunningService): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const stop = (): void => {
    for (const signal of SIGNALS) process.off(signal, stop)
    service.close().then(resolve, reject)
  }
  for (const signal of SIGNALS) process.on(signal, stop)
  return promise
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const
