import { styleText } from 'node:util'
import type { SpanRecord, TraceRecord } from '../../telemetry/index.ts'
import { showControls } from './plain-text.ts'

const BAR_WIDTH = 40
const NAME_WIDTH_MAX = 44

type Line = { readonly span: SpanRecord; readonly depth: number }

/** A trace as a waterfall: a line for each span under its parent, with when it was and how long. Ends with a line feed. */
export function renderTrace(trace: TraceRecord, colours: boolean): string {
  const lines = inOrder(trace.spans)
  const endUs = Math.max(1, ...trace.spans.map(({ startUs, durationUs }) => startUs + durationUs))
  const names = lines.map(({ span, depth }) => nameOf(span, depth))
  const width = Math.min(NAME_WIDTH_MAX, Math.max(0, ...names.map((name) => name.length)))
  const drawn = lines.map(({ span }, i) => {
    const name = names[i]!.slice(0, width).padEnd(width)
    const text = `${name} ${bar(span, endUs)} ${formatUs(span.durationUs).padStart(9)}  ${detailsOf(span)}`.trimEnd()
    return colours && span.error !== undefined ? styleText('red', text, { validateStream: false }) : text
  })
  const more = trace.dropped > 0 ? [`and ${trace.dropped} more spans that were not kept`] : []
  return `${[headOf(trace, endUs), '', ...drawn, ...more].join('\n')}\n`
}

function headOf({ traceId, startedMs, executionIds, spans }: TraceRecord, endUs: number): string {
  const executions = executionIds.length === 0 ? '' : `, execution ${executionIds.join(', ')}`
  return `trace ${traceId}${executions}\n${new Date(startedMs).toISOString()}, ${formatUs(endUs)}, ${spans.length} spans`
}

/** Spans as a tree: each under its parent, in the order in which they began. What has no parent here is on top. */
function inOrder(spans: readonly SpanRecord[]): readonly Line[] {
  const ids = new Set(spans.map(({ spanId }) => spanId))
  const byParent = Map.groupBy(spans, ({ parentId }) => (parentId !== undefined && ids.has(parentId) ? parentId : ''))
  const lines: Line[] = []
  const visit = (parent: string, depth: number): void => {
    for (const span of (byParent.get(parent) ?? []).toSorted((a, b) => a.startUs - b.startUs)) {
      // A span that is its own ancestor, as no span of ours is, does not go on for ever.
      if (lines.length >= spans.length) return
      lines.push({ span, depth })
      visit(span.spanId, depth + 1)
    }
  }
  visit('', 0)
  return lines
}

const nameOf = ({ name }: SpanRecord, depth: number): string => `${'  '.repeat(depth)}${showControls(name)}`

/** Where the span lies within the trace; the shortest one still has a mark. */
function bar({ startUs, durationUs }: SpanRecord, endUs: number): string {
  const from = Math.min(BAR_WIDTH - 1, Math.floor((startUs / endUs) * BAR_WIDTH))
  const length = Math.max(1, Math.min(BAR_WIDTH - from, Math.round((durationUs / endUs) * BAR_WIDTH)))
  const mark = durationUs / endUs < 0.5 / BAR_WIDTH ? '╴' : '━'.repeat(length)
  return `│${' '.repeat(from)}${mark}${' '.repeat(BAR_WIDTH - from - mark.length)}│`
}

function formatUs(us: number): string {
  if (us < 1000) return `${us} us`
  return us < 1_000_000 ? `${(us / 1000).toFixed(us < 100_000 ? 2 : 0)} ms` : `${(us / 1_000_000).toFixed(2)} s`
}

/** What readers look for first; `--json` has everything. */
const SHOWN = ['http.response.status_code', 'anrf.outcome', 'anrf.mode', 'anrf.fuel', 'anrf.program'] as const

function detailsOf({ attributes, error }: SpanRecord): string {
  const shown = SHOWN.flatMap((key) => {
    const value = attributes[key]
    return value === undefined ? [] : [`${key.replace(/^.*\./, '')}=${showControls(String(value))}`]
  })
  return [...(error === undefined ? [] : [`error=${showControls(error)}`]), ...shown].join(' ')
}
