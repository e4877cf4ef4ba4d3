import type { Encoded } from '../../../base/index.ts'
import type { CommandModule } from '../commands.ts'
import { connect, sayProblem } from '../remote.ts'
import { renderValue } from '../render-outcome.ts'

/** An execution has a UUID for an id, everything else names an artifact. */
const EXECUTION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const execute: CommandModule['execute'] = async (terminal, [reference], options) => {
  const client = connect(terminal, options)
  const isExecution = EXECUTION_ID.test(reference!)
  const answer = await (isExecution ? client.executions.read(reference!) : client.artifacts.read(reference!))
  if (!answer.ok) return sayProblem(terminal, options, answer.problem)
  terminal.out(`${options.json ? JSON.stringify(answer.value) : renderValue(answer.value as Encoded)}\n`)
  return 'ok'
}
