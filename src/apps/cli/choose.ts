import {
  diagnostic,
  ISOLATION_CHOICES,
  MODE_CHOICES,
  resolveMode,
  type Diagnostic,
  type IsolationChoice,
  type Mode,
} from '../../base/index.ts'
import type { Module } from '../../ir/index.ts'
import { textOption } from './arguments.ts'
import type { Options } from './commands.ts'
import { UsageError, type Terminal } from './terminal.ts'

/** The mode that was asked for. Throws {@link UsageError} for a mode that this build does not have. */
export function chooseMode(options: Options): Mode {
  const asked = textOption(options, 'mode') ?? 'auto'
  const mode = MODE_CHOICES.find((choice) => choice === asked)
  if (!mode) throw new UsageError(`there is no mode ${asked}: use ${MODE_CHOICES.join(', ')}`)
  return resolveMode(mode)
}

/** The isolation that was asked for by the option, else by the environment. Throws {@link UsageError} for one that there is not. */
export function chooseIsolation(options: Options, env: Terminal['env']): IsolationChoice {
  const asked = textOption(options, 'isolation') ?? env['ANRF_ISOLATION'] ?? 'auto'
  const choice = ISOLATION_CHOICES.find((known) => known === asked)
  if (!choice) throw new UsageError(`there is no isolation ${asked}: use ${ISOLATION_CHOICES.join(', ')}`)
  return choice
}

/** The entry to run: the one asked for, else the only one, else `main` or `default`. */
export function chooseEntry(
  module: Module,
  asked: string | undefined,
): { readonly entry: string } | { readonly diagnostics: readonly Diagnostic[] } {
  const names = module.entries.map((entry) => entry.name)
  const entry = asked ?? (names.length === 1 ? names[0] : ['main', 'default'].find((name) => names.includes(name)))
  if (entry !== undefined && names.includes(entry)) return { entry }
  const message =
    asked === undefined
      ? names.length === 0
        ? 'The program exports no function to run'
        : 'The program has several entries and none was chosen'
      : `The program has no entry ${asked}`
  const hint = names.length === 0 ? 'Export a function.' : `Use --entry with one of: ${names.join(', ')}.`
  return { diagnostics: [diagnostic('ANRF1105', { message, hint })] }
}
