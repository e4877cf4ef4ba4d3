import { newSpanId, type SpanContext } from './context.ts'

export type AttributeValue = string | number | boolean
export type Attributes = Readonly<Record<string, AttributeValue>>
/** As OpenTelemetry has them: who serves a request, who makes one, and everything inside. */
export type SpanKind = 'server' | 'client' | 'internal'

/** A span that has ended, as it is kept. Times in microseconds since the trace began here. */
export type SpanRecord = {
  readonly spanId: string
  /** Of the caller where it is the first one here. */
  readonly parentId?: string
  readonly name: string
  readonly kind: SpanKind
  readonly startUs: number
  readonly durationUs: number
  readonly attributes: Attributes
  /** `error.type` of a span that failed. */
  readonly error?: string
}

/** The spans of one request, of one process. */
export type TraceRecord = {
  readonly traceId: string
  /** When the first span began, in ms since 1970. */
  readonly startedMs: number
  readonly isSampled: boolean
  /** Whose it is; absent when nobody was authenticated. */
  readonly tenant?: string
  readonly principal?: string
  /** The executions that it is about. */
  readonly executionIds: readonly string[]
  readonly spans: readonly SpanRecord[]
  /** Spans that were too many. */
  readonly dropped: number
}

/** A span under way. What is not recorded has the same methods, which do nothing. */
export type Span = {
  /** Absent when nothing is recorded. */
  readonly context: SpanContext | undefined
  /** A span inside this one. */
  child(name: string, attributes?: Attributes, kind?: SpanKind): Span
  set(attributes: Attributes): void
  rename(name: string): void
  /** Whose the trace is: nobody else of the tenant sees it, but its administrators. */
  setOwner(principal: string, tenant: string): void
  /** The trace is about this execution. */
  setExecution(executionId: string): void
  /** `type` is of low cardinality, as a code, never a message. */
  fail(type: string): void
  end(): void
}

export const NO_SPAN: Span = {
  context: undefined,
  child: () => NO_SPAN,
  set: () => undefined,
  rename: () => undefined,
  setOwner: () => undefined,
  setExecution: () => undefined,
  fail: () => undefined,
  end: () => undefined,
}

/** Spans of one trace that are kept; a program that makes a thousand calls does not fill the store. */
const SPANS_MAX = 512

/** What the spans of one trace share. */
export type Trace = {
  readonly traceId: string
  readonly isSampled: boolean
  readonly startedMs: number
  /** `performance.now()` at `startedMs`. */
  readonly origin: number
  readonly spans: SpanRecord[]
  readonly executionIds: string[]
  dropped: number
  tenant?: string
  principal?: string
}

/** One span of a trace that is recorded; `onEnd` is told of the end of the first one. */
export class RecordedSpan implements Span {
  readonly context: SpanContext
  readonly #trace: Trace
  readonly #parentId: string | undefined
  readonly #kind: SpanKind
  readonly #start: number
  readonly #onEnd: (() => void) | undefined
  #name: string
  #attributes: Attributes
  #error: string | undefined
  #hasEnded = false

  constructor(
    trace: Trace,
    parentId: string | undefined,
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    onEnd?: () => void,
  ) {
    this.context = { traceId: trace.traceId, spanId: newSpanId(), isSampled: trace.isSampled }
    this.#trace = trace
    this.#parentId = parentId
    this.#name = name
    this.#kind = kind
    this.#attributes = attributes
    this.#onEnd = onEnd
    this.#start = performance.now()
  }

  child(name: string, attributes: Attributes = {}, kind: SpanKind = 'internal'): Span {
    return new RecordedSpan(this.#trace, this.context.spanId, name, kind, attributes)
  }

  set(attributes: Attributes): void {
    this.#attributes = { ...this.#attributes, ...attributes }
  }

  rename(name: string): void {
    this.#name = name
  }

  setOwner(principal: string, tenant: string): void {
    this.#trace.principal = principal
    this.#trace.tenant = tenant
  }

  setExecution(executionId: string): void {
    if (this.#trace.executionIds.length < SPANS_MAX) this.#trace.executionIds.push(executionId)
  }

  fail(type: string): void {
    this.#error = type
  }

  /** Once; a span that ends after its trace has is not kept. */
  end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    const { spans, origin } = this.#trace
    // The first span ends last, and is always kept.
    if (spans.length >= SPANS_MAX && !this.#onEnd) this.#trace.dropped++
    else spans.push(this.#record(origin))
    this.#onEnd?.()
  }

  #record(origin: number): SpanRecord {
    const error = this.#error
    return {
      spanId: this.context.spanId,
      ...(this.#parentId !== undefined && { parentId: this.#parentId }),
      name: this.#name,
      kind: this.#kind,
      startUs: Math.max(0, Math.round((this.#start - origin) * 1000)),
      durationUs: Math.round((performance.now() - this.#start) * 1000),
      attributes: error === undefined ? this.#attributes : { ...this.#attributes, 'error.type': error },
      ...(error !== undefined && { error }),
    }
  }
}
