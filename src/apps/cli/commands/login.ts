import { createClient } from '../../../client/index.ts'
import { textOption } from '../arguments.ts'
import type { CommandModule, Options } from '../commands.ts'
import { readCredentials, serverNameOf, writeCredentials } from '../credentials.ts'
import { DEFAULT_SERVER, sayProblem } from '../remote.ts'
import { UsageError, type Terminal } from '../terminal.ts'

export const execute: CommandModule['execute'] = async (terminal, [given], options) => {
  const server = serverNameOf(given ?? terminal.env['ANRF_SERVER'] ?? DEFAULT_SERVER)
  const key = await readKey(terminal, options)
  const answer = await createClient({ url: server, key }).identity.read()
  // A key that is not valid there is not kept.
  if (!answer.ok) return sayProblem(terminal, options, answer.problem)
  const before = readCredentials(terminal)
  writeCredentials(terminal, { server, keys: { ...before.keys, [server]: key } })
  const { principal, tenant, scopes } = answer.value
  if (options.json) terminal.out(`${JSON.stringify({ server, ...answer.value })}\n`)
  else terminal.out(`logged in to ${server} as ${principal} of ${tenant}, which may ${scopes.join(', ')}\n`)
  return 'ok'
}

/** From the option, the environment, or standard input, where no list of processes and no history of a shell sees it. */
async function readKey(terminal: Terminal, options: Options): Promise<string> {
  const given = textOption(options, 'key') ?? terminal.env['ANRF_KEY'] ?? '-'
  if (given !== '-') return given
  terminal.err('The key, on standard input:\n')
  const key = (await terminal.readStdin()).trim()
  if (key === '' || /\s/.test(key)) throw new UsageError('standard input has no key: give one line with the key')
  return key
}
