import { sha256Hex, type ExecutionUsage, type Limits } from '../base/index.ts'
import {
  canonicalJson,
  isAbout,
  signStatement,
  verifyStatement,
  type SignatureBundle,
  type SigningKey,
  type TrustedKey,
} from '../document/index.ts'
import { digestEntry, journalRoot, type JournalDigest, type World } from '../effects/index.ts'
import type { Recording } from './recording.ts'

const PREDICATE_TYPE = 'urn:anrf:predicate:execution:v1'

/**
 * What verifiers said of the document and the execution: `verified` if all of them did, which is at least what is proved of every
 * document when it is opened; `declined` if one could not say. `none` and `checked` are in receipts of before there were verifiers with
 * a status.
 */
const STATUSES = ['verified', 'declined', 'failed', 'none', 'checked'] as const
export type VerificationStatus = (typeof STATUSES)[number]

/** With what an execution was allowed to run: the policies by their revision, the profile, and the overrides that it took. */
export type PolicyFacts = { readonly revision: string; readonly profile: string; readonly overrides: readonly string[] }

/** What is known of an execution without what was said in it: digests stand for inputs, result, log and effects. */
export type ReceiptFacts = {
  /** The document that ran, by name and identity (`sha256:...`), or the IR where there was none. */
  readonly subject: { readonly name: string; readonly id: string }
  /** The encoded IR that ran (`sha256:...`): the document that a recording names does not bind the program that it brings. */
  readonly program: string
  readonly executionId: string
  readonly entry: string
  readonly mode: string
  readonly isolation: string
  readonly inputsDigest: string
  readonly outcome: { readonly kind: string; readonly digest: string }
  readonly logs: { readonly lines: number; readonly digest: string }
  readonly limits: Limits
  readonly usage: ExecutionUsage
  readonly world: World
  readonly journal: readonly JournalDigest[]
  /** Absent for what ran without a service. */
  readonly policy?: PolicyFacts
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly finishedAt: string
}

/** `sha256:` and the digest of a value as canonical JSON (RFC 8785). */
export const digestOf = (value: unknown): string => `sha256:${sha256Hex(canonicalJson(value))}`

function factsOf(recording: Recording): ReceiptFacts {
  const { executionId, entry, mode, isolation, limits, usage, world, startedAt, finishedAt, outcome, logs, policy } =
    recording
  const program = `sha256:${sha256Hex(Buffer.from(recording.program, 'base64'))}`
  return {
    subject: { name: recording.name ?? 'program', id: recording.document ?? program },
    program,
    executionId,
    entry,
    mode,
    isolation,
    inputsDigest: digestOf(recording.args),
    outcome: { kind: outcome.kind, digest: digestOf(outcome) },
    logs: { lines: logs.length, digest: digestOf(logs) },
    limits,
    usage,
    world,
    journal: recording.journal.map(digestEntry),
    startedAt,
    finishedAt,
    ...(policy && { policy }),
  }
}

/** Signs what is known of an execution as an in-toto statement about the document. Same facts and key, same receipt. */
export function signReceipt(facts: ReceiptFacts, verification: VerificationStatus, key: SigningKey): SignatureBundle {
  const { name, id } = facts.subject
  return signStatement(
    {
      subject: [{ name, digest: { sha256: hexOf(id) } }],
      predicateType: PREDICATE_TYPE,
      predicate: predicateOf(facts, verification),
    },
    key,
  )
}

/** Whether a receipt, which may be anything, is by a trusted key and about this recording; what is wrong otherwise. */
export function checkReceipt(
  receipt: unknown,
  recording: Recording,
  trusted: readonly TrustedKey[],
): { readonly keys: readonly TrustedKey[] } | { readonly problem: string } {
  const verified = verifyStatement(receipt, PREDICATE_TYPE, trusted)
  if ('problem' in verified) return verified
  const { statement, keys } = verified
  const facts = factsOf(recording)
  if (!isAbout(statement, hexOf(facts.subject.id))) return { problem: 'the receipt is about another program' }
  const said = canonicalJson(statement.predicate ?? null)
  return STATUSES.some((status) => canonicalJson(predicateOf(facts, status)) === said)
    ? { keys }
    : { problem: 'the recording is not the one that the receipt was made for' }
}

/** The journal as its Merkle root (RFC 9162 section 2.1.1) and the number of calls. */
function predicateOf(facts: ReceiptFacts, verification: VerificationStatus): object {
  const { subject, journal, ...others } = facts
  void subject
  return { ...others, journal: { root: journalRoot(journal), calls: journal.length }, verification }
}

const hexOf = (id: string): string => id.replace(/^sha256:/, '')
