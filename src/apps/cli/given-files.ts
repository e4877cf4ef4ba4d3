import { readJson } from '../../base/index.ts'
import { readGiven } from './arguments.ts'
import { UsageError, type Terminal } from './terminal.ts'

/** The value of a JSON file that the user named. Throws {@link UsageError} when it is none. */
export async function readGivenJson(terminal: Terminal, path: string): Promise<unknown> {
  const json = readJson(await readGiven(terminal, path))
  if (json.ok) return json.value
  throw new UsageError(`${path} is not JSON: ${json.message}`)
}

/** The text of a file that the user named. Throws {@link UsageError} when it cannot be read. */
export async function readText(terminal: Terminal, path: string): Promise<string> {
  return (await readGiven(terminal, path)).toString('utf8')
}
