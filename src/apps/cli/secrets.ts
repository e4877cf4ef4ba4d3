import { diagnostic, type Diagnostic } from '../../base/index.ts'
import type { Secret } from '../../broker/index.ts'
import { listOption } from './arguments.ts'
import type { Options } from './commands.ts'
import type { Terminal } from './terminal.ts'

const FORM = /^([^@=]+)@([^=]+)=([A-Za-z_][A-Za-z0-9_]*)$/

/** The secrets of `--secret NAME@HOST[,HOST...]=VARIABLE`; their values stand in the environment, never on a command line. */
export async function readGivenSecrets(
  terminal: Terminal,
  options: Options,
): Promise<{ readonly secrets: readonly Secret[] } | { readonly diagnostics: readonly Diagnostic[] }> {
  const given = listOption(options, 'secret')
  if (given.length === 0) return { secrets: [] }
  const { readSecret } = await import('../../broker/index.ts')
  const read = given.map((text) => {
    const [, name, hosts, variable] = FORM.exec(text) ?? []
    if (variable === undefined) return refuse(`${JSON.stringify(text)}: expected NAME@HOST=VARIABLE`)
    const value = terminal.env[variable]
    if (value === undefined) return refuse(`${name}: the environment has no variable ${variable}`)
    return readSecret(name!, value, hosts!.split(','))
  })
  const diagnostics = read.flatMap((one) => ('diagnostics' in one ? one.diagnostics : []))
  if (diagnostics.length > 0) return { diagnostics }
  return { secrets: read.flatMap((one) => ('secret' in one ? [one.secret] : [])) }
}

const refuse = (message: string): { readonly diagnostics: readonly Diagnostic[] } => ({
  diagnostics: [diagnostic('ANRF4011', { message: `the secret ${message}` })],
})
