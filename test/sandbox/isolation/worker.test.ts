// A worker at each level as the kernel sees it from outside: what it runs under, what it has open, how it ends.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { describe, test, type TestContext } from 'node:test'
import type { IsolationLevel } from '../../../src/base/index.ts'
import { openIsolation } from '../../../src/sandbox/index.ts'
import { doubt } from '../../../src/sandbox/isolation/prove.ts'
import { NO_ISOLATION, type Isolation, type Launched } from '../../../src/sandbox/launch.ts'

const HEAP_BYTES = 2 ** 28
const LEVELS = ['container', 'oci', 'seccomp', 'none'] as const satisfies IsolationLevel[]

/** The level, or undefined where it cannot be had here, which is said. */
async function have(t: TestContext, level: IsolationLevel): Promise<Isolation | undefined> {
  const opened = await openIsolation(level)
  if ('level' in opened) return opened
  t.diagnostic(`${opened.refused.message}. ${opened.refused.hint}`)
  assert.equal(opened.refused.code, 'ANRF7001')
  assert.notEqual(level, 'none')
  return undefined
}

async function launchReady(t: TestContext, { launch }: Isolation): Promise<Launched> {
  const launched = launch({ heapBytes: HEAP_BYTES })
  t.after(async () => {
    launched.kill()
    await launched.exited
  })
  await Promise.race([once(launched.stream, 'data'), launched.exited])
  return launched
}

/** The process ids of all workers below this process. */
function workersBelow(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => {
    const words = readFileSync(`/proc/${child}/cmdline`, 'utf8').split('\0')
    return words[0] === process.execPath ? [child] : workersBelow(child)
  })
}

/** Of all threads: runtimes start processes from any. */
const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  )

const statusOf = (pid: number, name: string): string =>
  new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? ''
const namespaceOf = (pid: number | 'self', name: string): string => readlinkSync(`/proc/${pid}/ns/${name}`)

const NAMESPACES = ['user', 'pid', 'net', 'mnt', 'ipc', 'uts'] as const
const LIMITS = [
  'Max core file size',
  'Max file size',
  'Max processes',
  'Max open files',
  'Max locked memory',
  'Max msgqueue size',
]

for (const level of LEVELS)
  describe(level, () => {
    test('a worker is ready, uses time and memory, and ends when it is killed', async (t) => {
      const isolation = await have(t, level)
      if (!isolation) return
      assert.equal(isolation.level, level)
      const launched = await launchReady(t, isolation)
      const usage = launched.usage()
      assert.ok(usage && usage.cpuMs > 0 && usage.residentBytes > 2 ** 24 && usage.peakBytes >= usage.residentBytes)
      launched.kill()
      assert.equal((await launched.exited).signal, 'SIGKILL')
      assert.equal(launched.usage(), undefined)
    })

    test('a worker that is killed before it is ready leaves nothing behind', async (t) => {
      const isolation = await have(t, level)
      if (!isolation) return
      const before = workersBelow(process.pid)
      for (const delayMs of [0, 0, 2, 5, 10, 20]) {
        const launched = isolation.launch({ heapBytes: HEAP_BYTES })
        await new Promise((resolve) => setTimeout(resolve, delayMs))
        launched.kill()
        await launched.exited
      }
      assert.deepEqual(workersBelow(process.pid), before)
    })

    test('a worker ends by itself when its channel is closed', async (t) => {
      const isolation = await have(t, level)
      if (!isolation) return
      const launched = await launchReady(t, isolation)
      launched.stream.destroy()
      const { code, signal } = await launched.exited
      assert.deepEqual({ code, signal }, { code: 0, signal: null })
    })

    if (level !== 'none')
      test('the kernel says that a worker is confined', async (t) => {
        const isolation = await have(t, level)
        if (!isolation) return
        await launchReady(t, isolation)
        const [pid] = workersBelow(process.pid)
        assert.ok(pid !== undefined)
        const isContainer = level !== 'seccomp'
        assert.equal(statusOf(pid, 'NoNewPrivs'), '1')
        assert.equal(statusOf(pid, 'Seccomp'), '2')
        const own = Number(statusOf(process.pid, 'Seccomp_filters') || 0)
        assert.equal(Number(statusOf(pid, 'Seccomp_filters')), own + (isContainer ? 2 : 1))
        for (const thread of readdirSync(`/proc/${pid}/task`))
          assert.match(readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8'), /^Seccomp:\s*2$/m)
        const limits = readFileSync(`/proc/${pid}/limits`, 'utf8')
        for (const limit of LIMITS) assert.match(limits, new RegExp(`^${limit} +0 +0 `, 'm'))
        assert.match(limits, new RegExp(`^Max data size +${2 ** 30 + 2 * HEAP_BYTES} `, 'm'))
        for (const name of NAMESPACES)
          assert.equal(namespaceOf(pid, name) !== namespaceOf('self', name), isContainer, name)
        if (isContainer)
          for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb']) assert.match(statusOf(pid, set), /^0+$/, set)
      })

    test('a worker has an empty environment and no descriptor of its parent', async (t) => {
      const isolation = await have(t, level)
      if (!isolation) return
      await launchReady(t, isolation)
      const [pid] = workersBelow(process.pid)
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .map((entry) => entry.split('=')[0])
      // PWD is bubblewrap's, HOME the runtime's.
      const named = ['NODE_COMPILE_CACHE', 'TZ', 'UV_USE_IO_URING', 'PWD', 'HOME', '']
      assert.deepEqual(
        environment.filter((name) => !named.includes(name!)),
        [],
      )
      const numbers = readdirSync(`/proc/${pid}/fd`).map(Number)
      const open = numbers.sort((a, b) => a - b).map((fd) => [fd, readlinkSync(`/proc/${pid}/fd/${fd}`)] as const)
      const kinds = open.map(([fd, target]) => (fd > 3 ? target.replace(/:\[\d+\]$/, '') : target.replace(/\d+/, 'N')))
      // Standard streams (an OCI runtime passes them on by pipes), the channel; then what Node made for its event loops.
      const streams = [
        /^(\/dev\/null|pipe:\[N\])$/,
        /^(\/dev\/null|pipe:\[N\])$/,
        /^(socket|pipe):\[N\]$/,
        /^socket:\[N\]$/,
      ]
      for (const [fd, kind] of streams.entries()) assert.match(kinds[fd] ?? '', kind)
      const made = /^(anon_inode:\[(eventpoll|eventfd|io_uring)\]|pipe|\/dev\/null)$/
      assert.deepEqual(
        kinds.slice(4).filter((kind) => !made.test(kind)),
        [],
      )
    })
  })

test('the start-up proof refutes a level that does not hold', async () => {
  const reasonOf = async (isolation: Isolation): Promise<string> => {
    const { reason, isLate } = (await doubt(isolation))!
    assert.equal(isLate, false)
    return reason
  }
  assert.match(await reasonOf({ ...NO_ISOLATION, level: 'seccomp' }), /a forbidden call did not end the process/)
  const launch: Isolation['launch'] = (spec) => NO_ISOLATION.launch({ ...spec, script: '/none.ts' })
  assert.match(await reasonOf({ level: 'seccomp', launch }), /none\.ts/)
})
