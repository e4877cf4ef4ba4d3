import {
  diag,
  DiagLogLevel,
  SpanKind as ApiSpanKind,
  SpanStatusCode,
  type Attributes,
  type HrTime,
  type SpanContext as ApiSpanContext,
} from '@opentelemetry/api'
import type { Resource } from '@opentelemetry/resources'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { collectMetrics } from './metrics/collect.ts'
import type { Metrics } from './metrics/registry.ts'
import type { SpanKind, SpanRecord, TraceRecord } from './traces/span.ts'

/** Where telemetry goes, in the words of the OpenTelemetry environment variables. */
export type OtlpConfig = {
  readonly tracesUrl: string | undefined
  readonly metricsUrl: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly serviceName: string
  readonly resource: Readonly<Record<string, string>>
  /** How often metrics are sent, in ms. */
  readonly metricsMs: number
}

type Log = { warn(fields: object, message: string): void }

/** Sends traces and metrics to a collector by OTLP over HTTP. */
export type Otlp = {
  export(trace: TraceRecord): void
  /** Sends what waits, for a while. */
  close(): Promise<void>
}

/** A collector that is gone does not hold up a stop for longer, in ms. */
const CLOSE_MS_MAX = 3000

/** Loads the exporters of OpenTelemetry. Nobody needs them, nor this file, who has no collector. */
export async function openOtlp(config: OtlpConfig, metrics: Metrics, log: Log): Promise<Otlp> {
  const { resourceFromAttributes } = await import('@opentelemetry/resources')
  const say = (text: string): void => log.warn({ detail: text }, 'telemetry')
  diag.setLogger(
    { error: say, warn: say, info: () => undefined, debug: () => undefined, verbose: () => undefined },
    {
      logLevel: DiagLogLevel.WARN,
      suppressOverrideMessage: true,
    },
  )
  const resource = resourceFromAttributes({ 'service.name': config.serviceName, ...config.resource })
  const traces = await openTraces(config, resource)
  const pushed = await openMetrics(config, resource, metrics)
  return {
    export: traces.export,
    close: async () => {
      const all = Promise.allSettled([traces.close(), pushed.close()]).then(() => undefined)
      const late = new Promise<void>((done) => void setTimeout(done, CLOSE_MS_MAX).unref())
      await Promise.race([all, late])
    },
  }
}

async function openTraces({ tracesUrl: url, headers }: OtlpConfig, resource: Resource): Promise<Otlp> {
  if (url === undefined) return { export: () => undefined, close: async () => undefined }
  const { BatchSpanProcessor } = await import('@opentelemetry/sdk-trace')
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http')
  const processor = new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url, headers }) })
  return {
    export: (trace) => {
      if (trace.isSampled) for (const span of trace.spans) processor.onEnd(readableOf(span, trace, resource))
    },
    close: () => processor.shutdown(),
  }
}

async function openMetrics(
  { metricsUrl: url, headers, metricsMs }: OtlpConfig,
  resource: Resource,
  metrics: Metrics,
): Promise<Pick<Otlp, 'close'>> {
  if (url === undefined) return { close: async () => undefined }
  const { MeterProvider, PeriodicExportingMetricReader } = await import('@opentelemetry/sdk-metrics')
  const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-http')
  const producer = {
    collect: async () => ({ resourceMetrics: await collectMetrics(metrics, resource, 'otlp'), errors: [] }),
  }
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({ url, headers }),
    exportIntervalMillis: metricsMs,
    exportTimeoutMillis: Math.min(metricsMs, 30_000),
    metricProducers: [producer],
  })
  const provider = new MeterProvider({ resource, readers: [reader] })
  return { close: () => provider.shutdown() }
}

const KINDS: Readonly<Record<SpanKind, ReadableSpan['kind']>> = {
  internal: ApiSpanKind.INTERNAL,
  server: ApiSpanKind.SERVER,
  client: ApiSpanKind.CLIENT,
}
const UNSET: ReadableSpan['status'] = { code: SpanStatusCode.UNSET }
const ERROR: ReadableSpan['status'] = { code: SpanStatusCode.ERROR }

/** A span as the processors of the SDK take those that have ended. */
function readableOf(span: SpanRecord, { traceId, startedMs }: TraceRecord, resource: Resource): ReadableSpan {
  const contextOf = (spanId: string): ApiSpanContext => ({ traceId, spanId, traceFlags: 1 })
  const startTime = hrTime(startedMs, span.startUs)
  return {
    name: span.name,
    kind: KINDS[span.kind],
    spanContext: () => contextOf(span.spanId),
    ...(span.parentId !== undefined && { parentSpanContext: contextOf(span.parentId) }),
    startTime,
    endTime: hrTime(startedMs, span.startUs + span.durationUs),
    duration: hrTime(0, span.durationUs),
    status: span.error === undefined ? UNSET : ERROR,
    attributes: span.attributes as Attributes,
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationScope: { name: 'anrf' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }
}

function hrTime(ms: number, us: number): HrTime {
  const allUs = ms * 1000 + us
  return [Math.floor(allUs / 1e6), (allUs % 1e6) * 1000]
}
