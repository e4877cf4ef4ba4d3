import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Diagnostic } from '../../base/index.ts'
import {
  CONFIG_FILE,
  environmentLayer,
  readAssignments,
  readConfigFile,
  readLayers,
  type Layer,
  type ServiceConfig,
} from '../../service/index.ts'
import { listOption, textOption } from './arguments.ts'
import type { Options } from './commands.ts'
import type { Terminal } from './terminal.ts'

/** Options that stand for a setting each, by their names. */
const FLAGS = { port: 'ANRF_PORT', host: 'ANRF_HOST', data: 'ANRF_DATA', isolation: 'ANRF_ISOLATION' } as const

/** What a service is told, and where each setting was given, the strongest place first; or all that is wrong with it. */
type Configuration =
  | { readonly config: ServiceConfig; readonly layers: readonly Layer[] }
  | { readonly diagnostics: readonly Diagnostic[] }

/** Reads options, `--set`, the environment and the configuration file. `preset` goes before all of them. */
export function readConfiguration(
  terminal: Terminal,
  options: Options,
  preset: Partial<ServiceConfig> = {},
): Configuration {
  const assigned = readAssignments(listOption(options, 'set'))
  const file = readFile(terminal, options)
  const layers = [flagsOf(options), assigned.layer, environmentLayer(terminal.env), ...(file ? [file.layer] : [])]
  const read = readLayers(layers, terminal.env, preset)
  const unknown = [...assigned.diagnostics, ...(file?.diagnostics ?? [])]
  if ('diagnostics' in read) return { diagnostics: [...unknown, ...read.diagnostics] }
  return unknown.length > 0 ? { diagnostics: unknown } : { config: read.config, layers }
}

function flagsOf(options: Options): Layer {
  const given = Object.entries(FLAGS).map(([name, env]) => [env, textOption(options, name)])
  const names = Object.fromEntries(Object.entries(FLAGS).map(([name, env]) => [env as string, name]))
  return { origin: 'flag', values: Object.fromEntries(given), placeOf: ({ env }) => `--${names[env]}` }
}

/** The file that was named, else the one in the current folder, if there is one. */
function readFile(terminal: Terminal, options: Options): ReturnType<typeof readConfigFile> | undefined {
  const named = textOption(options, 'config') ?? terminal.env['ANRF_CONFIG']
  const path = resolve(terminal.folder, named ?? CONFIG_FILE)
  return named === undefined && !existsSync(path) ? undefined : readConfigFile(path, named ?? CONFIG_FILE)
}
