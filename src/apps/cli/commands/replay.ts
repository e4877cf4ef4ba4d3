import { diagnostic, MODE_CHOICES, readJson, type Diagnostic, type Mode } from '../../../base/index.ts'
import type { ProblemBody } from '../../../client/index.ts'
import { trustedKeyOf, type TrustedKey } from '../../../document/index.ts'
import { checkReceipt, readRecording, replayRecording, type Recording, type Verdict } from '../../../journal/index.ts'
import { listOption, readGiven, textOption } from '../arguments.ts'
import type { CommandModule, Options } from '../commands.ts'
import type { Exit } from '../exit-codes.ts'
import { showControls } from '../plain-text.ts'
import { connect, sayProblem } from '../remote.ts'
import { sayRefused } from '../say.ts'
import { UsageError, type Terminal } from '../terminal.ts'
import { startWorker } from '../worker.ts'

export const execute: CommandModule['execute'] = async (terminal, [path], options) => {
  const mode = readMode(options)
  const given = await readGivenOrRemote(terminal, options, path!)
  if ('problem' in given) return sayProblem(terminal, options, given.problem)
  const recording = readRecording(given.bytes)
  if ('diagnostics' in recording) return sayRefused(terminal, options, recording.diagnostics)
  const wrong = await checkGivenReceipt(terminal, options, recording)
  if (wrong) return sayRefused(terminal, options, [wrong])
  const pool = await startWorker(terminal, options)
  if ('refused' in pool) return sayRefused(terminal, options, pool.refused)
  try {
    const { verdict } = await replayRecording(
      recording,
      async (request) => {
        const report = await pool.execute(request, terminal.stopped)
        // The pool is ours alone: nobody else can fill or close it.
        if ('rejected' in report) throw new Error(`the worker pool of this command rejects a run: ${report.rejected}`)
        return report
      },
      mode,
    )
    return sayVerdict(terminal, options, recording, verdict)
  } finally {
    await pool.close(0)
  }
}

const EXECUTION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The recording in a file, or that of an execution of a service. */
async function readGivenOrRemote(
  terminal: Terminal,
  options: Options,
  name: string,
): Promise<{ readonly bytes: Uint8Array } | { readonly problem: ProblemBody }> {
  if (!EXECUTION_ID.test(name)) return { bytes: await readGiven(terminal, name) }
  const answer = await connect(terminal, options).executions.recording(name)
  return answer.ok ? { bytes: Buffer.from(JSON.stringify(answer.value)) } : { problem: answer.problem }
}

function readMode(options: Options): Mode | undefined {
  const mode = textOption(options, 'mode')
  if (mode === undefined) return undefined
  const found = MODE_CHOICES.find((choice) => choice === mode && choice !== 'auto')
  if (!found) throw new UsageError(`--mode takes one of ${MODE_CHOICES.filter((m) => m !== 'auto').join(', ')}`)
  return found as Mode
}

async function checkGivenReceipt(
  terminal: Terminal,
  options: Options,
  recording: Recording,
): Promise<Diagnostic | undefined> {
  const path = textOption(options, 'receipt')
  if (path === undefined) return undefined
  const json = readJson(await readGiven(terminal, path))
  const trusted = await Promise.all(listOption(options, 'trust').map((pem) => readKey(terminal, pem)))
  if (trusted.length === 0) throw new UsageError('--receipt needs a key to trust: --trust PEM')
  const checked = json.ok ? checkReceipt(json.value, recording, trusted) : { problem: json.message }
  return 'problem' in checked ? diagnostic('ANRF6002', { message: checked.problem }) : undefined
}

async function readKey(terminal: Terminal, path: string): Promise<TrustedKey> {
  const key = trustedKeyOf((await readGiven(terminal, path)).toString('utf8'))
  if (!key) throw new UsageError(`${path} is no Ed25519 key in PEM`)
  return key
}

function sayVerdict(terminal: Terminal, options: Options, recording: Recording, verdict: Verdict): Exit {
  const { executionId, journal } = recording
  if (options['json']) terminal.out(`${JSON.stringify({ executionId, calls: journal.length, verdict })}\n`)
  else terminal.out(showControls(textOf(recording, verdict)))
  return verdict.kind === 'same' ? 'ok' : verdict.kind === 'different' ? 'refused' : 'failed'
}

function textOf({ journal, outcome }: Recording, verdict: Verdict): string {
  switch (verdict.kind) {
    case 'same':
      return `same: outcome ${outcome.kind}, ${journal.length} calls of effects answered from the journal\n`
    case 'different':
      return `different (ANRF6003):\n${verdict.differences.map((line) => `  ${line}\n`).join('')}`
    case 'not-reproducible':
      return `not reproducible: ${verdict.reason}\n`
  }
}
