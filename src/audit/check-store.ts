import { diagnostic, type Diagnostic } from '../base/index.ts'
import { blobDigests, openSnapshot, StoreError, type Snapshot } from '../store/index.ts'
import { parseVerifier } from './note.ts'
import { openStoreSource } from './source-store.ts'
import { verifyLog, type LogReport } from './verify.ts'

/** What a deep check of a store found. Without `problems` all that rows name is there, and nothing was altered. */
export type StoreReport = {
  readonly blobs: number
  readonly audit: Pick<LogReport, 'size' | 'root' | 'redacted'>
  readonly problems: readonly Diagnostic[]
}

type CheckOptions = {
  /** A checkpoint of the audit log that was kept elsewhere. */
  readonly checkpoint?: string
  readonly onProgress?: (what: string) => void
  readonly signal?: AbortSignal
}

/**
 * Reads a whole store, which may be in use: the pages of its database, every blob that a row names, and the audit log against its
 * checkpoint. Rejects with a `StoreError` when it cannot be opened at all.
 */
export async function checkStore(dir: string, options: CheckOptions = {}): Promise<StoreReport> {
  const snapshot = await openSnapshot(dir)
  try {
    options.onProgress?.('database')
    const pages = snapshot.findDamage()
    const blobs = await checkBlobs(snapshot, options)
    options.onProgress?.('audit log')
    const audit = await checkLog(dir, options)
    const damage = [...pages, ...blobs.damage].map((message) => diagnostic('ANRF5107', { message }))
    return { blobs: blobs.count, audit, problems: [...damage, ...audit.problems] }
  } finally {
    snapshot.close()
  }
}

async function checkBlobs(
  { query, blobs }: Snapshot,
  { onProgress, signal }: CheckOptions,
): Promise<{ readonly count: number; readonly damage: readonly string[] }> {
  const damage: string[] = []
  const digests = await blobDigests(query)
  for (const [i, digest] of digests.entries()) {
    signal?.throwIfAborted()
    if (i % 100 === 0) onProgress?.(`blob ${i} of ${digests.length}`)
    try {
      if (!(await blobs.get(digest))) damage.push(`blob ${digest} is missing`)
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      damage.push(error.message)
    }
  }
  return { count: digests.length, damage }
}

async function checkLog(dir: string, { checkpoint }: CheckOptions): Promise<LogReport> {
  const source = await openStoreSource(dir)
  try {
    const verifier = parseVerifier(source.logKey ?? '')
    if (verifier) return await verifyLog(source, { verifier, ...(checkpoint !== undefined && { checkpoint }) })
    const problems = source.checkpoint === undefined ? [] : [diagnostic('ANRF5102', { message: NO_KEY })]
    return { size: 0, root: '', redacted: 0, external: undefined, problems }
  } finally {
    source.close()
  }
}

const NO_KEY = 'audit-key.pem, by which the audit log was signed, is not in the folder of the store'
