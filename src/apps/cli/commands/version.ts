import { readFileSync } from 'node:fs'
import type { CommandModule } from '../commands.ts'

export const execute: CommandModule['execute'] = async (terminal, _args, options) => {
  const manifest = new URL('../../../../package.json', import.meta.url)
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  terminal.out(
    options.json ? `${JSON.stringify({ anrf: version, node: process.versions.node })}\n` : `anrf ${version}\n`,
  )
  return 'ok'
}
