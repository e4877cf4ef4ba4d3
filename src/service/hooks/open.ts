import { randomUUID } from 'node:crypto'
import type { OnRecorded } from '../../audit/index.ts'
import {
  closeHooks,
  Counts,
  Deliverer,
  hookPrincipal,
  openHooks,
  openVerifierModules,
  putDown,
  type Hook,
  type ProgramRun,
  type VerifierModule,
} from '../../hooks/index.ts'
import { NO_SPAN } from '../../telemetry/index.ts'
import type { ServiceConfig } from '../settings/config.ts'
import type { Log, Services } from '../context.ts'
import type { ExecuteCall } from '../flow/flow.ts'
import { eventSource } from './event-source.ts'
import { executeForHook } from '../flow/steps.ts'
import { describeEvent } from './notifications.ts'
import { inTrace } from '../http/observe.ts'

/** The hooks of a running service. */
export type ServiceHooks = {
  /** In the order in which they are asked. */
  readonly list: readonly Hook[]
  readonly counts: Counts
  /** Modules that verify. */
  readonly verifiers: readonly VerifierModule[]
  /** Puts down what the entries of a commit tell, in its transaction. */
  readonly putDown: OnRecorded
  /** Begins to send what was put down. */
  start(): void
  /** Something is to be sent again. */
  wake(): void
  close(): Promise<void>
}

/** Opens the hooks that the configuration describes. Rejects with a `HooksError`. */
export async function openServiceHooks(
  config: ServiceConfig,
  log: Log,
  servicesOf: () => Services,
): Promise<ServiceHooks> {
  const onLine = (hook: string, line: string): void =>
    log.info({ hook, line: line.slice(0, LINE_MAX) }, 'a module prints')
  const verifiers = await openVerifierModules(config.hooks.verifiers, onLine)
  const list = await openHooks(config.hooks.hooks, {
    runProgram: (run, signal) => runTraced(servicesOf(), log, run, signal),
    onLine,
  })
  const counts = new Counts(({ hook, occasion, result, seconds }) =>
    servicesOf().telemetry.metrics.record('hookSeconds', [hook, occasion, result], seconds),
  )
  let deliverer: Deliverer | undefined
  const wake = (): void => deliverer?.wake()
  return {
    list,
    counts,
    verifiers,
    wake,
    putDown: async (query, entries) => {
      const source = eventSource(servicesOf().receiptKey)
      // Not before the transaction is over.
      if (await putDown(query, entries, { hooks: list, source, describe: describeEvent })) setImmediate(wake)
    },
    start: () => {
      const { store, instance } = servicesOf()
      deliverer ??= new Deliverer({
        ...{ sql: store.sql, hooks: list, instance, counts },
        onFailure: ({ id, hook }, error) => log.warn({ err: error, hook, delivery: id }, 'an event was not taken'),
      })
      deliverer.start()
    },
    close: async () => {
      await deliverer?.close()
      await closeHooks(list)
      await Promise.all(verifiers.map((verifier) => verifier.close()))
    },
  }
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
