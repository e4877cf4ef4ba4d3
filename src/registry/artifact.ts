import type { Row } from '../store/index.ts'

/** A version that is no longer resolved by name or range; whoever pins it still gets it. */
export type Yank = { readonly at: string; readonly by: string; readonly reason: string }

/** The approval that a version needs which may touch more than the version before it. */
export type Approval = {
  readonly state: 'waiting' | 'approved' | 'refused'
  /** The id of the version than which it may touch more. */
  readonly widens: string
  readonly at?: string
  readonly by?: string
  readonly note?: string
}

/** A published document. Immutable: neither its bytes nor what its name and version stand for ever change. */
export type Artifact = {
  readonly tenant: string
  /** The identity of the document, `sha256:...`. */
  readonly id: string
  /** Name and version that the document gives itself; both absent when it gives only one or none. */
  readonly name: string | undefined
  readonly version: string | undefined
  /** Digest of the stored bytes. */
  readonly blob: string
  readonly sizeBytes: number
  /** Digest of the text that was published beside it. */
  readonly readme: string | undefined
  /** Statements about it that are kept with it, and how many of them are signatures. */
  readonly attestationCount: number
  readonly signatureCount: number
  /** ISO 8601, UTC. */
  readonly publishedAt: string
  /** Who published it. */
  readonly publishedBy: string
  readonly yanked: Yank | undefined
  readonly approval: Approval | undefined
}

export type ArtifactRow = Row & {
  readonly tenant: string
  readonly id: string
  readonly name: string | null
  readonly version: string | null
  readonly blob: string
  readonly size_bytes: number
  readonly readme: string | null
  readonly attestations: number
  readonly signatures: number
  readonly published_at: string
  readonly published_by: string
  readonly yanked_at: string | null
  readonly yanked_by: string | null
  readonly yank_reason: string | null
  readonly approval: string | null
  readonly widens: string | null
  readonly decided_at: string | null
  readonly decided_by: string | null
  readonly decision_note: string | null
}

export function artifactOf(row: ArtifactRow): Artifact {
  return {
    tenant: row.tenant,
    id: row.id,
    name: row.name ?? undefined,
    version: row.version ?? undefined,
    blob: row.blob,
    sizeBytes: row.size_bytes,
    readme: row.readme ?? undefined,
    attestationCount: row.attestations,
    signatureCount: row.signatures,
    publishedAt: row.published_at,
    publishedBy: row.published_by,
    yanked: yankOf(row),
    approval: approvalOf(row),
  }
}

function yankOf({ yanked_at: at, yanked_by: by, yank_reason: reason }: ArtifactRow): Yank | undefined {
  return at === null ? undefined : { at, by: by ?? '', reason: reason ?? '' }
}

function approvalOf(row: ArtifactRow): Approval | undefined {
  if (row.approval === null) return undefined
  const { decided_at: at, decided_by: by, decision_note: note } = row
  return {
    state: row.approval as Approval['state'],
    widens: row.widens ?? '',
    ...(at !== null && { at }),
    ...(by !== null && { by }),
    ...(note !== null && { note }),
  }
}

/** What a reader calls it: `name@1.2.0`, or its digest. */
export const labelOf = ({ id, name, version }: Artifact): string => (name === undefined ? id : `${name}@${version}`)
