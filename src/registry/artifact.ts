import type { Row } from '../store/index.ts'

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
  /** The signature bundle that came with it, as JSON text. */
  readonly signature: string | undefined
  /** ISO 8601, UTC. */
  readonly publishedAt: string
  /** Who published it. */
  readonly publishedBy: string
}

export type ArtifactRow = Row & {
  readonly tenant: string
  readonly id: string
  readonly name: string | null
  readonly version: string | null
  readonly blob: string
  readonly size_bytes: number
  readonly signature: string | null
  readonly published_at: string
  readonly published_by: string
}

export function artifactOf(row: ArtifactRow): Artifact {
  return {
    tenant: row.tenant,
    id: row.id,
    name: row.name ?? undefined,
    version: row.version ?? undefined,
    blob: row.blob,
    sizeBytes: row.size_bytes,
    signature: row.signature ?? undefined,
    publishedAt: row.published_at,
    publishedBy: row.published_by,
  }
}
