import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Diagnostic } from '../../base/index.ts'
import { CONFIG_FILE, environmentLayer, readAssignments, readConfigFile, type Layer } from '../../service/index.ts'
import { listOption, textOption } from './arguments.ts'
import type { Options } from './commands.ts'
import type { Terminal } from './terminal.ts'

/** Options that stand for a setting each, by their names. */
const FLAGS = { port: 'ANRF_PORT', host: 'ANRF_HOST', data: 'ANRF_DATA', isolation: 'ANRF_ISOLATION' } as const

type Read = { readonly layers: readonly Layer[] } | { readonly diagnostics: readonly Diagnostic[] }

/** Where settings are given, the strongest first: options, `--set`, the environment, the configuration file. */
export function readSettings(terminal: Terminal, options: Options): Read {
  const assigned = readAssignments(listOption(options, 'set'))
  const file = readFile(terminal, options)
  const diagnostics = [assigned, file].flatMap((read) => (read && 'diagnostics' in read ? read.diagnostics : []))
  if (diagnostics.length > 0) return { diagnostics }
  const environment = environmentLayer(terminal.env)
  const others = [assigned, file].flatMap((read) => (read && 'layer' in read ? [read.layer] : []))
  const [first, ...rest] = others
  return { layers: [flagsOf(options), first!, environment, ...rest] }
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
