import type { AttributeValue, SpanKind, SpanRecord, TraceRecord } from './span.ts'

/** Numbers of opentelemetry-proto trace.proto, `Span.SpanKind` and `Status.StatusCode`. */
const KINDS: Readonly<Record<SpanKind, number>> = { internal: 1, server: 2, client: 3 }
const STATUS_ERROR = 2

/** Traces in OTLP/JSON ("JSON Protobuf Encoding": ids in hexadecimal, 64-bit numbers as texts), which every viewer of traces reads. */
export function otlpJsonOf(traces: readonly TraceRecord[], serviceName = 'anrf'): object {
  const spans = traces.flatMap((trace) => trace.spans.map((span) => spanJson(span, trace)))
  const resource = { attributes: attributesJson({ 'service.name': serviceName }) }
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'anrf' }, spans }] }] }
}

function spanJson(span: SpanRecord, { traceId, startedMs }: TraceRecord): object {
  const nanos = (us: number): string => String((BigInt(startedMs) * 1000n + BigInt(us)) * 1000n)
  return {
    traceId,
    spanId: span.spanId,
    ...(span.parentId !== undefined && { parentSpanId: span.parentId }),
    name: span.name,
    kind: KINDS[span.kind],
    startTimeUnixNano: nanos(span.startUs),
    endTimeUnixNano: nanos(span.startUs + span.durationUs),
    attributes: attributesJson(span.attributes),
    status: span.error === undefined ? {} : { code: STATUS_ERROR },
  }
}

function attributesJson(attributes: Readonly<Record<string, AttributeValue>>): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueJson(value) }))
}

function valueJson(value: AttributeValue): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}
