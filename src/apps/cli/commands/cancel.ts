import type { CommandModule } from '../commands.ts'
import { connect, sayProblem } from '../remote.ts'

export const execute: CommandModule['execute'] = async (terminal, [executionId], options) => {
  const answer = await connect(terminal, options).executions.cancel(executionId!)
  if (!answer.ok) return sayProblem(terminal, options, answer.problem)
  terminal.out(
    options.json ? `${JSON.stringify(answer.value)}\n` : `execution ${executionId} is ${answer.value.outcome}\n`,
  )
  return 'ok'
}
