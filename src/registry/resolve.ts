import type { Artifact } from './artifact.ts'
import type { RegistryContext } from './context.ts'
import { isSignedEnough } from './load.ts'
import { findById, findVersion, openVersions } from './rows.ts'
import { newestFirst, parseReference } from './versions.ts'

/**
 * The artifact that a reference stands for. A digest or `name@1.2.0` is served as long as it is there; a range or a bare name
 * stands for the newest version that is not yanked, does not wait for an approval, and is signed as its rule asks.
 */
export async function resolve(
  context: RegistryContext,
  tenant: string,
  reference: string,
): Promise<Artifact | undefined> {
  const { sql } = context.store
  const asked = parseReference(reference)
  if (!asked) return undefined
  if (asked.kind === 'id') return findById(sql, tenant, asked.id)
  if (asked.kind === 'version') return findVersion(sql, tenant, asked.name, asked.version)
  for (const version of newestFirst(await openVersions(sql.query, tenant, asked.name), asked.range)) {
    const artifact = await findVersion(sql, tenant, asked.name, version)
    if (artifact && (await isSignedEnough(context, artifact))) return artifact
  }
  return undefined
}
