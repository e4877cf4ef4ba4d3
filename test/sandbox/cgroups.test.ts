// Control groups in folders that look like those of the kernel, and, where this process may make some, in the kernel's.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { resolveLimits } from '../../src/base/index.ts'
import { createPool, NO_ISOLATION, openCgroups } from '../../src/sandbox/index.ts'
import type { Launch } from '../../src/sandbox/launch.ts'

const root = mkdtempSync(join(tmpdir(), 'anrf-cgroups-'))
after(() => rmSync(root, { recursive: true, force: true }))

const mountOf = (point: string, type: string, options: string): string =>
  `31 23 0:28 / ${join(root, point)} rw,relatime shared:9 - ${type} ${type} rw,${options}\n`
const BOTH = { cgroup: '4:memory:/service\n3:pids:/\n0::/unit\n' }
const V1 = { ...BOTH, mountinfo: mountOf('memory', 'cgroup', 'memory') + mountOf('pids', 'cgroup', 'pids') }
const V2 = { ...BOTH, mountinfo: mountOf('unified', 'cgroup2', 'nsdelegate') }

for (const folder of ['memory/service', 'pids', 'unified/unit']) mkdirSync(join(root, folder), { recursive: true })
writeFileSync(join(root, 'unified/unit/cgroup.controllers'), 'cpu memory pids\n')
writeFileSync(join(root, 'unified/unit/cgroup.subtree_control'), '')

test('without hierarchies, controllers or the right to make groups there are none', () => {
  assert.equal(openCgroups({ ...V1, mountinfo: '' }), undefined)
  assert.equal(openCgroups({ ...V1, cgroup: '' }), undefined)
  // The kernel makes the files of a group; here they are missing, as what is written is refused where it is not delegated.
  assert.equal(openCgroups(V1), undefined)
  assert.equal(openCgroups(V2), undefined)
  assert.deepEqual(readdirSync(join(root, 'memory/service')), [])
})

test('our own group is found below the root of the mount, and not outside of it', () => {
  const mountinfo = V1.mountinfo.replaceAll(' / ', ' /container ')
  assert.equal(openCgroups({ mountinfo, cgroup: '4:memory:/other\n3:pids:/other\n' }), undefined)
  assert.equal(readdirSync(join(root, 'memory')).join(), 'service')
})

test('groups of services that are gone are removed, those of others stay', () => {
  const gone = join(root, 'memory/service/anrf-999999999-3')
  const living = join(root, `memory/service/anrf-${process.ppid}-3`)
  for (const folder of [gone, living]) mkdirSync(folder)
  openCgroups(V1)
  assert.equal(existsSync(gone), false)
  assert.equal(existsSync(living), true)
})

const MEBIBYTE = 2 ** 20
const own = openCgroups()

// Whether groups are delegated is up to the machine; what is said of them must be true.
if (own)
  test(`control groups v${own.version} end a process that takes too much memory, and only that`, async () => {
    const hungry = spawn(process.execPath, [
      '-e',
      `process.stdin.once('data', () => { const kept = []; for (;;) kept.push(Buffer.alloc(${MEBIBYTE}, 1)) })`,
    ])
    const modest = spawn(process.execPath, ['-e', `process.stdin.once('data', () => process.exit(7))`])
    const cages = [hungry, modest].map(({ pid }) => own.confine(pid!, 256 * MEBIBYTE)!)
    assert.ok(readFileSync(`/proc/${hungry.pid}/cgroup`, 'utf8').includes(`anrf-${process.pid}-`))
    const ends = [once(hungry, 'exit'), once(modest, 'exit')]
    hungry.stdin.write('go')
    assert.deepEqual(await ends[0], [null, 'SIGKILL'])
    modest.stdin.write('go')
    assert.deepEqual(await ends[1], [7, null])
    assert.deepEqual(
      cages.map((cage) => cage.isOutOfMemory()),
      [true, false],
    )
    for (const cage of cages) cage.remove()
  })

if (own)
  test('a process that has ended is not confined', async () => {
    const ended = spawn(process.execPath, ['-e', ''])
    await once(ended, 'exit')
    assert.equal(own.confine(ended.pid!, 256 * MEBIBYTE), undefined)
  })

if (own)
  test('a run whose worker the kernel ended for its memory is limited by memory, and the next one is fine', async () => {
    // As if nobody looked from outside.
    const launch: Launch = (spec) => ({ ...NO_ISOLATION.launch(spec), usage: () => undefined })
    const script = join(import.meta.dirname, 'fake-worker.ts')
    const pool = createPool({ isolation: { level: 'none', launch }, cgroups: own, size: 1, script })
    assert.equal(pool.status().cgroups, `v${own.version}`)
    const program = { programId: 'sha256:00', programBytes: new Uint8Array(1), args: [], mode: 'interpret' }
    const limits = resolveLimits({ wall: 60_000 })
    const report = await pool.execute({ ...program, entry: 'resident', limits })
    assert.ok('outcome' in report && report.outcome.kind === 'limited', JSON.stringify(report))
    assert.equal(report.outcome.limit, 'memory')
    const next = await pool.execute({ ...program, entry: 'plain', limits })
    assert.equal('outcome' in next && next.outcome.kind, 'returned')
    await pool.close()
  })
