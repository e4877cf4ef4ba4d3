// Makes altered copies of a log, as a folder and as a store. Each is another log than the one it was made from.
import { generateKeyPairSync } from 'node:crypto'
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { signCheckpoint } from '../../src/audit/checkpoint.ts'
import { leafOf, type Entry } from '../../src/audit/entry.ts'
import { exportLog } from '../../src/audit/index.ts'
import { Frontier } from '../../src/audit/frontier.ts'
import { signerOf } from '../../src/audit/note.ts'
import { isKept, TILE_LEVELS } from '../../src/audit/tree.ts'
import { hashLeaf } from '../../src/base/index.ts'
import { ATTACKS, type Random } from './attacks.ts'
import type { Subject } from './subject.ts'

/** Which checkpoint the altered log gets: the one it had, a new one by its own key, or one by another key of the same name. */
const SIGNINGS = ['kept', 'own', 'foreign'] as const

const foreign = generateKeyPairSync('ed25519')
const FOREIGN_KEY = {
  keyId: '',
  publicKey: foreign.publicKey.export({ type: 'spki', format: 'pem' }) as string,
  privateKey: foreign.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
}

/** Alters a copy of the folder in `target`; what was done. */
export async function mutateFolder(subject: Subject, target: string, random: Random): Promise<string> {
  rmSync(target, { recursive: true, force: true })
  if (random.below(3) === 0) return mutateFiles(subject, target, random)
  const { name, entries, checkpoint } = attackEntries(subject, random)
  const read = async function* (): ReturnType<Parameters<typeof exportLog>[0]['entries']> {
    for (const [sequence, entry] of entries.entries()) yield { sequence, leaf: leafOf(entry), read: entry }
  }
  const source = { checkpoint, logKey: subject.logKey, entries: read, tileLevelMin: 0, tile: async () => '' }
  await exportLog({ ...source, close: () => undefined }, target)
  return name
}

type Attacked = { readonly name: string; readonly entries: readonly Entry[]; readonly checkpoint: string }

function attackEntries(subject: Subject, random: Random): Attacked {
  for (;;) {
    const name = random.pick(Object.keys(ATTACKS))
    const entries = ATTACKS[name]!(subject, random)
    if (!entries || JSON.stringify(entries) === JSON.stringify(subject.entries)) continue
    const signing = random.pick(SIGNINGS)
    // To append and sign by the own key is what a log does: nothing of what a checkpoint covered is altered.
    if (signing === 'own' && isContinued(subject.entries, entries)) continue
    const edge = edgeOf(entries)
    const signer = signing === 'own' ? subject.signer : signerOf(subject.signer.verifier.name, FOREIGN_KEY)
    const checkpoint = signing === 'kept' ? subject.checkpoint : signCheckpoint(edge.size, edge.root(), signer)
    return { name: `${name}, checkpoint ${signing}`, entries, checkpoint }
  }
}

const isContinued = (before: readonly Entry[], after: readonly Entry[]): boolean =>
  JSON.stringify(before) === JSON.stringify(after.slice(0, before.length))

function edgeOf(entries: readonly Entry[]): Frontier {
  const edge = Frontier.empty()
  for (const entry of entries) edge.append(hashLeaf(leafOf(entry)))
  return edge
}

function mutateFiles({ files }: Subject, target: string, random: Random): string {
  const copy = new Map(files)
  const [path, bytes] = random.pick([...files])
  const what = random.pick(['flip a bit', 'flip a bit', 'flip a bit', 'delete', 'cut off', 'add bytes'])
  if (what === 'delete') copy.delete(path)
  if (what === 'cut off') copy.set(path, bytes.subarray(0, random.below(bytes.length)))
  if (what === 'add bytes') copy.set(path, Buffer.concat([bytes, bytes.subarray(0, 1 + random.below(40))]))
  if (what === 'flip a bit') copy.set(path, flipBit(bytes, random))
  for (const [name, content] of copy) {
    mkdirSync(dirname(join(target, name)), { recursive: true })
    writeFileSync(join(target, name), content)
  }
  return `${what} of ${path}`
}

