import type { ServiceConfig } from './settings/config.ts'
import type { RunningService } from './service.ts'

/**
 * Starts a service. The server is loaded here and not before, so that clients, which enter the
 * folder too, start fast. Rejects with an `IsolationError`, a `StoreError`, or a system error such as EADDRINUSE.
 */
export async function startService(config: ServiceConfig): Promise<RunningService> {
  const { openService } = await import('./service.ts')
  return openService(config)
}
