import type { Diagnostic } from '../../base/index.ts'
import type { Secret } from '../../broker/index.ts'
import { listOption } from './arguments.ts'
import type { Options } from './commands.ts'
import type { Terminal } from './terminal.ts'

/** The secrets of `--secret NAME@HOST[,HOST...]=VARIABLE`; their values stand in the environment, never on a command line. */
export async function readGivenSecrets(
  terminal: Terminal,
  options: Options,
): Promise<{ readonly secrets: readonly Secret[] } | { readonly diagnostics: readonly Diagnostic[] }> {
  const given = listOption(options, 'secret')
  if (given.length === 0) return { secrets: [] }
  const { parseSecret } = await import('../../broker/index.ts')
  const read = given.map((text) => parseSecret(text, terminal.env))
  const diagnostics = read.flatMap((one) => ('diagnostics' in one ? one.diagnostics : []))
  if (diagnostics.length > 0) return { diagnostics }
  return { secrets: read.flatMap((one) => ('secret' in one ? [one.secret] : [])) }
}
