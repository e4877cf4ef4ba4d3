import { textOption } from '../arguments.ts'
import type { CommandModule } from '../commands.ts'
import { connect, sayProblem } from '../remote.ts'
import { UsageError } from '../terminal.ts'

export const execute: CommandModule['execute'] = async (terminal, [executionId, call], options) => {
  if (Boolean(options['approve']) === Boolean(options['refuse']))
    throw new UsageError('give one of --approve and --refuse')
  if (!/^\d+$/.test(call!)) throw new UsageError(`a call has a whole number, not ${call}`)
  const note = textOption(options, 'note')
  const decision = { approved: options['approve'] === true, ...(note !== undefined && { note }) }
  const answer = await connect(terminal, options).executions.decide(executionId!, call!, decision)
  if (!answer.ok) return sayProblem(terminal, options, answer.problem)
  terminal.out(options.json ? `${JSON.stringify(answer.value)}\n` : `execution ${answer.value.executionId} goes on\n`)
  return 'ok'
}
