import type { Limits } from '../base/index.ts'
import type { Launched } from './launch.ts'

/** A V8 process costs this much beside the heap that programs fill. */
const PROCESS_BYTES = 96 * 2 ** 20
/** What the process of a worker may have in memory whose heap was made for `memoryBytes`. */
export function residentBytesMax(memoryBytes: number): number {
  return Math.ceil(1.5 * memoryBytes) + 2 * PROCESS_BYTES
}

/** The JavaScript heap of a worker whose programs may have `memoryBytes`. */
export function heapBytesMax(memoryBytes: number): number {
  return Math.ceil(memoryBytes * 1.25) + PROCESS_BYTES
}

/** How often a run is looked at: reading /proc takes 40 us. */
const WATCH_MS = 10

/** What the parent saw of a run's process; `cpuMs` and `peakBytes` grow from the first look on. */
export type Seen = { readonly cpuMs: number; readonly peakBytes: number }

/** Looks at the process of a run from outside until it is stopped. Short runs end before the first look and cost nothing. */
export type Watch = { readonly seen: Seen; stop(): void }

/** `memoryBytes`: what the worker's heap was made for. */
export function watchRun(
  launched: Launched,
  limits: Limits,
  memoryBytes: number,
  onBreach: (limit: 'cpu' | 'memory' | 'wall') => void,
): Watch {
  const bytesMax = residentBytesMax(memoryBytes)
  let first: { readonly cpuMs: number; readonly residentBytes: number } | undefined
  let seen: Seen = { cpuMs: 0, peakBytes: 0 }
  const look = (): void => {
    const usage = launched.usage()
    if (!usage) return
    first ??= usage
    const peakBytes = Math.max(seen.peakBytes, usage.residentBytes - first.residentBytes)
    seen = { cpuMs: usage.cpuMs - first.cpuMs, peakBytes }
    if (usage.residentBytes > bytesMax) onBreach('memory')
    else if (seen.cpuMs > limits.cpu) onBreach('cpu')
  }
  const wall = setTimeout(() => onBreach('wall'), limits.wall)
  const looks = setInterval(look, WATCH_MS)
  return {
    get seen() {
      return seen
    },
    stop: () => {
      clearTimeout(wall)
      clearInterval(looks)
    },
  }
}
