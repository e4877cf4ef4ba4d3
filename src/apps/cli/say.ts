import { LIMITS, type Clamped, type Diagnostic } from '../../base/index.ts'
import { limitFlag, type Options } from './commands.ts'
import { exitOfDiagnostics, type Exit } from './exit-codes.ts'
import { renderDiagnostics } from './render-diagnostics.ts'
import type { Terminal } from './terminal.ts'

/** Says why a command cannot go on: frames for people, one object with `--json`. */
export function sayRefused(terminal: Terminal, options: Options, diagnostics: readonly Diagnostic[]): Exit {
  if (options.json) {
    terminal.out(`${JSON.stringify({ outcome: 'refused', error: firstMessage(diagnostics), diagnostics })}\n`)
  } else terminal.err(renderDiagnostics(diagnostics, terminal.colours))
  return exitOfDiagnostics(diagnostics)
}

/** Says warnings, which keep nothing from going on; `--json` puts them into its object instead. */
export function sayWarnings(terminal: Terminal, options: Options, diagnostics: readonly Diagnostic[]): void {
  if (!options.json) terminal.err(renderDiagnostics(diagnostics, terminal.colours))
}

/** Says which limits were lowered to a ceiling; `--json` has them in its object instead. */
export function sayClamped(terminal: Terminal, options: Options, clamped: readonly Clamped[]): void {
  if (options.json) return
  for (const { limit, asked, given } of clamped)
    terminal.err(
      `note: --${limitFlag(limit)} was lowered from ${asked} to ${given} ${LIMITS[limit].unit}, the ceiling\n`,
    )
}

const firstMessage = (diagnostics: readonly Diagnostic[]): string =>
  diagnostics.find((d) => d.severity === 'error')?.message ?? ''
