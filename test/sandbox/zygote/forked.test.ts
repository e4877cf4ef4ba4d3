// Workers that are forked, as the kernel sees them from outside: what they run under, what they have open, how they end.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { describe, test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openIsolation } from '../../../src/sandbox/index.ts'
import { openLibc } from '../../../src/sandbox/isolation/libc.ts'
import { BREAK_OUT } from '../../../src/sandbox/isolation/lock-down.ts'
import { doubt } from '../../../src/sandbox/isolation/prove.ts'
import type { Isolation, Launched } from '../../../src/sandbox/launch.ts'
import { Zygote } from '../../../src/sandbox/zygote/zygote.ts'

const HEAP_BYTES = 2 ** 28

const container = await openIsolation('container')

if ('refused' in container)
  test(`workers are not forked here: ${container.refused.message}`, () => assert.ok(container.refused.hint))
else describeForks(container)

async function openZygote(t: TestContext, { startZygote }: Isolation): Promise<Zygote> {
  assert.ok(startZygote)
  const zygote = new Zygote(await openLibc(), startZygote, HEAP_BYTES)
  t.after(async () => {
    zygote.kill()
    await zygote.ended
  })
  assert.ok(await zygote.ready)
  return zygote
}

async function forkReady(zygote: Zygote): Promise<Launched & { readonly pid: number }> {
  const launched = zygote.fork()!
  await once(launched.stream, 'data')
  assert.ok(launched.pid !== undefined)
  return launched as Launched & { readonly pid: number }
}

const statusOf = (pid: number, name: string): string =>
  new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? ''
/** What a process has open: number and kind, by what it is. */
const openIn = (pid: number): [fd: number, what: string][] =>
  readdirSync(`/proc/${pid}/fd`).map((fd) => [Number(fd), readlinkSync(`/proc/${pid}/fd/${fd}`)])
/** The kernel's own numbers of the counters by which event loops are woken. */
const wakesOf = (pid: number): string[] =>
  openIn(pid).flatMap(
    ([fd]) => /^eventfd-id:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))?.[1] ?? [],
  )
const stateOf = (pid: number): string => statusOf(pid, 'State').slice(0, 1)

