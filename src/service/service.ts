import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { openAuditedStore } from '../audit/index.ts'
import type { Diagnostic } from '../base/index.ts'
import type { Policies } from '../policy/index.ts'
import { createRegistry } from '../registry/index.ts'
import { openInstance, openKeyFile } from '../store/index.ts'
import type { Isolation } from '../sandbox/index.ts'
import { Dispatcher } from './accepted/dispatcher.ts'
import { actionsOf } from './access/actions.ts'
import { startBackground } from './background.ts'
import { createLog, createMetrics, NO_METRICS } from '../telemetry/index.ts'
import type { ServiceConfig } from './settings/config.ts'
import type { Services } from './context.ts'
import { hasTls, reloadTls } from './gateway/server.ts'
import { createMemoryBuckets } from './quotas/buckets.ts'
import { createMeter } from './quotas/meter.ts'
import { createTokens } from './gateway/tokens.ts'
import { openServiceHooks } from './hooks/open.ts'
import { createHttp } from './http/server.ts'
import { isolate } from './isolate.ts'
import { createFirstKey } from './identity/keys.ts'
import { LiveExecutions } from './executions/live.ts'
import { createPolicyBook, openPolicies } from './access/policy-book.ts'
import { ROUTES } from './routes/index.ts'
import { jobOf } from './executions/runs.ts'
import { OpenStreams } from './http/streams.ts'
import { openPool } from './pool.ts'
import { createRefusals } from './audit/refusals.ts'
import { commitMeter, loadMeter, openServiceTelemetry } from './telemetry.ts'
import { verifierOf } from './verification/modules.ts'

/** What policies decide on. */
const ACTIONS = actionsOf(ROUTES)

/** A service that listens. */
export type RunningService = {
  readonly url: string
  /** Where metrics are served without a key, if anywhere. */
  readonly metricsUrl?: string
  /** The text of the admin key, only when this start made it. */
  readonly adminKey?: string
  /** Takes no more requests, waits for those under way, then ends workers and store. Further calls wait for the first. */
  close(): Promise<void>
  /** Reads certificate and key again, for connections from now on; why not, in which case those before are still used. */
  reloadTls(): string | undefined
  /** Reads the folder of policies again; everything that is wrong with it, in which case what was in force still is. */
  reloadPolicies(): Promise<readonly Diagnostic[]>
}

/** Opens the store, starts the workers and listens. Rejects when the policies, the isolation, the store or the port cannot be had. */
export async function openService(config: ServiceConfig): Promise<RunningService> {
  const log = createLog(config.logLevel)
  const policies = await openPolicies({ config, actions: ACTIONS, log })
  const isolation = await isolate(config)
  const { services, stop } = await openServices(config, policies, isolation, log)

  let closed: Promise<void> | undefined
  async function end(app: FastifyInstance | undefined): Promise<void> {
    stop()
    const dispatched = services.dispatcher.close()
    services.live.close()
    // The pool drains while connections stay: those who wait get their answers.
    await services.pool.close(config.drainMs)
    // Callers who never end their request do not hold up the stop.
    const cut = setTimeout(() => app?.server.closeAllConnections(), config.drainMs)
    await app?.close()
    clearTimeout(cut)
    await background?.stop()
    await dispatched
    await services.policies.close()
    await services.refusals.close()
    await services.hooks.close()
    await services.telemetry.close()
    services.instance.close()
    services.store.close()
  }

  let background: ReturnType<typeof startBackground> | undefined
  let app: FastifyInstance | undefined
  try {
    app = await createHttp(services, log)
    await app.listen({ host: config.host, port: config.port })
    const url = urlOf(app, config)
    const metricsUrl = await services.telemetry.serve()
    // When nothing can go wrong any more: a start that fails shows no key, and the next one would not make another.
    const adminKey = await createFirstKey(services.store.sql)
    announce(log, url, config, isolation)
    services.hooks.start()
    background = startBackground(services, log)
    const close = (): Promise<void> => (closed ??= end(app))
    const found = { ...(metricsUrl !== undefined && { metricsUrl }), ...(adminKey !== undefined && { adminKey }) }
    const { server } = app
    const renewTls = (): string | undefined => renew(server, config, log)
    return { url, close, reloadPolicies: services.policies.reload, reloadTls: renewTls, ...found }
  } catch (error) {
    await end(app)
    throw error
  }
}

/** The parts of a service, and what tells them that it is to stop. */
async function openServices(
  config: ServiceConfig,
  policies: Policies,
  isolation: Isolation,
  log: Logger,
): Promise<{ readonly services: Services; stop(): void }> {
  const { dataDir, trustedKeys, signatureRules, approval } = config
  const hooks = await openServiceHooks(config, log, () => services)
  const metrics = config.hasMetrics ? createMetrics() : NO_METRICS
  const { store, logSigner } = await openAuditedStore(dataDir, {
    onCommit: commitMeter(metrics),
    onRecorded: hooks.putDown,
  })
  const pool = await openPool(config, isolation, log)
  let isStopping = false
  const services: Services = {
    config,
    store,
    pool,
    registry: createRegistry({
      store,
      trust: { keys: trustedKeys, rules: signatureRules },
      approval,
      onLoad: loadMeter(metrics),
    }),
    instance: openInstance(dataDir),
    receiptKey: await openKeyFile(dataDir, 'receipt'),
    logSigner,
    hooks,
    verifiers: [...config.verifiers, ...hooks.verifiers.map(verifierOf)],
    policies: createPolicyBook({ config, actions: ACTIONS, log, sql: store.sql }, policies),
    meter: createMeter(store.sql, config.quotas, createMemoryBuckets()),
    tokens: createTokens(config.issuers, log),
    refusals: createRefusals(store.sql, log),
    telemetry: await openServiceTelemetry({ config, store, pool, metrics, log }),
    live: new LiveExecutions(),
    streams: new OpenStreams(config.streamsMax),
    dispatcher: new Dispatcher({
      places: config.workers,
      waitingMax: config.acceptedMax,
      waitingPerPrincipalMax: config.acceptedPerPrincipalMax,
    }),
    enqueue: (run, by) => services.dispatcher.add(jobOf(services, run, by)),
    isStopping: () => isStopping,
  }
  return { services, stop: () => (isStopping = true) }
}

function renew(server: FastifyInstance['server'], config: ServiceConfig, log: Logger): string | undefined {
  const wrong = reloadTls(server, config)
  if (wrong !== undefined)
    log.error({ detail: wrong }, 'the certificate could not be read again: the one before is used')
  return wrong
}

function urlOf(app: FastifyInstance, config: ServiceConfig): string {
  const { host } = config
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return `${hasTls(config) ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function announce(log: Logger, url: string, { workers, dataDir }: ServiceConfig, { level }: Isolation): void {
  log.info({ url, workers, dataDir, isolation: level }, 'listening')
}
