import { sha256Hex } from '../base/index.ts'
import {
  canonicalJson,
  isAbout,
  signStatement,
  verifyStatement,
  type SignatureBundle,
  type SigningKey,
  type TrustedKey,
} from '../document/index.ts'
import { digestEntry, journalRoot } from '../effects/index.ts'
import type { Recording } from './recording.ts'

const PREDICATE_TYPE = 'urn:anrf:predicate:execution:v1'

/**
 * What a service says of an execution, without what was said in it: digests stand for inputs, result, log and effects. The
 * subject of the statement is the document that ran, or the IR where there was none.
 */
type Predicate = {
  readonly executionId: string
  readonly entry: string
  readonly mode: string
  readonly isolation: string
  readonly inputsDigest: string
  readonly outcome: { readonly kind: string; readonly digest: string }
  readonly logs: { readonly lines: number; readonly digest: string }
  readonly limits: Recording['limits']
  readonly usage: Recording['usage']
  readonly world: Recording['world']
  /** The Merkle root over the calls of effects (RFC 9162 section 2.1.1), and how many they are. */
  readonly journal: { readonly root: string; readonly calls: number }
  readonly startedAt: string
  readonly finishedAt: string
  readonly verification: string
}

/** Whether hooks checked the execution; which they were is for the operator's log. */
export type VerificationStatus = 'none' | 'checked'

/** Signs what a recording says. Same recording and key, same receipt. */
export function signReceipt(recording: Recording, verification: VerificationStatus, key: SigningKey): SignatureBundle {
  const sha256 = subjectOf(recording)
  return signStatement(
    {
      subject: [{ name: recording.name ?? 'program', digest: { sha256 } }],
      predicateType: PREDICATE_TYPE,
      predicate: predicateOf(recording, verification),
    },
    key,
  )
}

/** Whether a receipt, which may be anything, is by a trusted key and about this recording; what is wrong otherwise. */
export function checkReceipt(
  receipt: unknown,
  recording: Recording,
  trusted: readonly TrustedKey[],
): { readonly key: TrustedKey } | { readonly problem: string } {
  const verified = verifyStatement(receipt, PREDICATE_TYPE, trusted)
  if ('problem' in verified) return { problem: verified.problem }
  const { statement, key } = verified
  if (!isAbout(statement, subjectOf(recording))) return { problem: 'the receipt is about another program' }
  const { verification } = (statement.predicate ?? {}) as Partial<Predicate>
  const expected = predicateOf(recording, verification ?? 'none')
  return canonicalJson(statement.predicate) === canonicalJson(expected)
    ? { key }
    : { problem: 'the recording is not the one that the receipt was made for' }
}

function subjectOf({ document, program }: Recording): string {
  return document?.replace(/^sha256:/, '') ?? sha256Hex(Buffer.from(program, 'base64'))
}

function predicateOf(recording: Recording, verification: string): Predicate {
  const { executionId, entry, mode, isolation, limits, usage, world, startedAt, finishedAt } = recording
  const entries = recording.journal.map(digestEntry)
  return {
    executionId,
    entry,
    mode,
    isolation,
    inputsDigest: digestOf(recording.args),
    outcome: { kind: recording.outcome.kind, digest: digestOf(recording.outcome) },
    logs: { lines: recording.logs.length, digest: digestOf(recording.logs) },
    limits,
    usage,
    world,
    journal: { root: journalRoot(entries), calls: entries.length },
    startedAt,
    finishedAt,
    verification,
  }
}

const digestOf = (value: unknown): string => `sha256:${sha256Hex(canonicalJson(value))}`
