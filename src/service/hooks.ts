import { randomUUID } from 'node:crypto'
import { closeHooks, Counts, hookPrincipal, openHooks, type Hook, type ProgramRun } from '../hooks/index.ts'
import { NO_SPAN } from '../telemetry/index.ts'
import type { ServiceConfig } from './config.ts'
import type { Log, Services } from './context.ts'
import type { ExecuteCall } from './flow/flow.ts'
import { executeForHook } from './flow/steps.ts'
import { inTrace } from './observe.ts'

/** The hooks of a running service. */
export type ServiceHooks = {
  /** In the order in which they are asked. */
  readonly list: readonly Hook[]
  readonly counts: Counts
  close(): Promise<void>
}

/** Opens the hooks that the configuration describes. Rejects with a `HooksError`. */
export async function openServiceHooks(
  config: ServiceConfig,
  log: Log,
  servicesOf: () => Services,
): Promise<ServiceHooks> {
  const list = await openHooks(config.hooks.hooks, {
    runProgram: (run, signal) => runTraced(servicesOf(), log, run, signal),
    onLine: (hook, line) => log.info({ hook, line: line.slice(0, LINE_MAX) }, 'a module prints'),
  })
  return { list, counts: new Counts(), close: () => closeHooks(list) }
}

const LINE_MAX = 1000

function runTraced(
  services: Services,
  log: Log,
  run: ProgramRun,
  signal: AbortSignal,
): ReturnType<typeof executeForHook> {
  const owner = { id: hookPrincipal(run.hook), tenant: run.tenant }
  return inTrace(services.telemetry, 'run a hook', owner, (span) =>
    executeForHook({ ...callFor(services, log, run, signal), span }, run.reference),
  )
}

/** A program of a hook runs as any other, for a principal of its own. */
function callFor(
  services: Services,
  log: Log,
  { hook, tenant, entry, inputs, limits }: ProgramRun,
  signal: AbortSignal,
): ExecuteCall {
  return {
    services,
    principal: { id: hookPrincipal(hook), tenant, scopes: ['execute'] },
    params: {},
    query: {},
    body: { inputs, limits, ...(entry !== undefined && { entry }) },
    headers: {},
    contentType: '',
    action: 'executions.start',
    requestId: randomUUID(),
    signal,
    log,
    span: NO_SPAN,
  }
}
