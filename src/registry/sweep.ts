import { openDocument } from '../document/index.ts'
import type { Query } from '../store/index.ts'
import type { RegistryContext } from './context.ts'
import { insertCalls } from './calls.ts'
import { readBlob } from './load.ts'
import { selectArtifacts } from './rows.ts'
import { insertTerms, termsOf } from './search.ts'

/** Blobs looked at in one transaction: others wait meanwhile. */
const BATCH = 100

/** A blob younger than this is left alone: its publication may still be on the way. Correctness does not rest on it. */
const GRACE_MS = 3_600_000

/**
 * Removes blobs that no artifact needs, such as those of publications that were refused or killed. A publication cannot
 * lose its blob by this: both look at blob and row in a transaction, and only one transaction writes at a time. Whichever comes
 * second sees what the first did: the sweep a row, or the publication that its blob is gone, which it stores again.
 */
export async function sweepBlobs(
  { store }: RegistryContext,
  { now, stopped }: { readonly now: number; readonly stopped: () => boolean },
): Promise<number> {
  const before = now - GRACE_MS
  let removed = 0
  let after = ''
  while (!stopped()) {
    const digests = await store.blobs.list(after, BATCH)
    after = digests.at(-1) ?? ''
    if (digests.length === 0) break
    removed += await store.sql.tx(async (query) => {
      let count = 0
      for (const digest of digests) if (!(await isNeeded(query, digest)) && store.blobs.remove(digest, before)) count++
      return count
    })
  }
  await store.blobs.removeUnfinished(before)
  return removed
}

async function isNeeded(query: Query, digest: string): Promise<boolean> {
  const byBlob = await query('select 1 from artifact where blob = ? limit 1', [digest])
  return byBlob.length > 0 || (await query('select 1 from artifact where readme = ? limit 1', [digest])).length > 0
}

/** Enters artifacts into the index of words and of calls that were published before there was one. */
export async function indexOld({ store }: RegistryContext, stopped: () => boolean): Promise<number> {
  let indexed = 0
  for (let after = ''; !stopped();) {
    const batch = await selectArtifacts(store.sql, 'where indexed = 0 and id > ? order by id limit ?', [after, BATCH])
    after = batch.at(-1)?.id ?? ''
    if (batch.length === 0) break
    for (const artifact of batch) {
      const opened = openDocument(await readBlob(store, artifact, artifact.blob))
      if ('diagnostics' in opened) continue
      await store.sql.tx(async (query) => {
        await insertTerms(query, artifact, termsOf(opened, ''))
        await insertCalls(query, artifact, opened)
      })
      indexed++
    }
  }
  return indexed
}
