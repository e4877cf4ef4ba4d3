import type { Call, Reply } from '../context.ts'
import { isOwn } from '../executions/own.ts'
import { known } from '../flow/flow.ts'
import { tooMany } from '../flow/gateway.ts'
import { findLog, followLog } from '../executions/logs.ts'
import { payloadExpired, problem, type Problem } from '../http/problem.ts'
import { streamOf } from '../http/streams.ts'

type LogQuery = { readonly after?: string }

/** `GET /executions/{id}/logs`: as JSON what there is, as server-sent events also what comes. */
export async function getLogs(call: Call<unknown, LogQuery>): Promise<Reply | { readonly problem: Problem }> {
  const executionId = known(call.params['id'])
  if (!(await isOwn(call, executionId)))
    return { problem: problem('ANRF5003', `there is no execution ${JSON.stringify(executionId)}`) }
  const { lines, end, expired } = await findLog(call.services, executionId)
  if (expired) return { problem: payloadExpired(executionId, expired) }
  const { accept = '' } = call.headers
  if (String(accept).includes('text/event-stream')) return streamLogs(call, executionId)
  const after = Math.min(lines.length, Number(call.query.after ?? 0))
  return { status: 200, body: { executionId, logs: lines.slice(after), next: lines.length, ...(end && { end }) } }
}

function streamLogs(call: Call<unknown, LogQuery>, executionId: string): Reply | { readonly problem: Problem } {
  const { services, signal, query } = call
  const { streamHeartbeatMs: heartbeatMs, streamStallMs } = services.config
  const close = services.streams.open(known(call.principal).id)
  if (!close) return { problem: tooMany('the key has as many streams open as it may') }
  // A client that lost its connection says which line it had last.
  const last = String(call.headers['last-event-id'] ?? query.after ?? '')
  const from = /^\d{1,9}$/.test(last) ? Number(last) : 0
  const stream = streamOf(followLog(services, { executionId, from, heartbeatMs, signal }), streamStallMs)
  stream.once('close', close)
  const headers = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  }
  return { status: 200, body: stream, headers }
}
