import { otlpJsonOf, type TraceRecord } from '../../../telemetry/index.ts'
import type { CommandModule } from '../commands.ts'
import { connect, sayProblem } from '../remote.ts'
import { renderTrace } from '../render-trace.ts'

export const execute: CommandModule['execute'] = async (terminal, [id], options) => {
  const answer = await connect(terminal, options).traces.read(id!)
  if (!answer.ok) return sayProblem(terminal, options, answer.problem)
  const traces = answer.value.traces as readonly TraceRecord[]
  if (options.json) terminal.out(`${JSON.stringify(otlpJsonOf(traces))}\n`)
  else terminal.out(traces.map((trace) => renderTrace(trace, terminal.colours)).join('\n'))
  return 'ok'
}
