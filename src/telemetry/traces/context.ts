import { randomFillSync } from 'node:crypto'

/** Names a span in all the world: which trace it belongs to, and which of its spans it is. Lower-case hexadecimal. */
export type SpanContext = { readonly traceId: string; readonly spanId: string; readonly isSampled: boolean }

/** W3C Trace Context, section 3.2: version, trace id, parent id, flags. Versions after 00 may have more. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const ZEROS = /^0+$/

/** The caller's span of a `traceparent` header; undefined for what the specification calls invalid, which is ignored. */
export function readTraceparent(header: string | undefined): SpanContext | undefined {
  const [, version, traceId, spanId, flags, rest] = TRACEPARENT.exec(header ?? '') ?? []
  if (!version || !traceId || !spanId || !flags || version === 'ff') return undefined
  if (ZEROS.test(traceId) || ZEROS.test(spanId) || (version === '00' && rest !== undefined)) return undefined
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

export function writeTraceparent({ traceId, spanId, isSampled }: SpanContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`
}

/** Random bytes in stock: asking the system for 8 at a time costs more than all else of a span. */
const stock = Buffer.alloc(8192)
let used = stock.length

function randomHex(bytes: number): string {
  if (used + bytes > stock.length) {
    randomFillSync(stock)
    used = 0
  }
  used += bytes
  return stock.toString('hex', used - bytes, used)
}

export const newTraceId = (): string => randomHex(16)
export const newSpanId = (): string => randomHex(8)
