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

/** What is told of a run; again at every look, until the watch is stopped. */
export type Tell = {
  onBreach(limit: 'cpu' | 'memory' | 'wall'): void
  /** It is looked at, given the time of `performance.now`: not before it has been under way for 10 ms. */
  onLook(nowMs: number): void
}

/** The runs under way. */
const watches = new Set<Watch>()
/** One timer for all: starting and stopping one for each run costs more than all else that is done to watch it. */
let timer: NodeJS.Timeout | undefined

function lookAtAll(): void {
  const nowMs = performance.now()
  for (const watch of watches) watch.look(nowMs)
  if (watches.size > 0) return
  clearInterval(timer)
  timer = undefined
}

const NOTHING: Seen = { cpuMs: 0, peakBytes: 0 }

/** Looks at the process of a run from outside until it is stopped. Short runs end before the first look and cost nothing. */
export class Watch {
  seen = NOTHING
  readonly #launched: Launched
  readonly #limits: Limits
  readonly #residentBytesMax: number
  readonly #tell: Tell
  readonly #startedMs: number
  /** What its process used at the first look. */
  #first: { readonly cpuMs: number; readonly residentBytes: number } | undefined

  /** `memoryBytes`: what the worker's heap was made for; `startedMs`: when the run began, by `performance.now`. */
  constructor(launched: Launched, limits: Limits, memoryBytes: number, startedMs: number, tell: Tell) {
    this.#launched = launched
    this.#limits = limits
    this.#residentBytesMax = residentBytesMax(memoryBytes)
    this.#tell = tell
    this.#startedMs = startedMs
    watches.add(this)
    timer ??= setInterval(lookAtAll, WATCH_MS)
  }

  look(nowMs: number): void {
    const wallMs = nowMs - this.#startedMs
    if (wallMs > this.#limits.wall) return this.#tell.onBreach('wall')
    if (wallMs < WATCH_MS) return
    this.#tell.onLook(nowMs)
    const usage = this.#launched.usage()
    if (!usage) return
    const first = (this.#first ??= usage)
    const peakBytes = Math.max(this.seen.peakBytes, usage.residentBytes - first.residentBytes)
    this.seen = { cpuMs: usage.cpuMs - first.cpuMs, peakBytes }
    if (usage.residentBytes > this.#residentBytesMax) this.#tell.onBreach('memory')
    else if (this.seen.cpuMs > this.#limits.cpu) this.#tell.onBreach('cpu')
  }

  stop(): void {
    watches.delete(this)
  }
}
