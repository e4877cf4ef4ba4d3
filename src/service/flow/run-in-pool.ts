import type { ExecuteReport, ExecuteRequest, Rejection } from '../../sandbox/index.ts'
import type { Span } from '../../telemetry/index.ts'
import { anrfIdOf, known, type Flow } from './flow.ts'

/** One run in a worker process. The wait for a worker and the run have a span each; what the program calls is inside the latter. */
export async function runInPool(flow: Flow, request: ExecuteRequest): Promise<ExecuteReport | Rejection> {
  const { services, signal } = flow.call
  const step = flow.span
  const askedMs = performance.now()
  let span = step.child('wait for a worker')
  let waits = true
  const onStart = (): void => {
    if (waits) services.telemetry.metrics.record('queueSeconds', [], (performance.now() - askedMs) / 1000)
    waits = false
    span.end()
    flow.ranMs = performance.now()
    flow.span = span = step.child('run in a worker')
  }
  const report = await services.pool.execute({ ...request, onStart }, signal)
  describeRun(span, report)
  span.end()
  flow.span = step
  return report
}

function describeRun(span: Span, report: ExecuteReport | Rejection): void {
  if ('rejected' in report) return span.fail(report.rejected)
  const { usage, outcome, isolation } = report
  span.set({
    'anrf.isolation': isolation,
    'anrf.fuel': usage.fuel,
    'anrf.allocated': usage.allocatedBytes,
    'anrf.cpu.time': usage.cpuMs / 1000,
    'anrf.effects': usage.effects,
  })
  if (outcome.kind !== 'returned') span.fail(failureOf(outcome))
}

/** What an execution that did not return came to, in words of which there are few: never what the program says. */
function failureOf(outcome: NonNullable<Flow['outcome']>): string {
  if (outcome.kind === 'limited') return `limited.${outcome.limit}`
  return outcome.kind === 'trapped' ? `trapped.${outcome.trap}` : outcome.kind
}

/** Says of the execution what operators ask for, on the span of its request and in the metrics. */
export function describeExecution(flow: Flow): void {
  const { span, services } = flow.call
  const { metrics } = services.telemetry
  // Absent where the execution was ended without being loaded.
  const { name, version } = flow.loaded?.artifact ?? {}
  const outcome = known(flow.outcome)
  const { usage } = flow.report ?? {}
  span.setExecution(flow.executionId)
  span.set({
    'anrf.execution.id': flow.executionId,
    'anrf.document.id': anrfIdOf(flow),
    ...(name !== undefined && { 'anrf.program': `${name}@${version}` }),
    'anrf.entry': flow.entry ?? '',
    'anrf.mode': flow.mode,
    'anrf.outcome': outcome.kind,
  })
  if (outcome.kind !== 'returned') span.fail(failureOf(outcome))
  metrics.record('executionSeconds', [flow.mode, outcome.kind], (Date.now() - flow.startedAt.getTime()) / 1000)
  metrics.add('programExecutions', [name ?? 'unnamed', outcome.kind])
  if (!usage) return
  metrics.record('executionFuel', [flow.mode], usage.fuel)
  metrics.add('executionCpu', [flow.mode], usage.cpuMs / 1000)
}
