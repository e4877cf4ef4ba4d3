import type { Libc } from '../isolation/libc.ts'
import { numberOf } from '../isolation/numbers.ts'
import { CHANNEL_FD } from '../wire.ts'

const STDERR_FD = 2
const EFD_NONBLOCK = 0o4000
const LAST_FD = 0xffff_ffff

/**
 * Makes a forked process one of its own, whose event loops are woken at `wakes`: `channel` and `stderr` come to their places, everything else that the zygote had open is
 * closed. V8 goes on waking an event loop that nobody runs any more, so that each descriptor for it becomes a new one, which no
 * other process shares. Throws where the kernel refuses.
 */
export function takePlaces(libc: Libc, channel: number, stderr: number, wakes: readonly number[]): void {
  const call = (name: string, ...args: readonly number[]): number => {
    const result = Number(libc.call(numberOf(name), ...args))
    if (result < 0) throw new Error(`${name}(2) is refused`)
    return result
  }
  call('dup3', channel, CHANNEL_FD, 0)
  call('dup3', stderr, STDERR_FD, 0)
  // Each of its own: what one event loop is told must not wake another.
  for (const wake of wakes) {
    const fresh = call('eventfd2', 0, EFD_NONBLOCK)
    call('dup3', fresh, wake, 0)
    call('close', fresh)
  }
  const kept = [CHANNEL_FD, ...wakes].toSorted((a, b) => a - b)
  for (const [i, fd] of kept.entries()) {
    const end = (kept[i + 1] ?? LAST_FD + 1) - 1
    if (fd + 1 <= end) call('close_range', fd + 1, end, 0)
  }
}
