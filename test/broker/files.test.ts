import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { rename, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { inFolder } from '../../src/broker/files/folder.ts'
import { callerOf, type Caller } from './harness.ts'

const base = fs.mkdtempSync(join(tmpdir(), 'anrf-files-'))
after(() => fs.rmSync(base, { recursive: true }))

/** A folder of its own for a test: `data` is granted, `secret.txt` lies beside it. */
function freshRoot(): string {
  const root = fs.mkdtempSync(join(base, 'root-'))
  fs.mkdirSync(join(root, 'data/sub'), { recursive: true })
  fs.writeFileSync(join(root, 'secret.txt'), 'secret')
  fs.writeFileSync(join(root, 'data/a.txt'), 'ä 1\n')
  return root
}

const isDone = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )

const on = (root: string, grants = ['files=./data']): Caller => callerOf({ grants, host: { root } })

test('a file is read, written, added to, listed, described and removed', async () => {
  const root = freshRoot()
  const { value, failure } = on(root)
  assert.equal(await value('files.read', { path: 'data/a.txt', base64: false }), 'ä 1\n')
  assert.equal(await value('files.read', { path: 'data/a.txt', base64: true }), Buffer.from('ä 1\n').toString('base64'))
  assert.equal(await value('files.write', { path: 'data/new/deep/b.txt', text: 'one', base64: false }), null)
  assert.equal(await value('files.append', { path: 'data/new/deep/b.txt', text: ', two' }), null)
  assert.equal(await value('files.append', { path: 'data/new/deep/c.txt', text: 'c' }), null)
  assert.equal(fs.readFileSync(join(root, 'data/new/deep/b.txt'), 'utf8'), 'one, two')
  assert.equal(await value('files.write', { path: 'data/bin', text: '/wA=', base64: true }), null)
  assert.deepEqual(await value('files.list', { path: 'data' }), [
    { name: 'a.txt', kind: 'file', size: 5 },
    { name: 'bin', kind: 'file', size: 2 },
    { name: 'new', kind: 'folder', size: 0 },
    { name: 'sub', kind: 'folder', size: 0 },
  ])
  assert.deepEqual(await value('files.stat', { path: 'data' }), { kind: 'folder', size: 0 })
  assert.deepEqual(await value('files.stat', { path: 'data/a.txt' }), { kind: 'file', size: 5 })
  assert.equal(await value('files.remove', { path: 'data/a.txt' }), null)
  assert.equal(await failure('files.stat', { path: 'data/a.txt' }), 'not-found')
  assert.equal(await failure('files.read', { path: 'data/bin', base64: false }), 'encoding')
  assert.equal(await failure('files.write', { path: 'data/bin', text: 'no base64', base64: true }), 'arguments')
})

test('a grant to read or to write permits only that', async () => {
  const root = freshRoot()
  const reader = on(root, ['files=read:./data'])
  const writer = on(root, ['files=write:./data'])
  const read = { path: 'data/a.txt', base64: false }
  const write = { path: 'data/b.txt', text: '', base64: false }
  await reader.value('files.read', read)
  await writer.value('files.write', write)
  assert.equal(await reader.failure('files.write', write), 'denied')
  assert.equal(await reader.failure('files.append', { path: 'data/b.txt', text: '' }), 'denied')
  assert.equal(await reader.failure('files.remove', { path: 'data/b.txt' }), 'denied')
  assert.equal(await writer.failure('files.read', read), 'denied')
  assert.equal(await writer.failure('files.list', { path: 'data' }), 'denied')
  assert.equal(await writer.failure('files.stat', { path: 'data/a.txt' }), 'denied')
  assert.equal(await reader.failure('files.read', { path: 'other/a.txt', base64: false }), 'denied')
})

test('a file that has another name outside of the folder is never changed there', async () => {
  const root = freshRoot()
  const { call, value } = on(root)
  for (const name of ['one', 'two', 'three']) fs.linkSync(join(root, 'secret.txt'), join(root, 'data', name))
  const append = async (path: string): Promise<{ name: string; message: string }> => {
    const result = await call('files.append', { path, text: ' and more' })
    assert.ok('error' in result, JSON.stringify(result))
    return result.error
  }
  const { name, message } = await append('data/one')
  assert.equal(name, 'conflict')
  assert.match(message, /hard links.*write it as a whole/)
  await value('files.write', { path: 'data/one', text: 'mine', base64: false })
  await value('files.append', { path: 'data/one', text: '!' })
  await value('files.remove', { path: 'data/two' })
  // Two names are within the folder by now, and one is not: nobody can tell.
  assert.equal((await append('data/three')).name, 'conflict')
  assert.equal(await value('files.read', { path: 'data/three', base64: false }), 'secret')
  assert.equal(fs.readFileSync(join(root, 'secret.txt'), 'utf8'), 'secret')
  assert.equal(fs.readFileSync(join(root, 'data/one'), 'utf8'), 'mine!')
  // With its last other name gone it is a file like any other.
  fs.rmSync(join(root, 'secret.txt'))
  await value('files.append', { path: 'data/three', text: '!' })
  assert.equal(fs.readFileSync(join(root, 'data/three'), 'utf8'), 'secret!')
})

