import type { Query, Sql } from '../store/index.ts'
import { artifactOf, type Artifact, type ArtifactRow } from './artifact.ts'

/** Artifacts that a condition on their columns selects. */
export async function selectArtifacts(
  { query }: Pick<Sql, 'query'>,
  where: string,
  params: readonly (string | number)[],
): Promise<readonly Artifact[]> {
  return (await query<ArtifactRow>(`select * from artifact ${where}`, params)).map(artifactOf)
}

export async function findById(sql: Pick<Sql, 'query'>, tenant: string, id: string): Promise<Artifact | undefined> {
  return (await selectArtifacts(sql, 'where tenant = ? and id = ?', [tenant, id]))[0]
}

export async function findVersion(
  sql: Pick<Sql, 'query'>,
  tenant: string,
  name: string,
  version: string,
): Promise<Artifact | undefined> {
  return (await selectArtifacts(sql, 'where tenant = ? and name = ? and version = ?', [tenant, name, version]))[0]
}

/** Versions of a name that names and ranges may stand for: neither yanked, nor without an approval that they need. */
export async function openVersions(query: Query, tenant: string, name: string): Promise<readonly string[]> {
  const rows = await query<{ version: string }>(
    `select version from artifact where tenant = ? and name = ? and yanked_at is null
      and (approval is null or approval = 'approved')`,
    [tenant, name],
  )
  return rows.map(({ version }) => version)
}
