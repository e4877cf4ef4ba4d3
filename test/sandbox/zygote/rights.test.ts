// Descriptors that go from one process to another over a socket: here over a pair that this process has both ends of.
import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openLibc } from '../../../src/sandbox/isolation/libc.ts'
import { makePair, receiveRights, sendRights } from '../../../src/sandbox/isolation/rights.ts'

if (process.platform === 'linux')
  test('what is received is another descriptor of the same file, with the bytes that it came with', async (t) => {
    const libc = await openLibc()
    const folder = mkdtempSync(join(tmpdir(), 'anrf-rights-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const files = ['one', 'two'].map((name) => {
      writeFileSync(join(folder, name), name)
      return openSync(join(folder, name), 'r')
    })
    const [a, b] = makePair(libc)
    assert.ok(sendRights(libc, a, Buffer.from('both'), files))
    assert.ok(sendRights(libc, a, Buffer.from('none'), []))
    const bytes = Buffer.alloc(4)
    const got = receiveRights(libc, b, bytes, 2)
    assert.deepEqual([got.count, bytes.toString(), got.descriptors.length], [4, 'both', 2])
    assert.deepEqual(
      got.descriptors.map((descriptor) => readFileSync(descriptor, 'utf8')),
      ['one', 'two'],
    )
    assert.ok(got.descriptors.every((descriptor) => !files.includes(descriptor)))
    assert.deepEqual(receiveRights(libc, b, bytes, 2), { count: 4, descriptors: [] })
    closeSync(a)
    assert.deepEqual(receiveRights(libc, b, bytes, 2), { count: 0, descriptors: [] })
    // Nobody is there any more: an answer, and no signal that ends this process.
    assert.equal(sendRights(libc, b, Buffer.from('lost'), [files[0]!]), false)
    for (const descriptor of [b, ...files, ...got.descriptors]) closeSync(descriptor)
  })
else
  test('elsewhere than on Linux there is no C library of that kind', async () => {
    await assert.rejects(openLibc())
  })
