import { readdirSync, readFileSync } from 'node:fs'
import { openLibc } from './libc.ts'
import { numberOf } from './numbers.ts'

const FIRST_FD = 3
const LAST_FD = 0xffff_ffffn
const CLOSE_RANGE_CLOEXEC = 4
const O_CLOEXEC = 0o2_000_000

/**
 * Makes sure that no descriptor which this process was started with reaches a worker: Node's own close by themselves, those of
 * a shell or a supervisor need not. Rejects where one cannot be closed.
 */
export async function keepDescriptors(): Promise<void> {
  if (inherited().length === 0) return
  const libc = await openLibc()
  libc.call(numberOf('close_range'), FIRST_FD, LAST_FD, CLOSE_RANGE_CLOEXEC)
  const left = inherited()
  if (left.length > 0) throw new Error(`descriptor ${left.join(', ')} was inherited and cannot be closed`)
}

/** Descriptors that a process started from here would have, from proc(5). */
function inherited(): number[] {
  const all = readdirSync('/proc/self/fd').map(Number)
  return all.filter((fd) => fd >= FIRST_FD && (flagsOf(fd) & O_CLOEXEC) === 0)
}

function flagsOf(fd: number): number {
  try {
    return Number.parseInt(/^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1] ?? '0', 8)
  } catch {
    // The one of the listing itself, which is gone.
    return O_CLOEXEC
  }
}
