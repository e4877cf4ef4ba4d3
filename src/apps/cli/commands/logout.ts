import type { CommandModule } from '../commands.ts'
import { readCredentials, serverNameOf, writeCredentials } from '../credentials.ts'

export const execute: CommandModule['execute'] = async (terminal, [given], options) => {
  const { server, keys } = readCredentials(terminal)
  const left = given === undefined ? server : serverNameOf(given)
  const wasIn = left !== undefined && Object.hasOwn(keys, left)
  const rest = Object.fromEntries(Object.entries(keys).filter(([name]) => name !== left))
  // Without a key for it, no command asks that service any more.
  const kept = server === left || server === undefined ? {} : { server }
  if (wasIn) writeCredentials(terminal, { ...kept, keys: rest })
  if (options.json) terminal.out(`${JSON.stringify({ server: left, wasLoggedIn: wasIn })}\n`)
  else terminal.out(wasIn ? `logged out of ${left}\n` : `not logged in${left === undefined ? '' : ` to ${left}`}\n`)
  return 'ok'
}
