import type { CommandModule } from '../commands.ts'
import { connect, sayProblem, serverOf } from '../remote.ts'

export const execute: CommandModule['execute'] = async (terminal, _args, options) => {
  const answer = await connect(terminal, options).identity.read()
  if (!answer.ok) return sayProblem(terminal, options, answer.problem)
  const server = serverOf(terminal, options)
  const { principal, tenant, scopes } = answer.value
  if (options.json) terminal.out(`${JSON.stringify({ server, ...answer.value })}\n`)
  else terminal.out(`${principal} of ${tenant} at ${server}, which may ${scopes.join(', ')}\n`)
  return 'ok'
}
