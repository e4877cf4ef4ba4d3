import { clampLimits, type Clamped, type Diagnostic, type Encoded } from '../../../base/index.ts'
import { checkInputs } from '../../../engine/index.ts'
import type { Module } from '../../../ir/index.ts'
import { newWorld, type ExecuteReport } from '../../../sandbox/index.ts'
import { readInputs, readLimits, readWorld, textOption } from '../arguments.ts'
import { chooseEntry, chooseMode } from '../choose.ts'
import type { CommandModule, Options } from '../commands.ts'
import { exitOfOutcome, type Exit } from '../exit-codes.ts'
import { showControls } from '../plain-text.ts'
import { moveStack, placeFrom } from '../places.ts'
import { loadProgramFile } from '../program-file.ts'
import { saveRecording } from '../record.ts'
import { describeFailure, renderFailure, renderValue } from '../render-outcome.ts'
import { sayClamped, sayRefused, sayWarnings } from '../say.ts'
import type { Terminal } from '../terminal.ts'
import { readGivenTools } from '../tools.ts'
import { runCalls, startWorker, type Call, type WorkerOptions } from '../worker.ts'

export const execute: CommandModule['execute'] = async (terminal, [path], options) => {
  const asked = readLimits(options)
  const mode = chooseMode(options)
  const worker = await startWorker(terminal, options)
  if ('refused' in worker) return sayRefused(terminal, options, worker.refused)
  try {
    const given = await readGivenTools(terminal, options)
    if ('diagnostics' in given) return sayRefused(terminal, options, given.diagnostics)
    const loaded = await loadProgramFile(terminal, path!, given)
    if ('refused' in loaded) return sayRefused(terminal, options, loaded.refused)
    sayWarnings(terminal, options, loaded.diagnostics)
    const call = await prepareCall(terminal, loaded.module, options)
    if ('diagnostics' in call) return sayRefused(terminal, options, call.diagnostics)
    const { limits, clamped } = clampLimits({ ...loaded.limits, ...asked })
    sayClamped(terminal, options, clamped)
    const onLog = (line: string): void => terminal.err(`${terminal.colours ? showControls(line) : line}\n`)
    const log = options.json ? {} : { onLog }
    const { openAccess } = await import('../access.ts')
    const { capabilities } = loaded
    const access = await openAccess(terminal, options, { path: path!, limits, tools: given.tools, capabilities })
    if ('diagnostics' in access) return sayRefused(terminal, options, access.diagnostics)
    const world = newWorld(readWorld(options))
    const run: WorkerOptions = { limits, mode, world, access, signal: terminal.stopped, ...log }
    const startedAt = new Date()
    let report: ExecuteReport | undefined
    await runCalls(worker, loaded.bytes, [call], run, (got) => (report = got)).finally(access.close)
    if (!report) throw new Error('a run gave no report')
    await saveRecording(terminal, options, {
      program: loaded.bytes,
      call,
      limits,
      mode,
      world,
      access,
      startedAt,
      report,
    })
    return sayReport(terminal, options, mode, loaded.root, report, clamped)
  } finally {
    await worker.close(0)
  }
}

/** The entry and its arguments, checked against its types. */
async function prepareCall(
  terminal: Terminal,
  module: Module,
  options: Options,
): Promise<Call | { readonly diagnostics: readonly Diagnostic[] }> {
  const chosen = chooseEntry(module, textOption(options, 'entry'))
  if ('diagnostics' in chosen) return chosen
  const given = await readInputs(terminal, options)
  if ('diagnostics' in given) return given
  const checked = checkInputs(module, chosen.entry, given.inputs)
  return 'diagnostics' in checked ? checked : { entry: chosen.entry, args: checked.args }
}

function sayReport(
  terminal: Terminal,
  options: Options,
  mode: string,
  root: string | undefined,
  report: ExecuteReport,
  clamped: readonly Clamped[],
): Exit {
  const outcome = root === undefined ? report.outcome : moveStack(report.outcome, placeFrom(root, terminal.folder))
  const { logs, executionId, usage, world, isolation } = report
  if (options.json) {
    const output: { result: Encoded } | null = outcome.kind === 'returned' ? { result: outcome.value } : null
    const failure = describeFailure(outcome)
    const more = { ...(clamped.length > 0 && { clamped }), ...(world && { world }) }
    terminal.out(
      `${JSON.stringify({ outcome: outcome.kind, output, ...failure, logs, executionId, mode, isolation, usage, ...more })}\n`,
    )
  } else if (outcome.kind === 'returned') terminal.out(`${renderValue(outcome.value)}\n`)
  else terminal.err(renderFailure(outcome, terminal.colours))
  return exitOfOutcome(outcome)
}
