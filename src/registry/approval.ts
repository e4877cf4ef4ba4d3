import { diagnostic, type Diagnostic } from '../base/index.ts'
import { recordEvent } from '../audit/index.ts'
import type { Opened } from '../document/index.ts'
import type { Query } from '../store/index.ts'
import type { Artifact } from './artifact.ts'
import type { RegistryContext } from './context.ts'
import { diffOpened } from './diff/diff.ts'
import { load } from './load.ts'
import { findById, findVersion, openVersions } from './rows.ts'
import { predecessorOf } from './versions.ts'

/** What a new version was compared with. */
export type Baseline = {
  /** The id of the version than which it may touch more: it waits for an approval. */
  readonly widens: string | undefined
  readonly warnings: readonly Diagnostic[]
  /** Whether it would be compared with the same version now. */
  readonly isStill: (query: Query) => Promise<boolean>
}

const NO_BASELINE: Baseline = { widens: undefined, warnings: [], isStill: async () => true }

/**
 * Compares a document with the version before it. Versions that wait or were refused are no measure: publishing twice is no way
 * around an approval.
 */
export async function baselineOf(context: RegistryContext, tenant: string, opened: Opened): Promise<Baseline> {
  const { name = '', version = '' } = opened.document.metadata
  const { sql } = context.store
  if (context.approval === 'none' || name === '' || (await findById(sql, tenant, opened.id))) return NO_BASELINE
  const find = async (query: Query): Promise<string | undefined> =>
    predecessorOf(version, await openVersions(query, tenant, name))
  const before = await find(sql.query)
  const isStill = async (query: Query): Promise<boolean> => (await find(query)) === before
  const artifact = before === undefined ? undefined : await findVersion(sql, tenant, name, before)
  if (!artifact) return { ...NO_BASELINE, isStill }
  const loaded = await load(context, artifact)
  // What cannot be looked at is no measure of what a new version may do.
  const diff = 'diagnostics' in loaded ? undefined : diffOpened(loaded.opened, opened)
  if (diff && !diff.widens) return { ...NO_BASELINE, isStill }
  const more = diff?.changes.filter(({ widens }) => widens).map(({ topic, name: what }) => `${topic} ${what}`)
  const message = `${name}@${version} may touch more than ${name}@${before} (${more?.join(', ') ?? 'which cannot be read'})`
  return { widens: artifact.id, warnings: [diagnostic('ANRF5053', { message })], isStill }
}

export type Decision = { readonly approved: boolean; readonly by: string; readonly note: string }

/** Decides on a version that waits; why that cannot be. */
export async function decide(
  { store }: RegistryContext,
  { tenant, id }: Artifact,
  { approved, by, note }: Decision,
): Promise<{ readonly artifact: Artifact } | { readonly refused: 'own' | 'decided' }> {
  return store.sql.tx(async (query) => {
    const artifact = await findById({ query }, tenant, id)
    if (artifact?.approval?.state !== 'waiting') return { refused: 'decided' }
    if (artifact.publishedBy === by) return { refused: 'own' }
    await query(
      'update artifact set approval = ?, decided_at = ?, decided_by = ?, decision_note = ? where tenant = ? and id = ?',
      [approved ? 'approved' : 'refused', new Date().toISOString(), by, note, tenant, id],
    )
    const details = { approved, widens: artifact.approval.widens, note }
    await recordEvent(query, {
      action: 'artifacts.approve',
      tenant,
      principal: by,
      subject: id,
      outcome: 'done',
      details,
    })
    return { artifact: (await findById({ query }, tenant, id)) ?? artifact }
  })
}
