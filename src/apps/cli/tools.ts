import { dirname, resolve } from 'node:path'
import { diagnostic, readJson, type Diagnostic } from '../../base/index.ts'
import type { Tools } from '../../broker/index.ts'
import { declareTool } from '../../effects/index.ts'
import type { Library } from '../../front/index.ts'
import { readGiven, textOption } from './arguments.ts'
import type { Options } from './commands.ts'
import type { Terminal } from './terminal.ts'

/** The tools of `--tools`, and the modules by which programs import them. */
export type GivenTools = { readonly tools: Tools; readonly modules: Library['modules'] }

/** Reads the file of `--tools`; without it there are none. */
export async function readGivenTools(
  terminal: Terminal,
  options: Options,
): Promise<GivenTools | { readonly diagnostics: readonly Diagnostic[] }> {
  const path = textOption(options, 'tools')
  if (path === undefined) return { tools: new Map(), modules: [] }
  const json = readJson(await readGiven(terminal, path))
  if (!json.ok) return { diagnostics: [diagnostic('ANRF4004', { message: `${path} is not JSON: ${json.message}` })] }
  const { readTools } = await import('../../broker/index.ts')
  const read = readTools(json.value, { folder: dirname(resolve(terminal.folder, path)) })
  if ('diagnostics' in read) return read
  const modules = [...read.tools.values()].map(({ description }) => ({
    name: `tool:${description.name}`,
    text: declareTool(description),
  }))
  return { tools: read.tools, modules }
}