test('a path names something below the folder and nothing else', async () => {
  const { failure } = on(freshRoot())
  const paths = [
    '',
    '/',
    '/etc/passwd',
    'data/',
    'data//a.txt',
    'data/../secret.txt',
    'data/sub/../a.txt',
    'data/./a.txt',
  ]
  for (const path of [
    ...paths,
    '../secret.txt',
    'data/a\0.txt',
    'data\\a.txt',
    `data/${'x'.repeat(256)}`,
    'data/\ud800',
  ])
    for (const operation of ['read', 'stat', 'remove'])
      assert.equal(
        await failure(`files.${operation}`, { path, ...(operation === 'read' && { base64: false }) }),
        'arguments',
        path,
      )
})

test('links are not followed, neither as the last part of a path nor on the way', async () => {
  const root = freshRoot()
  fs.symlinkSync('../secret.txt', join(root, 'data/link'))
  fs.symlinkSync('..', join(root, 'data/up'))
  fs.symlinkSync('a.txt', join(root, 'data/inner'))
  const { failure, value } = on(root)
  assert.equal(await failure('files.read', { path: 'data/link', base64: false }), 'conflict')
  assert.equal(await failure('files.read', { path: 'data/inner', base64: false }), 'conflict')
  assert.equal(await failure('files.read', { path: 'data/up/secret.txt', base64: false }), 'conflict')
  assert.equal(await failure('files.append', { path: 'data/link', text: 'x' }), 'conflict')
  assert.equal(await failure('files.write', { path: 'data/up/x.txt', text: 'x', base64: false }), 'conflict')
  assert.equal(await failure('files.remove', { path: 'data/up/secret.txt' }), 'conflict')
  assert.equal(await failure('files.list', { path: 'data/up' }), 'conflict')
  assert.deepEqual(await value('files.stat', { path: 'data/link' }), { kind: 'other', size: 0 })
  // Writing as a whole and removing put something in the place of the link, or nothing.
  await value('files.write', { path: 'data/link', text: 'mine', base64: false })
  await value('files.remove', { path: 'data/inner' })
  assert.equal(fs.readFileSync(join(root, 'secret.txt'), 'utf8'), 'secret')
  assert.equal(fs.readFileSync(join(root, 'data/link'), 'utf8'), 'mine')
  assert.ok(fs.existsSync(join(root, 'data/a.txt')))
  assert.deepEqual(fs.readdirSync(root).sort(), ['data', 'secret.txt'])
})

test('the folder that a grant names may itself be a link', async () => {
  const root = freshRoot()
  fs.symlinkSync('data', join(root, 'current'))
  assert.equal(
    await on(root, ['files=read:./current=data']).value('files.read', { path: 'data/a.txt', base64: false }),
    'ä 1\n',
  )
})

test('a folder that becomes a link while it is open stays the folder', async () => {
  const root = freshRoot()
  fs.mkdirSync(join(root, 'outside'))
  fs.writeFileSync(join(root, 'outside/a.txt'), 'secret')
  fs.writeFileSync(join(root, 'data/sub/a.txt'), 'mine')
  const read = await inFolder(join(root, 'data'), ['sub'], false, async (folder) => {
    fs.renameSync(join(root, 'data/sub'), join(root, 'data/away'))
    fs.symlinkSync(join(root, 'outside'), join(root, 'data/sub'))
    return fs.readFileSync(folder.at('a.txt'), 'utf8')
  })
  assert.equal(read, 'mine')
  assert.equal(fs.readFileSync(join(root, 'data/sub/a.txt'), 'utf8'), 'secret')
})

