import { findRun } from '../../journal/index.ts'
import type { Services } from '../context.ts'
import { findExecution } from './records.ts'

/** The log of an execution as far as it is known here, and how it ended, once it has. */
export type LogState = {
  readonly lines: readonly string[]
  readonly end?: { readonly outcome: string; readonly status: number }
  /** Since when there is no log any more. */
  readonly expired?: { readonly at: string }
}

/** Lines of what another process runs come with its end: only the process that runs it hears them. */
export async function findLog({ live, store }: Services, executionId: string): Promise<LogState> {
  const here = live.find(executionId)
  if (here) return { lines: here.lines }
  const run = await findRun(store.sql, executionId)
  const record = await findExecution(store.sql, executionId)
  const lines = record?.answer?.logs ?? []
  const hasEnded = record && record.outcome !== 'suspended' && run?.state !== 'running'
  if (!hasEnded) return { lines }
  const { outcome, status, expired } = record
  return { lines, end: { outcome, status }, ...(expired && { expired }) }
}

/** How often is looked for the end of what another process runs, in ms. */
const LOOK_MS = 1000
/** Lines that go out together are at most so long, or one. */
const CHUNK_LENGTH_MAX = 2 ** 16

type Follow = {
  readonly executionId: string
  /** Lines that the reader has already. */
  readonly from: number
  readonly heartbeatMs: number
  readonly signal: AbortSignal
}

/**
 * The log of an execution as server-sent events (HTML Living Standard, section 9.2): `log` with each line, whose id is its
 * number, `end` with the outcome, and comments while nothing happens. Ends with the execution, or when the service stops.
 */
export async function* followLog(services: Services, follow: Follow): AsyncGenerator<string> {
  const { executionId, from, heartbeatMs, signal } = follow
  let at = from
  const look = async (): Promise<LogState | undefined> => {
    const state = await findLog(services, executionId)
    return state.lines.length > at || state.end ? state : undefined
  }
  yield ': lines of the log, then the end\n\n'
  for (let quietSince = performance.now(); !signal.aborted && !services.isStopping();) {
    const state = await services.live.lines.until(executionId, Math.min(LOOK_MS, heartbeatMs), look, signal)
    if (!state) {
      if (performance.now() - quietSince < heartbeatMs) continue
      yield ': still there\n\n'
    } else {
      while (at < state.lines.length) {
        const chunk = eventsFrom(state.lines, at)
        at = chunk.next
        yield chunk.text
      }
      if (state.end) return yield eventOf('end', { executionId, ...state.end })
    }
    quietSince = performance.now()
  }
}

function eventsFrom(lines: readonly string[], from: number): { readonly text: string; readonly next: number } {
  let [text, next] = ['', from]
  while (next < lines.length && (text === '' || text.length < CHUNK_LENGTH_MAX)) {
    const line = next + 1
    text += `id: ${line}\n${eventOf('log', { line, text: lines[next] })}`
    next++
  }
  return { text, next }
}

/** Data is JSON, which has no line ends outside of its texts, where they are escaped. */
const eventOf = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