function describeForks(isolation: Isolation): void {
  describe('a forked worker', () => {
    test('is a process of its own, under both filters and without privileges', async (t) => {
      const zygote = await openZygote(t, isolation)
      const [a, b] = [await forkReady(zygote), await forkReady(zygote)]
      assert.notEqual(a.pid, b.pid)
      const parent = Number(statusOf(a.pid, 'PPid'))
      assert.equal(Number(statusOf(b.pid, 'PPid')), parent)
      assert.equal(Number(statusOf(parent, 'Seccomp_filters')), Number(statusOf(a.pid, 'Seccomp_filters')) - 1)
      for (const { pid } of [a, b]) {
        assert.equal(statusOf(pid, 'Seccomp'), '2')
        assert.equal(statusOf(pid, 'NoNewPrivs'), '1')
        assert.equal(statusOf(pid, 'Threads'), '1')
        assert.match(statusOf(pid, 'CapEff'), /^0+$/)
        for (const name of ['user', 'pid', 'net', 'mnt', 'ipc', 'uts'])
          assert.notEqual(readlinkSync(`/proc/${pid}/ns/${name}`), readlinkSync(`/proc/self/ns/${name}`))
        assert.match(readFileSync(`/proc/${pid}/limits`, 'utf8'), /^Max open files\s+0\s+0/m)
      }
      assert.equal(readFileSync(`/proc/${a.pid}/environ`, 'latin1').includes('PATH='), false)
    })

    test('has nothing open but its own sockets and what wakes its own event loops', async (t) => {
      const zygote = await openZygote(t, isolation)
      const workers = [await forkReady(zygote), await forkReady(zygote), await forkReady(zygote)]
      const parent = Number(statusOf(workers[0]!.pid, 'PPid'))
      for (const { pid } of workers) {
        const open = openIn(pid)
        const kinds = open.map(([fd, what]) => (fd < 2 ? '/dev/null' : what.replace(/\d+/, '')))
        assert.deepEqual(new Set(kinds), new Set(['/dev/null', 'socket:[]', 'anon_inode:[eventfd]']))
        assert.deepEqual(
          open.flatMap(([fd, what]) => (what.startsWith('socket:') ? fd : [])),
          [2, 3],
        )
      }
      const sockets = [parent, ...workers.map(({ pid }) => pid)].flatMap((pid) =>
        openIn(pid).flatMap(([fd, what]) => (what.startsWith('socket:') && fd > 1 ? what : [])),
      )
      const wakes = [parent, ...workers.map(({ pid }) => pid)].flatMap(wakesOf)
      assert.equal(new Set(sockets).size, sockets.length, 'no socket is in two processes')
      assert.ok(wakes.length > workers.length)
      assert.equal(new Set(wakes).size, wakes.length, 'no counter is in two processes')
    })

    test('proves its bounds: a forbidden call ends it alone', async (t) => {
      const zygote = await openZygote(t, isolation)
      const other = await forkReady(zygote)
      assert.equal(await doubt({ ...isolation, launch: (spec) => zygote.fork(spec)! }), undefined)
      const { signal } = await zygote.fork({ words: [BREAK_OUT] })!.exited
      assert.equal(signal, 'SIGSYS')
      assert.ok(other.usage()!.residentBytes > 2 ** 20)
    })

    test('is killed while the zygote has no time for it, at once and for certain', async (t) => {
      const zygote = await openZygote(t, isolation)
      const [a, b] = [await forkReady(zygote), await forkReady(zygote)]
      const parent = Number(statusOf(a.pid, 'PPid'))
      process.kill(parent, 'SIGSTOP')
      a.kill()
      assert.equal((await a.exited).signal, 'SIGKILL')
      assert.equal(stateOf(a.pid), 'Z')
      assert.equal(a.usage(), undefined)
      process.kill(parent, 'SIGCONT')
      b.kill()
      assert.equal((await b.exited).signal, 'SIGKILL')
      // What ended is known no more: the zygote goes on.
      await forkReady(zygote)
      while (stateIsKnown(a.pid)) await sleep(5)
    })

    test('is killed before it is ready, and before it is known which process it is', async (t) => {
      const zygote = await openZygote(t, isolation)
      for (const delayMs of [0, 0, 1, 2, 4, 8]) {
        const launched = zygote.fork()!
        if (delayMs > 0) await sleep(delayMs)
        launched.kill()
        assert.equal((await launched.exited).signal, 'SIGKILL')
      }
      await forkReady(zygote)
    })

    test('ends by itself when its channel is closed, and says its exit code', async (t) => {
      const zygote = await openZygote(t, isolation)
      const launched = await forkReady(zygote)
      launched.stream.end()
      assert.deepEqual(await launched.exited, { code: 0, signal: null, stderr: '' })
    })

    test('does not outlive the zygote, and says so', async (t) => {
      const zygote = await openZygote(t, isolation)
      const workers = [await forkReady(zygote), await forkReady(zygote)]
      process.kill(Number(statusOf(workers[0]!.pid, 'PPid')), 'SIGKILL')
      for (const worker of workers) {
        const { signal, stderr } = await worker.exited
        assert.deepEqual([signal, stderr], ['SIGKILL', 'the process that it was forked from has ended'])
        assert.ok(!stateIsKnown(worker.pid) || stateOf(worker.pid) === 'Z')
      }
      assert.equal(zygote.fork(), undefined)
    })

    test('a zygote that is retired ends with its last child', async (t) => {
      const zygote = await openZygote(t, isolation)
      const worker = await forkReady(zygote)
      zygote.retire()
      assert.ok(stateIsKnown(worker.pid))
      worker.kill()
      await worker.exited
      await zygote.ended
    })
  })
}

function stateIsKnown(pid: number): boolean {
  try {
    return statusOf(pid, 'State') !== ''
  } catch {
    return false
  }
}
