import { hash, randomUUID } from 'node:crypto'
import type { Row } from '../store/index.ts'
import type { AuditEvent } from './event.ts'

/** Entries from `first` to `last`, both included, by their sequence. */
export type Range = readonly [first: number, last: number]

/**
 * The part of an entry that may be erased later: who, on what, why. Its hash, `seal`, stays in the leaf for ever; the salt keeps
 * anybody from guessing the erased part from it, and is erased too (docs/decisions/0033).
 */
export type Sealed = {
  readonly salt: string
  readonly principal: string
  readonly subject: string
  /** JSON, exactly as it was sealed. */
  readonly reasons: string
  readonly details: string
}

/** An entry of the audit log. All but `sealed` is for ever. */
export type Entry = {
  readonly version: number
  /** ISO 8601, UTC. */
  readonly at: string
  readonly tenant: string
  readonly action: string
  readonly outcome: string
  /** SHA-256 over salt and sealed part, lower-case hex. */
  readonly seal: string
  /** The entries whose sealed part this entry says was erased. */
  readonly redacts: readonly Range[] | undefined
  /** Absent once it was erased. */
  readonly sealed: Sealed | undefined
}

/** A row of `audit_entry`. */
export type EntryRow = Row & {
  readonly sequence: number
  readonly version: number
  readonly at: string
  readonly tenant: string
  readonly action: string
  readonly outcome: string
  readonly seal: string
  readonly redacts: string | null
  readonly salt: string | null
  readonly principal: string | null
  readonly subject: string | null
  readonly reasons: string | null
  readonly details: string | null
}

/** The form of entries that is written now. Earlier forms stay readable for ever: proofs cover their bytes. */
export const ENTRY_VERSION = 1

const NAME_MAX = 200
const TEXT_MAX = 1000
const REASONS_MAX = 32
const DETAILS_BYTES_MAX = 16 * 1024

/** An event as an entry, sealed with a new salt. What is too long is cut: a deed is told even if not all of it is. */
export function entryOf(event: AuditEvent, redacts?: readonly Range[]): Entry {
  const sealed: Sealed = {
    salt: randomUUID(),
    principal: clean(event.principal, TEXT_MAX),
    subject: clean(event.subject, TEXT_MAX),
    reasons: JSON.stringify((event.reasons ?? []).slice(0, REASONS_MAX).map((reason) => clean(reason, TEXT_MAX))),
    details: boundedDetails(JSON.stringify(event.details ?? {})),
  }
  return {
    version: ENTRY_VERSION,
    at: new Date().toISOString(),
    tenant: clean(event.tenant, NAME_MAX),
    action: clean(event.action, NAME_MAX),
    outcome: event.outcome,
    seal: sealOf(sealed),
    redacts,
    sealed,
  }
}

/** The bytes of the leaf: JSON with members in the order of their names and no spaces, as RFC 8785 has it. */
export function leafOf({ action, at, outcome, redacts, seal, tenant, version }: Entry): string {
  return JSON.stringify({ action, at, outcome, ...(redacts && { redacts }), seal, tenant, version })
}

/** The text that is sealed. Members in this order; `reasons` and `details` are JSON, so no other parts give the same text. */
function sealedText({ principal, subject, reasons, details }: Omit<Sealed, 'salt'>): string {
  const [who, what] = [JSON.stringify(principal), JSON.stringify(subject)]
  return `{"details":${details},"principal":${who},"reasons":${reasons},"subject":${what}}`
}

export function sealOf(sealed: Sealed): string {
  return hash('sha256', `${sealed.salt}\n${sealedText(sealed)}`, 'hex')
}

export function entryOfRow(row: EntryRow): Entry {
  const { version, at, tenant, action, outcome, seal, salt, principal, subject, reasons, details } = row
  const redacts = row.redacts === null ? undefined : (JSON.parse(row.redacts) as readonly Range[])
  const isWhole = salt !== null && principal !== null && subject !== null && reasons !== null && details !== null
  const sealed = isWhole ? { salt, principal, subject, reasons, details } : undefined
  return { version, at, tenant, action, outcome, seal, redacts, sealed }
}

/** What a column of text holds in every database: no half of a surrogate pair, and no NUL. */
function clean(text: string, max: number): string {
  const whole = text.length <= max ? text : `${text.slice(0, max - 1)}…`
  return whole.toWellFormed().replaceAll('\0', '\ufffd')
}

function boundedDetails(json: string): string {
  const bytes = Buffer.byteLength(json)
  if (bytes <= DETAILS_BYTES_MAX) return json
  return JSON.stringify({ omittedBytes: bytes, digest: `sha256:${hash('sha256', json, 'hex')}` })
}
