// The Merkle tree of the audit log: appended by its right edge, equal to the tree over all entries, also when several processes write.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openAuditedStore, recordEvent, type AuditedStore, type AuditEvent } from '../../src/audit/index.ts'
import { openCheckpoint } from '../../src/audit/checkpoint.ts'
import { entryOfRow, leafOf, type EntryRow } from '../../src/audit/entry.ts'
import { Frontier } from '../../src/audit/frontier.ts'
import { openNote, parseVerifier, signNote, verifierText } from '../../src/audit/note.ts'
import { readHead } from '../../src/audit/tree.ts'
import { hashLeaf, merkleRoot } from '../../src/base/index.ts'
import { StoreError } from '../../src/store/index.ts'

const base = mkdtempSync(join(tmpdir(), 'anrf-audit-'))
after(() => rmSync(base, { recursive: true }))
let dirs = 0
const freshDir = (): string => join(base, String(++dirs))

const event = (subject: string): AuditEvent => ({
  action: 'tests.do',
  tenant: 'default',
  principal: 'somebody',
  subject,
  outcome: 'done',
})

const record = ({ store }: AuditedStore, subject: string): Promise<void> =>
  store.sql.tx((query) => recordEvent(query, event(subject)))

const leaves = async ({ store }: AuditedStore): Promise<string[]> =>
  (await store.sql.query<EntryRow>('select * from audit_entry order by sequence')).map((row) => leafOf(entryOfRow(row)))

/** Asserts that the checkpoint is signed and covers every entry, in a contiguous sequence. */
async function assertCovered(log: AuditedStore, size: number): Promise<void> {
  const { checkpoint: note } = await readHead(log.store.sql.query)
  const opened = openCheckpoint(note!, log.logSigner.verifier)
  assert.ok('checkpoint' in opened, JSON.stringify(opened))
  const all = await leaves(log)
  assert.equal(all.length, size)
  assert.equal(opened.checkpoint.size, size)
  assert.equal(opened.checkpoint.root.toString('hex'), merkleRoot(all))
}

test('the edge of a tree gives the root of RFC 9162 at every size, and survives being written down', () => {
  let edge = Frontier.empty()
  const all: string[] = []
  for (let size = 0; size <= 600; size++) {
    assert.equal(edge.root().toString('hex'), merkleRoot(all))
    const again = Frontier.decode(size, edge.encode())
    assert.ok(again)
    edge = again
    edge.append(hashLeaf(`leaf ${size}`))
    all.push(`leaf ${size}`)
  }
  assert.equal(Frontier.decode(600, edge.encode().slice(2)), undefined)
  assert.equal(Frontier.decode(4, edge.encode()), undefined)
})

test('the roots are those of the test vectors of RFC 6962 implementations', () => {
  // https://github.com/google/certificate-transparency/blob/master/python/ct/crypto/merkle_test.py: the first leaves and their roots.
  const vectors: readonly (readonly [string, string])[] = [
    ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ]
  const edge = Frontier.empty()
  for (const [leaf, root] of vectors) {
    edge.append(hashLeaf(Buffer.from(leaf, 'hex')))
    assert.equal(edge.root().toString('hex'), root)
  }
})

