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

/** How often runs are looked at: reading /proc takes 40 us. */
const WATCH_MS = 10

/** Who waits for so long waits for more than short runs, also where the machine is so busy that these take their time. */
export const LONG_MS = 100

/** What the parent saw of a run's process; `cpuMs` and `peakBytes` grow from the first look on. */
export type Seen = { readonly cpuMs: number; readonly peakBytes: number }

/** Looks at the process of a run from outside until it is stopped. Short runs end before the first look and cost nothing. */
export type Watch = {
  readonly seen: Seen
  stop(): void
}

/** What is told of a run; again at every look, until the watch is stopped. */
type Tell = {
  onBreach(limit: 'cpu' | 'memory' | 'wall'): void
  /** It is looked at, given the time of `performance.now`: not before it has been under way for 10 ms. */
  onLook(nowMs: number): void
}

/** What looks at each run under way, given the time of `performance.now`. */
const looks = new Set<(nowMs: number) => void>()
/** One timer for all: starting and stopping one for each run costs more than all else that is done to watch it. */
let timer: NodeJS.Timeout | undefined

function lookAtAll(): void {
  const nowMs = performance.now()
  for (const look of looks) look(nowMs)
  if (looks.size > 0) return
  clearInterval(timer)
  timer = undefined
}

/** `memoryBytes`: what the worker's heap was made for. */
export function watchRun(launched: Launched, limits: Limits, memoryBytes: number, tell: Tell): Watch {
  const startedMs = performance.now()
  const bytesMax = residentBytesMax(memoryBytes)
  let first: { readonly cpuMs: number; readonly residentBytes: number } | undefined
  let seen: Seen = { cpuMs: 0, peakBytes: 0 }
  const look = (nowMs: number): void => {
    const wallMs = nowMs - startedMs
    if (wallMs > limits.wall) return tell.onBreach('wall')
    if (wallMs < WATCH_MS) return
    tell.onLook(nowMs)
    const usage = launched.usage()
    if (!usage) return
    first ??= usage
    const peakBytes = Math.max(seen.peakBytes, usage.residentBytes - first.residentBytes)
    seen = { cpuMs: usage.cpuMs - first.cpuMs, peakBytes }
    if (usage.residentBytes > bytesMax) tell.onBreach('memory')
    else if (seen.cpuMs > limits.cpu) tell.onBreach('cpu')
  }
  looks.add(look)
  timer ??= setInterval(lookAtAll, WATCH_MS)
  return {
    get seen() {
      return seen
    },
    stop: () => looks.delete(look),
  }
}
