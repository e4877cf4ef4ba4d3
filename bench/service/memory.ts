import { readFileSync } from 'node:fs'
import { median } from '../measure.ts'

const EVERY_MS = 1000
const MB = 2 ** 20

/** Resident memory of a process in MB: when it had warmed up, at the end, and the one as a multiple of the other. */
export type MemoryWatch = { readonly first: number; readonly last: number; readonly growth: number }

/** Reads the resident memory of a process every second. Linux only. */
export function watchMemory(pid: number): { stop(): MemoryWatch } {
  const seen: number[] = []
  const timer = setInterval(() => seen.push(residentMb(pid)), EVERY_MS)
  return {
    stop() {
      clearInterval(timer)
      // The first quarter fills caches and lets the heap find its size.
      const quarter = Math.floor(seen.length / 4)
      const [first, last] = [median(seen.slice(quarter, 2 * quarter)), median(seen.slice(-quarter))]
      return { first, last, growth: last / first }
    },
  }
}

/** proc(5): VmRSS in kB. */
function residentMb(pid: number): number {
  const [, kb = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
  return (Number(kb) * 1024) / MB
}
