import type { ExecutionUsage, LimitName, Mode, Outcome } from '../base/index.ts'
import type { EffectCall } from '../effects/index.ts'
import { programIdOf, type ExecuteReport, type ExecuteRequest } from '../sandbox/index.ts'
import { describeUnmade } from './divergence.ts'
import type { Recording } from './recording.ts'
import { Session, type JournalWriter, type Performer } from './session.ts'

/** What came of doing an execution again. */
export type Verdict =
  | { readonly kind: 'same' }
  /** `differences`: a line each, the first effect that differs in first place. */
  | { readonly kind: 'different'; readonly differences: readonly string[] }
  /** The execution was ended from outside, which no journal brings back. */
  | { readonly kind: 'not-reproducible'; readonly reason: string }

export type Replayed = { readonly verdict: Verdict; readonly report: ExecuteReport }

/** Executes one request, as `Pool.execute` does. */
export type Execute = (request: ExecuteRequest) => Promise<ExecuteReport>

/** Executes a recording again, in the mode that it ran in or another one, and compares everything but times. Nothing reaches the world. */
export async function replayRecording(recording: Recording, execute: Execute, mode?: Mode): Promise<Replayed> {
  const programBytes = new Uint8Array(Buffer.from(recording.program, 'base64'))
  const { entry, args, limits, world } = recording
  const session = replaySession(recording)
  const report = await execute({
    programId: programIdOf(programBytes),
    programBytes,
    entry,
    args,
    limits,
    mode: mode ?? recording.mode,
    world,
    effects: session,
  })
  return { verdict: judge(recording, report, session.unmade()), report }
}

const NOWHERE: JournalWriter = { begin: async () => {}, answer: async () => {}, cancel: async () => {} }

function replaySession({ journal, outcome, limits }: Recording): Session {
  const performer: Performer = {
    // What an execution was suspended for has no answer in its journal either.
    perform: async () => ({ kind: outcome.kind === 'suspended' ? 'suspended' : 'absent' }),
    usage: () => ({ bytesIn: 0, bytesOut: 0 }),
  }
  const rest = { journal: NOWHERE, past: journal, isRepeatable: () => true, elapsed: () => 0 }
  return new Session({ performer, limits, ...rest })
}

/** Limits whose breach depends on the machine and its load. */
const FROM_OUTSIDE: ReadonlySet<LimitName> = new Set(['wall', 'cpu', 'memory', 'io', 'concurrency'])

function reasonAgainst(outcome: Outcome): string | undefined {
  if (outcome.kind === 'limited' && FROM_OUTSIDE.has(outcome.limit))
    return `it reached the limit ${outcome.limit}, which depends on more than the program`
  if (outcome.kind === 'cancelled' || outcome.kind === 'crashed' || outcome.kind === 'expired')
    return `it was ${outcome.kind}`
  return undefined
}

const UNMADE_SHOWN_MAX = 10

/** What is equal in every mode. */
const EXACT = [
  'fuel',
  'allocatedBytes',
  'depthMax',
  'logBytes',
  'nestedFuel',
  'nestedAllocatedBytes',
  'nestedEffects',
] as const satisfies readonly (keyof ExecutionUsage)[]

function judge(recording: Recording, report: ExecuteReport, unmade: readonly EffectCall[]): Verdict {
  const reason = reasonAgainst(recording.outcome)
  if (reason !== undefined) return { kind: 'not-reproducible', reason }
  const differences: string[] = unmade.slice(0, UNMADE_SHOWN_MAX).map(describeUnmade)
  const compare = (what: string, was: unknown, is: unknown): void => {
    const [before, now] = [JSON.stringify(was), JSON.stringify(is)]
    if (before !== now) differences.push(`${what}: was ${shorten(before)}, is ${shorten(now)}`)
  }
  // A run that was ended because it diverged has nothing else to compare.
  if (report.outcome.kind === 'crashed') return { kind: 'different', differences: [report.outcome.message] }
  compare('outcome', recording.outcome, report.outcome)
  recording.logs.forEach((line, i) => line === report.logs[i] || compare(`log line ${i + 1}`, line, report.logs[i]))
  if (report.logs.length > recording.logs.length) compare('log lines', recording.logs.length, report.logs.length)
  // Recordings from before programs counted that were called do not tell of them.
  for (const name of EXACT) compare(name, recording.usage[name] ?? 0, report.usage[name])
  return differences.length === 0 ? { kind: 'same' } : { kind: 'different', differences }
}

const TEXT_MAX = 400

const shorten = (text: string | undefined): string =>
  text === undefined ? 'absent' : text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}...` : text
