import { problemOf, AnrfError, unreachable } from './problem.ts'
import { pause, pauseBefore, type RetryOptions } from './retry.ts'
import type { CallOptions, RouteRow, Transport } from './transport.ts'

/** What comes of the log of an execution: a line, or how it ended, after which nothing comes. */
export type LogEvent =
  | { readonly kind: 'log'; readonly line: number; readonly text: string }
  | { readonly kind: 'end'; readonly outcome: string; readonly status: number }

/**
 * The log of an execution as it is written, to its end. When the connection breaks it is opened again behind the last line that
 * came (`Last-Event-ID`), so that no line is lost and none comes twice. Throws an `AnrfError` when it is refused or cannot be had again.
 */
export async function* followLog(
  transport: Transport,
  row: RouteRow,
  executionId: string,
  options: RetryOptions & CallOptions & { readonly url: string; readonly after?: number },
): AsyncGenerator<LogEvent, void> {
  let last = options.after ?? 0
  for (let attempt = 1; ; attempt++) {
    const headers = { ...options.headers, accept: 'text/event-stream', 'last-event-id': String(last) }
    try {
      const response = await transport.send(row, [executionId], undefined, { ...options, headers })
      if (!response.ok) throw new AnrfError(problemOf(response, await response.json().catch(() => undefined)))
      for await (const event of eventsOf(response)) {
        const read = readEvent(event)
        if (!read) continue
        attempt = 1
        if (read.kind === 'log') last = read.line
        yield read
        if (read.kind === 'end') return
      }
    } catch (error) {
      if (error instanceof AnrfError || options.signal?.aborted) throw error
      if (pauseBefore(attempt, undefined, options) === undefined) throw new AnrfError(unreachable(options.url, error))
    }
    const ms = pauseBefore(attempt, undefined, options)
    if (ms === undefined) throw new AnrfError(unreachable(options.url, new Error('the connection broke off')))
    await pause(ms, options.signal)
  }
}

type ServerEvent = { readonly name: string; readonly data: string }

/** Events of a stream (HTML, "Parsing an event stream"); comments and unknown fields are left out. */
async function* eventsOf(response: Response): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    const blocks = text.split(/\r\n\r\n|\n\n|\r\r/)
    text = blocks.pop() ?? ''
    for (const block of blocks) yield eventOf(block)
  }
}

function eventOf(block: string): ServerEvent {
  const fields = block.split(/\r\n|\n|\r/).map((line) => /^([a-z]+):? ?(.*)$/.exec(line))
  const all = (name: string): string[] => fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ''] : []))
  return { name: all('event').at(-1) ?? 'message', data: all('data').join('\n') }
}

function readEvent({ name, data }: ServerEvent): LogEvent | undefined {
  if (name !== 'log' && name !== 'end') return undefined
  return { kind: name, ...(JSON.parse(data) as object) } as LogEvent
}
