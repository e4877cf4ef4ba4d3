import type { Sql } from '../store/index.ts'
import type { Metrics } from './metrics/registry.ts'
import type { Otlp, OtlpConfig } from './otlp.ts'
import { sampleBy, type Sampler } from './traces/sampling.ts'
import type { TraceRecord } from './traces/span.ts'
import { createTraceStore, type TraceStore } from './traces/trace-store.ts'
import { createTracer, NO_TRACER, type Tracer } from './traces/tracer.ts'

export type TelemetryConfig = {
  /** Traces that are kept in the store; 0 for none. */
  readonly tracesMax: number
  /** And for how long, in ms. */
  readonly traceAgeMsMax: number
  /** A collector, if there is one. */
  readonly otlp: OtlpConfig
  readonly sampler: Sampler
  /** Of traces, for the samplers by ratio; from 0 to 1. */
  readonly samplerRatio: number
}

type TelemetryOptions = {
  readonly config: TelemetryConfig
  readonly sql: Sql
  readonly metrics: Metrics
  readonly log: { warn(fields: object, message: string): void }
}

/** What a service tells of itself. */
export type Telemetry = {
  readonly tracer: Tracer
  readonly metrics: Metrics
  /** Absent when no traces are kept. */
  readonly traces: TraceStore | undefined
  /** Keeps and sends what waits. */
  close(): Promise<void>
}

export async function openTelemetry({ config, sql, metrics, log }: TelemetryOptions): Promise<Telemetry> {
  const { tracesMax, traceAgeMsMax: ageMsMax, otlp: to, sampler, samplerRatio } = config
  const warn = sometimes((error: unknown, count) => log.warn({ err: error, count }, 'traces are lost'))
  const onLoss = (error: unknown, count: number): void => {
    metrics.add('tracesLost', [], count)
    warn(error, count)
  }
  const traces = tracesMax > 0 ? createTraceStore({ sql, tracesMax, ageMsMax, onLoss }) : undefined
  const otlp = await openCollector(to, metrics, log)
  const isTraced = traces !== undefined || to.tracesUrl !== undefined
  const onTrace = (trace: TraceRecord): void => keep(trace, traces, otlp)
  return {
    tracer: isTraced ? createTracer({ sample: sampleBy(sampler, samplerRatio), onTrace }) : NO_TRACER,
    metrics,
    traces,
    close: async () => {
      await traces?.close()
      await otlp?.close()
    },
  }
}

/** Tells at most once in ten seconds, and then of all since: what is lost in an overload must not flood the log. */
function sometimes(tell: (error: unknown, count: number) => void): (error: unknown, count: number) => void {
  let since = 0
  let toldMs = Number.NEGATIVE_INFINITY
  return (error, count) => {
    since += count
    if (performance.now() - toldMs < LOSS_PAUSE_MS) return
    tell(error, since)
    since = 0
    toldMs = performance.now()
  }
}

const LOSS_PAUSE_MS = 10_000

async function openCollector(
  to: OtlpConfig,
  metrics: Metrics,
  log: TelemetryOptions['log'],
): Promise<Otlp | undefined> {
  if (to.tracesUrl === undefined && to.metricsUrl === undefined) return undefined
  const { openOtlp } = await import('./otlp.ts')
  return openOtlp(to, metrics, log)
}

/** The store has executions, and requests that failed for a reason of ours; a collector gets everything. */
function keep(trace: TraceRecord, traces: TraceStore | undefined, otlp: Otlp | undefined): void {
  const isInteresting = trace.executionIds.length > 0 || trace.spans.at(-1)?.error !== undefined
  if (isInteresting) traces?.add(trace)
  otlp?.export(trace)
}
