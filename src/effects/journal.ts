import { merkleRoot, sha256Hex } from '../base/index.ts'
import type { Amounts } from './nested.ts'
import type { EffectAnswer, EffectCall } from './port.ts'

/** What is kept of a call of an effect. With the entries of a run, in order, the run can be done again bit for bit. */
export type JournalEntry = EffectCall & {
  /** Where the answer stands among all answers that the run was given; absent as long as there is none. */
  readonly order?: number
  readonly elapsed?: number
  readonly text?: string
  /** What the program used that was called, and those that it called: charged to the run with the answer. */
  readonly used?: Amounts
  /** The run gave the call up, so that it is not to be done again. */
  readonly cancelled?: true
}

/** The same without what was said: digests stand for arguments and answers. */
export type JournalDigest = Omit<JournalEntry, 'args' | 'text'> & {
  readonly argsDigest: string
  readonly answerDigest?: string
}

export function digestEntry({
  sequence,
  name,
  args,
  order,
  elapsed,
  text,
  used,
  cancelled,
}: JournalEntry): JournalDigest {
  return {
    sequence,
    name,
    argsDigest: digest(args),
    ...(order === undefined ? {} : { order }),
    ...(elapsed === undefined ? {} : { elapsed }),
    ...(text === undefined ? {} : { answerDigest: digest(text) }),
    ...(used === undefined ? {} : { used }),
    ...(cancelled ? { cancelled } : {}),
  }
}

/**
 * What a receipt says of a journal: the Merkle root over its digests, so that a single call can be proved to be in it
 * without showing the others. Leaves are compact JSON with members in a fixed order.
 */
export function journalRoot(entries: readonly JournalDigest[]): string {
  return merkleRoot(
    entries.map(({ sequence, name, argsDigest, order, elapsed, answerDigest, used, cancelled }) =>
      JSON.stringify([
        sequence,
        name,
        argsDigest,
        order ?? null,
        elapsed ?? null,
        answerDigest ?? null,
        cancelled ?? false,
        ...(used ? [[used.fuel, used.allocation, used.effects]] : []),
      ]),
    ),
  )
}

/** Answers in the order in which the run was given them. */
export function answersOf(entries: readonly JournalEntry[]): EffectAnswer[] {
  return entries
    .flatMap(({ sequence, order, elapsed, text }) =>
      order === undefined || elapsed === undefined || text === undefined ? [] : [{ sequence, order, elapsed, text }],
    )
    .sort((a, b) => a.order - b.order)
    .map(({ sequence, elapsed, text }) => ({ sequence, elapsed, text }))
}

const digest = (text: string): string => `sha256:${sha256Hex(text)}`
