import { diagnostic, type Encoded } from '../../../base/index.ts'
import { readInputs, readLimits, textOption } from '../arguments.ts'
import type { CommandModule } from '../commands.ts'
import { showControls } from '../plain-text.ts'
import { connect, sayProblem } from '../remote.ts'
import { renderFailure, renderValue } from '../render-outcome.ts'
import { sayClamped, sayRefused } from '../say.ts'

export const execute: CommandModule['execute'] = async (terminal, [reference], options) => {
  const limits = readLimits(options)
  const given = await readInputs(terminal, options)
  if ('diagnostics' in given) return sayRefused(terminal, options, given.diagnostics)
  const { inputs } = given
  if (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs)) {
    const message = 'inputs are an object with one key per parameter'
    return sayRefused(terminal, options, [diagnostic('ANRF4001', { message, pointer: '' })])
  }
  const entry = textOption(options, 'entry')
  const mode = textOption(options, 'mode')
  const profile = textOption(options, 'profile')
  const client = connect(terminal, options)
  const asked = {
    ...(entry === undefined ? {} : { entry }),
    ...(mode === undefined ? {} : { mode }),
    ...(profile !== undefined && { profile }),
  }
  const answer = await client.execute(reference!, inputs as Record<string, Encoded>, {
    ...asked,
    limits,
    signal: terminal.stopped,
  })
  sayClamped(terminal, options, (answer.ok ? answer.value : answer.problem).clamped ?? [])
  const logs = answer.ok ? answer.value.logs : (answer.problem.logs ?? [])
  if (!options.json) {
    for (const line of logs) terminal.err(`${terminal.colours ? showControls(line) : line}\n`)
  }
  if (!answer.ok) return sayProblem(terminal, options, answer.problem)
  const { value } = answer
  if (options.json) terminal.out(`${JSON.stringify(value)}\n`)
  else if ('output' in value) terminal.out(`${renderValue(value.output.result)}\n`)
  else terminal.err(renderFailure(value.outcome, terminal.colours))
  if (!options.json) terminal.err(`execution ${value.executionId}\n`)
  return 'output' in value ? 'ok' : 'suspended'
}