function flipBit(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes)
  const at = random.below(bytes.length)
  changed[at]! ^= 1 << random.below(8)
  return changed
}

const COLUMNS = {
  audit_entry: 'sequence version at tenant action outcome seal redacts salt principal subject reasons details'.split(
    ' ',
  ),
  audit_node: ['level', 'position', 'hash'],
  audit_head: ['size', 'peaks', 'checkpoint'],
} as const

/** Alters a copy of the store in `target`; what was done. */
export function mutateStore(subject: Subject, target: string, random: Random): string {
  mkdirSync(target, { recursive: true })
  for (const end of ['-wal', '-shm']) rmSync(join(target, `anrf.sqlite${end}`), { force: true })
  copyFileSync(join(subject.storeDir, 'anrf.sqlite'), join(target, 'anrf.sqlite'))
  const db = new DatabaseSync(join(target, 'anrf.sqlite'))
  try {
    db.exec('pragma journal_mode = off; pragma synchronous = off')
    for (;;) {
      const what = random.below(2) === 0 ? rewriteStore(db, subject, random) : damageRow(db, random)
      if (what !== undefined) return what
    }
  } finally {
    db.close()
  }
}

function rewriteStore(db: DatabaseSync, subject: Subject, random: Random): string {
  const { name, entries, checkpoint } = attackEntries(subject, random)
  db.exec('begin; delete from audit_entry; delete from audit_node; delete from audit_head')
  const insert = db.prepare(`insert into audit_entry values (${COLUMNS.audit_entry.map(() => '?').join(', ')})`)
  const insertNode = db.prepare('insert into audit_node values (?, ?, ?)')
  const edge = Frontier.empty()
  for (const [sequence, entry] of entries.entries()) {
    const { version, at, tenant, action, outcome, seal, redacts, sealed } = entry
    const ranges = redacts ? JSON.stringify(redacts) : null
    const { salt = null, principal = null, subject: on = null, reasons = null, details = null } = sealed ?? {}
    insert.run(sequence, version, at, tenant, action, outcome, seal, ranges, salt, principal, on, reasons, details)
    for (const node of edge.append(hashLeaf(leafOf(entry))))
      if (isKept(node)) insertNode.run(node.level / TILE_LEVELS, node.position, node.hash.toString('hex'))
  }
  db.prepare('insert into audit_head values (0, ?, ?, ?)').run(edge.size, edge.encode(), checkpoint)
  db.exec('commit')
  return name
}

/** Flips a bit of one value, or deletes a row; undefined when nothing was changed by it. */
function damageRow(db: DatabaseSync, random: Random): string | undefined {
  const table = random.pick(['audit_entry', 'audit_entry', 'audit_entry', 'audit_node', 'audit_head'] as const)
  const rows = db.prepare(`select rowid as row_number, * from ${table}`).all()
  const row = random.pick(rows)
  if (random.below(5) === 0) {
    db.prepare(`delete from ${table} where rowid = ?`).run(row['row_number']!)
    return `delete a row of ${table}`
  }
  const column = random.pick<string>(COLUMNS[table])
  const value = row[column]
  const changed = typeof value === 'number' ? value ^ (1 << random.below(20)) : undefined
  if (value === null || value === '') return undefined
  const bytes = changed === undefined ? flipBit(Buffer.from(String(value)), random) : changed
  try {
    const set = typeof bytes === 'number' ? '?' : 'cast(? as text)'
    db.prepare(`update ${table} set ${column} = ${set} where rowid = ?`).run(bytes, row['row_number']!)
  } catch {
    // The new value is the key of another row.
    return undefined
  }
  return `flip a bit of ${table}.${column}`
}