test('swapping folders for links all the time never leads outside', async () => {
  const root = freshRoot()
  fs.mkdirSync(join(root, 'outside'))
  fs.writeFileSync(join(root, 'outside/a.txt'), 'secret')
  fs.writeFileSync(join(root, 'data/sub/a.txt'), 'mine')
  const { call } = on(root)
  let isOver = false
  const sub = join(root, 'data/sub')
  async function swap(): Promise<void> {
    // oxlint-disable-next-line no-unmodified-loop-condition -- it is, by the test below
    while (!isOver) {
      await rename(sub, join(root, 'aside'))
      // Calls under way may make the folder anew at any moment.
      await symlink('../outside', sub).catch(() => undefined)
      await rm(sub, { recursive: true, force: true })
      while (!(await isDone(rename(join(root, 'aside'), sub)))) await rm(sub, { recursive: true, force: true })
    }
  }
  const swapping = swap()
  const seen = new Map<string, number>()
  for (let i = 0; i < 200; i++) {
    const results = await Promise.all([
      call('files.read', { path: 'data/sub/a.txt', base64: false }),
      call('files.append', { path: 'data/sub/b.txt', text: 'x' }),
    ])
    const [read] = results
    const what = 'value' in read ? String(read.value) : 'error' in read ? read.error.name : 'ended'
    seen.set(what, (seen.get(what) ?? 0) + 1)
  }
  isOver = true
  await swapping
  assert.deepEqual(
    [...seen.keys()].filter((what) => !['mine', 'not-found', 'conflict'].includes(what)),
    [],
  )
  assert.deepEqual(fs.readdirSync(join(root, 'outside')), ['a.txt'])
})

test('pipes and devices are no files, and nothing waits for them', async () => {
  const root = freshRoot()
  execFileSync('mkfifo', [join(root, 'data/pipe')])
  const { failure, value } = on(root)
  assert.equal(await failure('files.read', { path: 'data/pipe', base64: false }), 'conflict')
  assert.equal(await failure('files.append', { path: 'data/pipe', text: 'x' }), 'conflict')
  assert.deepEqual(await value('files.stat', { path: 'data/pipe' }), { kind: 'other', size: 0 })
  assert.equal(
    await callerOf({ grants: ['files=read:/dev=dev'] }).failure('files.read', { path: 'dev/zero', base64: true }),
    'conflict',
  )
})

test('others see the old content or the new one, and nothing else', async () => {
  const root = freshRoot()
  const { value, failure } = on(root)
  const path = join(root, 'data/a.txt')
  fs.chmodSync(path, 0o640)
  const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(100_000))
  const writes = texts.map((text) => value('files.write', { path: 'data/a.txt', text, base64: false }))
  for (let isOver = false; !isOver;) {
    const now = fs.readFileSync(path, 'utf8')
    assert.ok(now === 'ä 1\n' || texts.includes(now))
    isOver = await Promise.race([
      Promise.all(writes).then(() => true),
      new Promise<boolean>((r) => setImmediate(r, false)),
    ])
  }
  assert.equal(fs.statSync(path).mode & 0o777, 0o640)
  assert.deepEqual(fs.readdirSync(join(root, 'data')).sort(), ['a.txt', 'sub'])
  assert.equal(await failure('files.write', { path: 'data/sub', text: '', base64: false }), 'conflict')
  assert.equal(await failure('files.remove', { path: 'data/sub' }), 'conflict')
  assert.equal(await failure('files.read', { path: 'data/sub', base64: false }), 'conflict')
  assert.deepEqual(fs.readdirSync(join(root, 'data')).sort(), ['a.txt', 'sub'])
})

test('files that are being written are not seen by programs', async () => {
  const root = freshRoot()
  fs.writeFileSync(join(root, 'data/.anrf-1.tmp'), '')
  const { failure, value } = on(root, ['files=./data', 'files=./gone'])
  assert.deepEqual(await value('files.list', { path: 'data/sub' }), [])
  assert.equal(((await value('files.list', { path: 'data' })) as unknown[]).length, 2)
  assert.equal(await failure('files.remove', { path: 'data/.anrf-1.tmp' }), 'arguments')
  assert.equal(await failure('files.list', { path: 'gone' }), 'not-found')
})

test('bytes that are read count, and messages never show where the folder is', async () => {
  const root = freshRoot()
  fs.writeFileSync(join(root, 'data/big'), 'x'.repeat(5000))
  const small = callerOf({ grants: ['files=./data'], host: { root }, limits: { io: 5000 } })
  assert.deepEqual(await small.call('files.read', { path: 'data/big', base64: false }), { ended: 'io' })
  const { call } = on(root)
  for (const path of ['data/none/x', 'data/a.txt/x', 'data/sub']) {
    const result = await call('files.read', { path, base64: false })
    assert.ok('error' in result && !result.error.message.includes(root) && result.error.message.includes(path))
  }
})
