import { newTraceId, readTraceparent } from './context.ts'
import {
  NO_SPAN,
  RecordedSpan,
  type Attributes,
  type Span,
  type SpanKind,
  type Trace,
  type TraceRecord,
} from './span.ts'

/** Whether a new trace is exported, from its id and what the caller decided of theirs. */
export type Sample = (traceId: string, parentIsSampled: boolean | undefined) => boolean

type TracerOptions = {
  readonly sample: Sample
  /** Takes every trace when its first span has ended. */
  readonly onTrace: (trace: TraceRecord) => void
}

/** Begins traces. */
export type Tracer = {
  /** The first span here of a trace: of the caller's, if the header `traceparent` names one. */
  start(name: string, kind: SpanKind, attributes?: Attributes, traceparent?: string): Span
}

/** A tracer that records nothing. */
export const NO_TRACER: Tracer = { start: () => NO_SPAN }

export function createTracer({ sample, onTrace }: TracerOptions): Tracer {
  return {
    start(name, kind, attributes = {}, traceparent) {
      const caller = readTraceparent(traceparent)
      const traceId = caller?.traceId ?? newTraceId()
      const trace: Trace = {
        traceId,
        isSampled: sample(traceId, caller?.isSampled),
        startedMs: Date.now(),
        origin: performance.now(),
        spans: [],
        executionIds: [],
        dropped: 0,
      }
      return new RecordedSpan(trace, caller?.spanId, name, kind, attributes, () => onTrace(recordOf(trace)))
    },
  }
}

function recordOf({
  traceId,
  startedMs,
  isSampled,
  tenant,
  principal,
  executionIds,
  spans,
  dropped,
}: Trace): TraceRecord {
  const owner = tenant === undefined || principal === undefined ? {} : { tenant, principal }
  // Spans that end later, as of calls that were given up, change nothing any more.
  return { traceId, startedMs, isSampled, ...owner, executionIds: [...executionIds], spans: [...spans], dropped }
}
