// A service on a disk that is full: a file system of its own in memory (tmpfs, in namespaces of an ordinary user, see unshare(1)).
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { askerOf, freshDir, type Answer } from './harness.ts'
import { troubleDocumentBytes } from './programs.ts'

const SERVE = fileURLToPath(new URL('serve.ts', import.meta.url))
const MOUNT = 'mount -t tmpfs -o size=16m none "$0"'

/** Writes until nothing more fits. */
function fillUp(path: string): void {
  const file = openSync(path, 'w')
  try {
    for (let size = 2 ** 20; size >= 1; size = Math.floor(size / 2))
      try {
        for (;;) writeSync(file, Buffer.alloc(size))
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC')
      }
  } finally {
    closeSync(file)
  }
}

test(
  'on a full disk requests are answered 507, and with the same keys when there is space again',
  { timeout: 120_000 },
  async (t) => {
    const dir = freshDir()
    const probe = spawnSync('unshare', ['-rm', 'sh', '-c', MOUNT, dir], { stdio: 'ignore' })
    if (probe.status !== 0) {
      t.diagnostic('not asked: no file system of its own can be had (unshare(1) of util-linux, user namespaces)')
      return
    }
    const serve = `${MOUNT} && exec "$1" --disable-warning=ExperimentalWarning "$2" "$0"`
    const child = spawn('unshare', ['-rm', 'sh', '-c', serve, dir, process.execPath, SERVE], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ANRF_ISOLATION: 'none' },
    })
    t.after(async () => {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      rmSync(dir, { recursive: true, force: true })
    })
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    const { url, key } = JSON.parse(line) as { url: string; key: string }
    const ask = askerOf(url, key)
    const published = await ask('POST', '/artifacts', {
      body: troubleDocumentBytes(),
      type: 'application/octet-stream',
    })
    assert.equal(published.status, 201)
    const total = (i: number, prefer: string): Promise<Answer> =>
      ask('POST', '/execute/trouble', {
        // Larger than what the write-ahead log has room for.
        body: { entry: 'total', inputs: { lines: [], label: `${i}`.repeat(100_000) } },
        headers: { 'idempotency-key': `${prefer}-${i}`, prefer },
      })
    const filler = join('/proc', String(child.pid), 'root', dir, 'filler')
    const refused: (readonly [number, string])[] = []
    const readiness = async (): Promise<string> => {
      const { status, body } = await ask('GET', '/readyz', { key: null })
      return `${status} ${String(body['detail'] ?? body['status'])}`
    }
    const untilReadiness = async (wanted: string): Promise<void> => {
      for (let i = 0; i < 100 && (await readiness()) !== wanted; i++) await sleep(100)
      assert.equal(await readiness(), wanted)
    }
    assert.equal(await readiness(), '200 ok')
    fillUp(filler)
    await untilReadiness('503 the store has no space left: executions are refused')
    for (let i = 0; i < 20; i++)
      for (const prefer of ['respond-async', 'wait=5']) {
        const { status, body } = await total(i, prefer)
        if (status < 300) continue
        assert.deepEqual([status, body['code']], [507, 'ANRF5008'], JSON.stringify(body))
        refused.push([i, prefer])
      }
    t.diagnostic(`${refused.length} of 40 requests found the disk full`)
    assert.ok(refused.length > 0)
    assert.equal((await ask('GET', '/executions')).status, 200)
    assert.equal(await readiness(), '503 the store has no space left: executions are refused')
    assert.equal((await ask('GET', '/livez')).status, 200)
    rmSync(filler)
    await untilReadiness('200 ok')
    for (const [i, prefer] of refused) {
      const { status, headers, body } = await total(i, prefer)
      assert.deepEqual([status < 300, headers.get('idempotent-replayed')], [true, null], JSON.stringify(body))
      assert.equal((await total(i, prefer)).headers.get('idempotent-replayed'), 'true')
    }
  },
)
