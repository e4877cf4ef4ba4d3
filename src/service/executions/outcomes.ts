import type { OutcomeKind } from '../../base/index.ts'
import type { EffectState, EffectsSummary, Progress } from '../../client/index.ts'

type OutcomeRow = {
  /** HTTP status of the answer. */
  readonly status: number
  /** The title of the problem, where the answer is one. */
  readonly title: string
  /** What happened. */
  readonly meaning: string
  /** What the caller may conclude, and do. */
  readonly conclusion: string
}

/**
 * How an execution can end, and what its caller knows then: statuses, titles and docs/API.md follow from these rows. What the
 * program does is never a 5xx: asking again gives the same. A crash is: the worker process died, and nothing says that it would again.
 */
export const OUTCOMES = {
  returned: {
    status: 200,
    title: 'The program returned',
    meaning: 'the entry returned; `output.result` is the value',
    conclusion: 'it ran to its end, once',
  },
  threw: {
    status: 422,
    title: 'The program threw an exception',
    meaning: 'the program threw an exception; `error` is `Name: message`',
    conclusion: 'it ran to the throw; the same inputs, world and answers throw again',
  },
  trapped: {
    status: 422,
    title: 'The program stopped at a trap',
    meaning: 'the program did what has no meaning in ANRF; `outcome.trap` names it',
    conclusion: 'it ran to the trap; the program is to be mended',
  },
  limited: {
    status: 422,
    title: 'The execution reached a limit',
    meaning: 'a limit was reached; `outcome.limit` names it',
    conclusion: 'it ran and was ended there; it needs a greater limit or less work',
  },
  refused: {
    status: 422,
    title: 'The execution was refused',
    meaning: 'inputs or entry do not fit, or a verifier refused the program or its result',
    conclusion: 'not run, unless `progress` is `ended`: then it ran and its result is kept from its caller',
  },
  suspended: {
    status: 202,
    title: 'The execution waits',
    meaning: 'not an end: it goes on when what it waits for has an answer; see `outcome.waitsFor`',
    conclusion: 'under way: `GET /executions/{id}` says how it goes on; asking again would be another execution',
  },
  cancelled: {
    status: 409,
    title: 'The execution was cancelled',
    meaning: 'somebody cancelled it, its caller went away, or the service stopped',
    conclusion: '`progress` says whether it had begun; effects that it had are listed and are not undone',
  },
  crashed: {
    status: 502,
    title: 'The worker process ended during the execution',
    meaning: 'the worker process ended; with effects it was taken up three times',
    conclusion: 'it ran, nobody knows how far beyond the effects that are listed; it may work the next time',
  },
  expired: {
    status: 504,
    title: 'The execution was not begun in time',
    meaning: 'it had not begun at its deadline',
    conclusion: 'not run, and it never will be: asking again is safe',
  },
} as const satisfies Record<OutcomeKind, OutcomeRow>

/** How far an execution has come that did not return, as its caller is told. */
export const PROGRESS = {
  'not-started': 'nothing of it ran, nothing was done, and nothing of it will be',
  'under-way': 'it was accepted, and goes on by itself',
  ended: 'it ran and ended as `outcome` says, with the effects that are listed',
  unknown: 'it had begun when the service failed: `GET /executions/{id}` says what is kept of it',
} as const satisfies Record<Progress, string>

/** What is known of a call of an effect when its execution ended. */
export const EFFECT_STATES = {
  acknowledged: 'it was done, or failed, as the program was told',
  unknown: 'it was under way: whether it was done is not known, and it is not done again',
  'given-up': 'the program gave it up before there was an answer: whether it was done is not known',
} as const satisfies Record<EffectState, string>

/** Calls that an answer names. */
const CALLS_SHOWN_MAX = 1000

/** A call as it stands in the journal, or of which there is nothing in the journal. */
type KnownCall = {
  readonly sequence: number
  readonly name: string
  readonly answerDigest?: string
  readonly cancelled?: true
}

/** `unknownDigest`: of the answer that says that an answer was lost. */
export function summarizeEffects(calls: readonly KnownCall[], unknownDigest: string): EffectsSummary | undefined {
  if (calls.length === 0) return undefined
  const all = calls
    .map((call) => ({ sequence: call.sequence, name: call.name, state: stateOf(call, unknownDigest) }))
    .sort((a, b) => a.sequence - b.sequence)
  const unknown = all.filter(({ state }) => state !== 'acknowledged').length
  return { count: all.length, unknown, calls: all.slice(0, CALLS_SHOWN_MAX) }
}

function stateOf({ answerDigest, cancelled }: KnownCall, unknownDigest: string): EffectState {
  if (answerDigest !== undefined) return answerDigest === unknownDigest ? 'unknown' : 'acknowledged'
  return cancelled ? 'given-up' : 'unknown'
}
