import { openKeyFile, openStore, StoreError, type CommitHooks, type Query, type Store } from '../store/index.ts'
import { openCheckpoint } from './checkpoint.ts'
import { describeEntry, type ListedEntry } from './list.ts'
import { logSignerOf } from './log-key.ts'
import type { NoteSigner } from './note.ts'
import { coverEntries, readHead } from './tree.ts'

/** A store whose commits put what was recorded in them under a checkpoint, and the key that signs those. */
export type AuditedStore = { readonly store: Store; readonly logSigner: NoteSigner }

/** Told of the entries of each commit, in its transaction; when it rejects, nothing of the commit happened. */
export type OnRecorded = (query: Query, entries: readonly ListedEntry[]) => Promise<void>

/** Rejects with a `StoreError`, also when the log was signed by another key than the one in the folder. */
export async function openAuditedStore(
  dir: string,
  { onRecorded, ...hooks }: Pick<CommitHooks, 'onCommit'> & { readonly onRecorded?: OnRecorded } = {},
): Promise<AuditedStore> {
  const key = await openKeyFile(dir, 'audit')
  const logSigner = logSignerOf(key)
  const beforeCommit = async (query: Query): Promise<void> => {
    const rows = await coverEntries(query, logSigner)
    if (onRecorded && rows.length > 0) await onRecorded(query, rows.map(describeEntry))
  }
  const store = await openStore(dir, { ...hooks, beforeCommit })
  try {
    const { checkpoint } = await readHead(store.sql.query)
    if (checkpoint !== undefined && 'problem' in openCheckpoint(checkpoint, logSigner.verifier))
      throw new StoreError('corrupt', 'the audit log was signed by another key than audit-key.pem: put that one back')
    return { store, logSigner }
  } catch (error) {
    store.close()
    throw error
  }
}
