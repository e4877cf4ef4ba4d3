import { closeSync, existsSync, fsyncSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Finding, Patient } from './check.ts'

const FREE_BYTES_LOW = 2 ** 30
const FREE_BYTES_MIN = 100 * 2 ** 20

/** The folder of the store, or the one in which it would be made. */
export function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path))
}

export function checkDisk({ dataDir }: Patient): Finding {
  const { bavail, bsize } = statfsSync(nearestFolder(dataDir))
  const free = bavail * bsize
  const detail = `${(free / 2 ** 30).toFixed(1)} GiB free for ${dataDir}`
  if (free >= FREE_BYTES_LOW) return { status: 'ok', detail }
  const hint = 'A full disk is answered 507 and loses nothing, and nothing more is done.'
  return { status: free < FREE_BYTES_MIN ? 'error' : 'warning', detail, hint }
}

const SYNCS = 9
const SYNC_MS_SLOW = 30

/** How long the disk takes to make a block durable, which every answer of an execution waits for. */
export function checkSync({ dataDir }: Patient): Finding {
  const folder = mkdtempSync(join(nearestFolder(dataDir), '.anrf-doctor-'))
  try {
    const file = openSync(join(folder, 'block'), 'w')
    const block = Buffer.alloc(4096, 1)
    const times = Array.from({ length: SYNCS }, () => {
      const startedMs = performance.now()
      writeSync(file, block)
      fsyncSync(file)
      return performance.now() - startedMs
    })
    closeSync(file)
    const median = times.sort((a, b) => a - b)[SYNCS >> 1]!
    const detail = `${median.toFixed(1)} ms for fsync of a block, median of ${SYNCS}`
    if (median < SYNC_MS_SLOW) return { status: 'ok', detail }
    return { status: 'warning', detail, hint: 'Every execution waits for one: a disk of its own for the store helps.' }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
