import type { FastifyInstance } from 'fastify'
import pino, { type Logger } from 'pino'
import { openAuditedStore } from '../audit/index.ts'
import { createRegistry } from '../registry/index.ts'
import { createPool, openCgroups, openProcessorLimits, stderrOf, type Isolation } from '../sandbox/index.ts'
import { openInstance, openKeyFile } from '../store/index.ts'
import type { ServiceConfig } from './config.ts'
import type { Services } from './context.ts'
import { openServiceHooks } from './hooks.ts'
import { createHttp } from './http.ts'
import { isolate } from './isolate.ts'
import { createFirstKey } from './keys.ts'
import { createRefusals } from './refusals.ts'
import { recoverRuns } from './runs.ts'

/** A service that listens. */
export type RunningService = {
  readonly url: string
  /** The text of the admin key, only when this start made it. */
  readonly adminKey?: string
  /** Takes no more requests, waits for those under way, then ends workers and store. Further calls wait for the first. */
  close(): Promise<void>
}

/** Opens the store, starts the workers and listens. Rejects when the isolation, the store or the port cannot be had. */
export async function openService(config: ServiceConfig): Promise<RunningService> {
  const log = pino({ level: config.logLevel }, pino.destination({ fd: 2, sync: true }))
  const isolation = await isolate(config)
  const hooks = await openServiceHooks(config, log, () => services)
  const { store, logSigner } = await openAuditedStore(config.dataDir)
  const cgroups = openCgroups()
  const pool = createPool({
    isolation,
    cgroups,
    processorLimits: await openProcessorLimits(),
    size: config.workers,
    spares: config.spares,
    processes: config.processes,
    queueMax: config.queueMax,
    onDeath: (death, pid) => log.warn({ pid, kind: death.kind, stderr: stderrOf(death) }, 'a worker ended'),
  })
  const { trustedKeys, signatureRequired } = config
  const registry = createRegistry({ store, trustedKeys, signatureRequired })
  const instance = openInstance(config.dataDir)
  const receiptKey = await openKeyFile(config.dataDir, 'receipt')
  let isStopping = false
  const refusals = createRefusals(store.sql, log)
  const parts = { config, store, pool, registry, hooks, instance, receiptKey, logSigner, refusals }
  const services: Services = { ...parts, isStopping: () => isStopping }

  let closed: Promise<void> | undefined
  async function end(app: FastifyInstance | undefined): Promise<void> {
    isStopping = true
    // The pool drains while connections stay: those who wait get their answers.
    await pool.close(config.drainMs)
    // Callers who never end their request do not hold up the stop.
    const cut = setTimeout(() => app?.server.closeAllConnections(), config.drainMs)
    await app?.close()
    clearTimeout(cut)
    await recovered
    await refusals.close()
    await hooks.close()
    instance.close()
    store.close()
  }

  let recovered: Promise<void> | undefined
  let app: FastifyInstance | undefined
  try {
    app = await createHttp(services, log)
    const adminKey = await createFirstKey(store.sql)
    await app.listen({ host: config.host, port: config.port })
    const url = urlOf(app, config.host)
    announce(log, url, config, isolation)
    recovered = recoverRuns(services, log)
    const close = (): Promise<void> => (closed ??= end(app))
    return { url, close, ...(adminKey === undefined ? {} : { adminKey }) }
  } catch (error) {
    await end(app)
    throw error
  }
}

function urlOf(app: FastifyInstance, host: string): string {
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function announce(log: Logger, url: string, { workers, dataDir }: ServiceConfig, { level }: Isolation): void {
  log.info({ url, workers, dataDir, isolation: level }, 'listening')
}