test('a group of transactions gets one checkpoint, which covers what was committed and nothing else', async () => {
  const log = await openAuditedStore(freshDir())
  const results = await Promise.allSettled([
    record(log, 'a'),
    log.store.sql.tx(async (query) => {
      await recordEvent(query, event('never'))
      throw new Error('no')
    }),
    record(log, 'b'),
    ...Array.from({ length: 300 }, (_, i) => record(log, String(i))),
  ])
  assert.deepEqual(
    results.slice(0, 3).map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  await assertCovered(log, 302)
  const [node] = await log.store.sql.query<{ n: number }>('select count(*) as n from audit_node')
  assert.equal(node?.n, 1)
  log.store.close()
})

test('a commit without entries leaves the checkpoint as it is', async () => {
  const log = await openAuditedStore(freshDir())
  await record(log, 'a')
  const before = (await readHead(log.store.sql.query)).checkpoint
  await log.store.sql.tx((query) => query("insert into kv values ('p', 'q', 'k', 'v')"))
  assert.equal((await readHead(log.store.sql.query)).checkpoint, before)
  log.store.close()
})

test('texts that no database holds, cycles and giants are told as far as they can be', async () => {
  const log = await openAuditedStore(freshDir())
  const odd = { ...event('\0\ud800x'.repeat(1000)), reasons: Array.from({ length: 100 }, () => 'r'.repeat(5000)) }
  await log.store.sql.tx((query) => recordEvent(query, { ...odd, details: { much: 'x'.repeat(1e6), n: Number.NaN } }))
  const cyclic: Record<string, unknown> = {}
  cyclic['self'] = cyclic
  await assert.rejects(
    log.store.sql.tx((query) => recordEvent(query, { ...event('x'), details: cyclic })),
    TypeError,
  )
  await assertCovered(log, 1)
  const [row] = await log.store.sql.query<EntryRow>('select * from audit_entry')
  assert.equal(row?.subject?.length, 1000)
  assert.ok(!row.subject.includes('\0') && row.subject.isWellFormed())
  assert.equal((JSON.parse(row.details!) as { omittedBytes: number }).omittedBytes, 1_000_020)
  assert.equal((JSON.parse(row.reasons!) as string[]).length, 32)
  log.store.close()
})

test('processes that write one log at the same time leave one tree', async () => {
  const dir = freshDir()
  const writers = ['a', 'b', 'c'].map((prefix) =>
    spawn(process.execPath, [join(import.meta.dirname, 'writer.ts'), dir, prefix, '100'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  )
  const codes = await Promise.all(writers.map(async (writer) => ((await once(writer, 'close')) as [number])[0]))
  assert.deepEqual(codes, [0, 0, 0])
  const log = await openAuditedStore(dir)
  await assertCovered(log, 300)
  log.store.close()
})

test('whatever was acknowledged before a SIGKILL is under the checkpoint', async () => {
  const dir = freshDir()
  let acknowledged = 0
  for (let round = 0; round < 4; round++) {
    const writer = spawn(process.execPath, [join(import.meta.dirname, 'writer.ts'), dir, `${round}-`, '1000000'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const said: string[] = []
    writer.stdout.on('data', (chunk: Buffer) => said.push(...chunk.toString().split('\n').slice(1)))
    while (said.length < 20) await once(writer.stdout, 'data')
    writer.kill('SIGKILL')
    await once(writer, 'close')
    acknowledged += said.length
    const log = await openAuditedStore(dir)
    const { length } = await leaves(log)
    assert.ok(length >= acknowledged, `${length} of ${acknowledged}`)
    await assertCovered(log, length)
    log.store.close()
  }
})

test('a log is not gone on with by another key', async () => {
  const dir = freshDir()
  const log = await openAuditedStore(dir)
  await record(log, 'a')
  log.store.close()
  rmSync(join(dir, 'audit-key.pem'))
  await assert.rejects(openAuditedStore(dir), (error) => error instanceof StoreError && error.fault === 'corrupt')
})

test('a note is opened only by the key that signed it, and as it was signed', async () => {
  const log = await openAuditedStore(freshDir())
  const { verifier } = log.logSigner
  const text = verifierText(verifier)
  assert.equal(verifierText(parseVerifier(text)!), text)
  // The first digit of the id, which is made from name and key.
  assert.equal(parseVerifier(text.replace(/\+[0-9a-f]/, (at) => (at === '+0' ? '+1' : '+0'))), undefined)
  const note = signNote('some text\n', log.logSigner)
  assert.deepEqual(openNote(note, verifier), { text: 'some text\n' })
  for (let at = 0; at < note.length; at++) {
    const changed = `${note.slice(0, at)}${note[at] === 'x' ? 'y' : 'x'}${note.slice(at + 1)}`
    assert.ok('problem' in openNote(changed, verifier), changed)
  }
  log.store.close()
})
