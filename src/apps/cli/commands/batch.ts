import { hasErrors, readJson, resolveLimits, type Diagnostic, type Encoded, type Outcome } from '../../../base/index.ts'
import { checkArguments } from '../../../engine/index.ts'
import { readGiven, textOption } from '../arguments.ts'
import { chooseMode } from '../choose.ts'
import type { CommandModule } from '../commands.ts'
import { exitOfDiagnostics, type Exit } from '../exit-codes.ts'
import { loadProgramFile } from '../program-file.ts'
import { describeFailure } from '../render-outcome.ts'
import { UsageError, type Terminal } from '../terminal.ts'
import { runCalls, startWorker, type Call } from '../worker.ts'

/** How a case ended; `args` are the arguments after the call. */
type Ending = { readonly outcome: Outcome; readonly args?: readonly Encoded[] }

/**
 * One JSON line per case, in order: `{"ok":VALUE,"args":[...]}`, `{"throw":{"name","message"}}`, or `null` where the
 * execution failed; standard error then says why, also as JSON lines. Log lines of the program are dropped.
 */
export const execute: CommandModule['execute'] = async (terminal, [path], options) => {
  const mode = chooseMode(options)
  const worker = await startWorker(terminal, options)
  if ('refused' in worker) return sayRefused(terminal, worker.refused)
  try {
    const calls = await readCases(terminal, textOption(options, 'cases') ?? '-')
    const loaded = await loadProgramFile(terminal, path!, { entries: [...new Set(calls.map((call) => call.entry))] })
    if ('refused' in loaded) return sayRefused(terminal, loaded.refused)
    const plan = calls.map((call): Call | Ending => {
      const checked = checkArguments(loaded.module, call.entry, call.args)
      return 'diagnostics' in checked ? { outcome: { kind: 'refused', ...checked } } : call
    })
    let exit: Exit = 'ok'
    let next = 0
    const answer = (ending: Ending): void => {
      if (!sayEnding(terminal, next, asGiven(ending, calls[next]))) exit = 'failed'
      next++
      // Cases that do not fit their entry have no report to wait for.
      for (let known = plan[next]; known && 'outcome' in known; known = plan[next]) {
        sayEnding(terminal, next++, known)
        exit = 'failed'
      }
    }
    const first = plan[0]
    if (first && 'outcome' in first) answer(first)
    const run = { limits: resolveLimits(loaded.limits), mode, signal: terminal.stopped }
    await runCalls(
      worker,
      loaded.bytes,
      plan.filter((item) => 'entry' in item),
      run,
      answer,
    )
    return exit
  } finally {
    await worker.close(0)
  }
}

/** Arguments that the caller left out are none after the call either. */
function asGiven(ending: Ending, call: Call | undefined): Ending {
  return ending.args && call ? { ...ending, args: ending.args.slice(0, call.args.length) } : ending
}

async function readCases(terminal: Terminal, from: string): Promise<Call[]> {
  const text = from === '-' ? await terminal.readStdin() : (await readGiven(terminal, from)).toString()
  const lines = text.split('\n').map((line, i) => [line, i + 1] as const)
  return lines.filter(([line]) => line.trim() !== '').map(([line, number]) => readCase(line, number))
}

function readCase(line: string, number: number): Call {
  const json = readJson(Buffer.from(line))
  if (!json.ok) throw new UsageError(`line ${number} of the cases is not JSON: ${json.message}`)
  const { entry, args } = (json.value ?? {}) as { entry?: unknown; args?: unknown }
  if (typeof entry === 'string' && Array.isArray(args)) return { entry, args: args as Encoded[] }
  throw new UsageError(`line ${number} of the cases is not of the form {"entry":NAME,"args":[...]}`)
}

/** Prints the answer to a case; whether it ran (an exception is an answer). */
function sayEnding(terminal: Terminal, index: number, { outcome, args }: Ending): boolean {
  if (outcome.kind === 'returned') terminal.out(`${JSON.stringify({ ok: outcome.value, args })}\n`)
  else if (outcome.kind === 'threw') {
    const { name, message } = outcome.error
    terminal.out(`${JSON.stringify({ throw: { name, message } })}\n`)
  } else {
    terminal.out('null\n')
    const stage = outcome.kind === 'refused' ? 'input' : 'execute'
    terminal.err(`${JSON.stringify({ stage, case: index, outcome: outcome.kind, ...describeFailure(outcome) })}\n`)
    return false
  }
  return true
}

/** Why the program does not run, as one JSON line: the first error. */
function sayRefused(terminal: Terminal, diagnostics: readonly Diagnostic[]): Exit {
  const errors = diagnostics.filter((d) => hasErrors([d]))
  const { code, feature, message, location } = errors[0]!
  const exit = exitOfDiagnostics(diagnostics)
  const stage = exit === 'unparsed' ? 'parse' : 'compile'
  terminal.err(
    `${JSON.stringify({ stage, feature: feature ?? code, code, message, location, errors: errors.length })}\n`,
  )
  return exit
}
