import { diagnostic, type Diagnostic } from '../../base/index.ts'
import { createClient, type Client, type ProblemBody } from '../../client/index.ts'
import { textOption } from './arguments.ts'
import type { Options } from './commands.ts'
import { readCredentials, serverNameOf } from './credentials.ts'
import { exitOfDiagnostics, exitOfOutcome, type Exit } from './exit-codes.ts'
import { renderDiagnostics } from './render-diagnostics.ts'
import { renderFailure } from './render-outcome.ts'
import type { Terminal } from './terminal.ts'

export const DEFAULT_SERVER = 'http://127.0.0.1:8787'

/** The service that options or environment name, else the one that the user logged in to. */
export function serverOf(terminal: Terminal, options: Options): string {
  const named = textOption(options, 'server') ?? terminal.env['ANRF_SERVER']
  return named ?? readCredentials(terminal).server ?? DEFAULT_SERVER
}

/** A client for it. A kept key is sent to no other service than the one that it was kept for. */
export function connect(terminal: Terminal, options: Options): Client {
  const url = serverOf(terminal, options)
  const given = textOption(options, 'key') ?? terminal.env['ANRF_KEY']
  const key = given ?? readCredentials(terminal).keys[serverNameOf(url)]
  return createClient(key === undefined ? { url } : { url, key })
}

/** Says what a service refused or how its execution failed, as if it had happened here. */
export function sayProblem(terminal: Terminal, options: Options, problem: ProblemBody): Exit {
  const { outcome } = problem
  const diagnostics = diagnosticsOf(problem)
  if (options.json) terminal.out(`${JSON.stringify(problem)}\n`)
  else if (outcome && outcome.kind !== 'refused') terminal.err(renderFailure(outcome, terminal.colours))
  else terminal.err(renderDiagnostics(diagnostics, terminal.colours))
  return outcome && outcome.kind !== 'refused' ? exitOfOutcome(outcome) : exitOfDiagnostics(diagnostics)
}

function diagnosticsOf({ diagnostics, code, detail, status }: ProblemBody): readonly Diagnostic[] {
  if (diagnostics && diagnostics.length > 0) return diagnostics
  const hint =
    code === 'ANRF5005' && status === 0 ? 'Start one with `anrf serve`, or name one with --server.' : undefined
  return [diagnostic(code ?? 'ANRF5008', hint === undefined ? { message: detail } : { message: detail, hint })]
}
