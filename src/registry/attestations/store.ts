import type { Query, Row, Sql } from '../../store/index.ts'
import type { Artifact } from '../artifact.ts'
import { attestationDigest, isSignature, type CheckedAttestation } from './check.ts'

/** A statement that is kept with an artifact: a referrer of it. */
export type Attestation = {
  readonly digest: string
  readonly predicateType: string
  /** The Sigstore bundle. */
  readonly bundle: unknown
  readonly addedAt: string
  readonly addedBy: string
}

/** Statements about one artifact. Each is checked when it comes, and signatures are again at every load. */
export const ATTESTATIONS_MAX = 100

type AttestationRow = Row & {
  readonly predicate_type: string
  readonly bundle: string
  readonly added_at: string
  readonly added_by: string
}

/** The statements about an artifact in the order in which they came, of one type or of all. */
export async function listAttestations(
  { query }: Pick<Sql, 'query'>,
  { tenant, id }: Pick<Artifact, 'tenant' | 'id'>,
  predicateType?: string,
): Promise<readonly Attestation[]> {
  const where = predicateType === undefined ? '' : 'and predicate_type = ?'
  const rows = await query<AttestationRow>(
    `select * from attestation where tenant = ? and artifact_id = ? ${where} order by sequence`,
    [tenant, id, ...(predicateType === undefined ? [] : [predicateType])],
  )
  return rows.map((row) => ({
    digest: attestationDigest(row.bundle),
    predicateType: row.predicate_type,
    bundle: JSON.parse(row.bundle) as unknown,
    addedAt: row.added_at,
    addedBy: row.added_by,
  }))
}

type Added = { readonly added: number } | { readonly full: true }

/** Adds statements that are not there yet, as a part of a transaction; `full` when there would be too many. */
export async function addAttestations(
  query: Query,
  { tenant, id }: Pick<Artifact, 'tenant' | 'id'>,
  given: readonly CheckedAttestation[],
  by: string,
): Promise<Added> {
  const rows = await query<AttestationRow>('select bundle from attestation where tenant = ? and artifact_id = ?', [
    tenant,
    id,
  ])
  const known = new Set(rows.map((row) => row.bundle))
  const fresh = given.filter(({ bundle }, i) => {
    const isFirst = given.findIndex((other) => other.bundle === bundle) === i
    return isFirst && !known.has(bundle)
  })
  if (rows.length + fresh.length > ATTESTATIONS_MAX) return { full: true }
  for (const [i, { predicateType, bundle }] of fresh.entries())
    await query(
      `insert into attestation (tenant, artifact_id, sequence, predicate_type, bundle, added_at, added_by)
        values (?, ?, ?, ?, ?, ?, ?)`,
      [tenant, id, rows.length + i, predicateType, bundle, new Date().toISOString(), by],
    )
  await query(
    'update artifact set attestations = attestations + ?, signatures = signatures + ? where tenant = ? and id = ?',
    [fresh.length, fresh.filter(isSignature).length, tenant, id],
  )
  return { added: fresh.length }
}
