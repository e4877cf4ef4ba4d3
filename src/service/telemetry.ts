import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { countEntries } from '../audit/index.ts'
import type { Pool } from '../sandbox/index.ts'
import type { Store } from '../store/index.ts'
import {
  EXPOSITION_TYPE,
  exposeMetrics,
  observeProcess,
  openTelemetry,
  type Metrics,
  type OtlpConfig,
  type Telemetry,
} from '../telemetry/index.ts'
import type { ServiceConfig } from './settings/config.ts'
import type { Log } from './context.ts'

type Parts = {
  readonly config: ServiceConfig
  readonly store: Store
  readonly pool: Pool
  readonly metrics: Metrics
  readonly log: Log
}

/** What the service tells of itself. */
export type ServiceTelemetry = Telemetry & {
  /** Serves metrics without a key where the configuration says; the URL. Rejects with a system error such as EADDRINUSE. */
  serve(): Promise<string | undefined>
}

export async function openServiceTelemetry({ config, store, pool, metrics, log }: Parts): Promise<ServiceTelemetry> {
  const { tracesMax, traceSecondsMax, sampler, samplerRatio, metricsListen } = config
  const traceAgeMsMax = traceSecondsMax * 1000
  const kept = { tracesMax, traceAgeMsMax, sampler, samplerRatio, otlp: otlpOf(config) }
  const telemetry = await openTelemetry({ config: kept, sql: store.sql, metrics, log })
  const stopObserving = config.hasMetrics ? observe(metrics, pool, store) : () => undefined
  let server: Server | undefined
  return {
    ...telemetry,
    serve: async () => {
      server = config.hasMetrics && metricsListen ? await serveMetrics(metrics, metricsListen) : undefined
      return server && metricsUrlOf(server)
    },
    close: async () => {
      stopObserving()
      server?.close()
      server?.closeAllConnections()
      await telemetry.close()
    },
  }
}

/** The environment says where; without a URL nothing is sent. */
function otlpOf(config: ServiceConfig): OtlpConfig {
  const { otlpUrl, otlpTracesUrl, otlpMetricsUrl, otlpHeaders: headers, isOtlpDisabled } = config
  const { serviceName, resource, metricsMs } = config
  const under = (path: string): string | undefined => otlpUrl && `${otlpUrl.replace(/\/+$/, '')}${path}`
  const hasTraces = config.otlpTraces && !isOtlpDisabled
  const hasMetrics = config.otlpMetrics && !isOtlpDisabled && config.hasMetrics
  return {
    tracesUrl: hasTraces ? (otlpTracesUrl ?? under('/v1/traces')) : undefined,
    metricsUrl: hasMetrics ? (otlpMetricsUrl ?? under('/v1/metrics')) : undefined,
    headers,
    serviceName,
    resource,
    metricsMs,
  }
}

/** What is looked at when somebody asks for metrics. */
function observe(metrics: Metrics, pool: Pool, store: Store): () => void {
  metrics.observe('queueLength', () => [{ labels: [], value: pool.status().queued }])
  metrics.observe('workers', () => {
    const { running, workers } = pool.status()
    return [
      { labels: ['running'], value: running },
      { labels: ['idle'], value: Math.max(0, workers - running) },
    ]
  })
  metrics.observe('workerStarts', () => [{ labels: [], value: pool.status().counts.started }])
  metrics.observe('workerEnds', () => {
    const { started: _, ...ends } = pool.status().counts
    return Object.entries(ends).map(([end, value]) => ({ labels: [end] as const, value }))
  })
  metrics.observe('auditEntries', async () => [{ labels: [], value: await countEntries(store.sql) }])
  return observeProcess(metrics)
}

/** `/metrics` on a port of its own, for a Prometheus that has no key. */
async function serveMetrics(metrics: Metrics, { host, port }: { host: string; port: number }): Promise<Server> {
  const server = createServer((request, response) => {
    const isAsked = request.method === 'GET' && /^\/metrics(\?|$)/.test(request.url ?? '')
    if (!isAsked) return void response.writeHead(404).end()
    void exposeMetrics(metrics).then(
      (text) => response.writeHead(200, { 'content-type': EXPOSITION_TYPE }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  return server
}

function metricsUrlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/metrics`
}

/** Counts commits of the store. */
export const commitMeter =
  (metrics: Metrics) =>
  (transactions: number, seconds: number): void => {
    metrics.record('commitSeconds', [], seconds)
    metrics.record('commitGroup', [], transactions)
  }

/** Counts loads of documents. */
export const loadMeter =
  (metrics: Metrics) =>
  (isKnown: boolean): void =>
    metrics.add('programLoads', [isKnown ? 'hit' : 'miss'])
