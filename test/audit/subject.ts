// A real log for attacks: recorded by a store, redacted twice, and exported.
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { NoteSigner } from '../../src/audit/index.ts'
import { exportLog, openAuditedStore, openStoreSource, recordEvent, redactEntries } from '../../src/audit/index.ts'
import type { Entry } from '../../src/audit/entry.ts'
import { verifierText } from '../../src/audit/note.ts'

export type Subject = {
  readonly dir: string
  readonly storeDir: string
  readonly folder: string
  readonly entries: readonly Entry[]
  /** The entries with what was sealed in them before it was redacted. */
  readonly whole: readonly Entry[]
  /** Copies of `folder`. */
  readonly files: ReadonlyMap<string, Buffer>
  /** The checkpoint that was kept elsewhere, of the whole log. */
  readonly checkpoint: string
  readonly logKey: string
  /** The worst case: whoever attacks has the key. */
  readonly signer: NoteSigner
}

const ACTIONS = ['keys.create', 'keys.revoke', 'artifacts.publish', 'executions.end', 'executions.decide']

export async function makeSubject(dir: string, size: number): Promise<Subject> {
  const storeDir = join(dir, 'store')
  const folder = join(dir, 'folder')
  mkdirSync(storeDir, { recursive: true })
  const { store, logSigner } = await openAuditedStore(storeDir)
  const record = (from: number, to: number): Promise<unknown> =>
    Promise.all(
      Array.from({ length: to - from }, (_, i) => store.sql.tx((query) => recordEvent(query, eventOf(from + i)))),
    )
  await record(0, size - 20)
  const whole = await entriesOf(storeDir)
  const who = { tenant: '', principal: 'operator', reason: 'asked to be forgotten' }
  await redactEntries(store, { ...who, filter: { principal: 'p3' } })
  await redactEntries(store, { ...who, filter: {}, sequences: [10, 20] })
  await record(size - 18, size)
  store.close()
  const source = await openStoreSource(storeDir)
  await exportLog(source, folder)
  source.close()
  const entries = await entriesOf(storeDir)
  return {
    dir,
    storeDir,
    folder,
    entries,
    whole: [...whole, ...entries.slice(whole.length)],
    files: readFiles(folder),
    checkpoint: source.checkpoint!,
    logKey: verifierText(logSigner.verifier),
    signer: logSigner,
  }
}

const eventOf = (i: number): Parameters<typeof recordEvent>[1] => ({
  action: ACTIONS[i % ACTIONS.length]!,
  tenant: i % 3 === 0 ? 'acme' : 'default',
  principal: `p${i % 7}`,
  subject: `subject-${i}`,
  outcome: i % 11 === 0 ? 'refused' : 'done',
  ...(i % 11 === 0 && { reasons: ['ANRF5002: p lacks the scope admin'] }),
  details: { i },
})

async function entriesOf(storeDir: string): Promise<Entry[]> {
  const source = await openStoreSource(storeDir)
  const entries: Entry[] = []
  for await (const { read } of source.entries()) {
    if ('problem' in read) throw new Error(read.problem)
    entries.push(read)
  }
  source.close()
  return entries
}

/** All files of an exported log but the key beside it, which nobody trusts who has one. */
function readFiles(folder: string): Map<string, Buffer> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path))
  const files = paths.filter((path) => statSync(path).isFile() && !path.endsWith('log-key'))
  return new Map(files.map((path) => [relative(folder, path), readFileSync(path)]))
}
