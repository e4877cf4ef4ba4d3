import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { WorkerUsage } from './messages.ts'

/** What this process has in use for the program that it runs: its heap, and what lies beside it. */
function heapBytes(): number {
  const { used_heap_size: used, external_memory: external } = getHeapStatistics()
  return used + external
}

let gc: (() => void) | undefined

/** Collects garbage now. Not by the flag --expose-gc at the start: it would make V8 reject its own cached code, 25 ms. */
export function collect(): void {
  if (!gc) {
    setFlagsFromString('--expose-gc')
    gc = runInNewContext('gc') as () => void
  }
  gc()
}

/** Measures what one run takes. */
export type RunMeter = {
  /** Bytes alive on behalf of the run. Garbage is not: when they look like more than `bytesMax`, it is collected to know. */
  liveBytes(bytesMax: number): number
  used(): Pick<WorkerUsage, 'cpuMs' | 'peakBytes'>
}

/** A run that took less wall time is charged that: asking for its processor time takes as long as such a run. */
const SHORT_MS = 0.2
/** So many of these come one after another before the processor time is asked all the same, so that what they are charged is never far off. */
const SHORT_RUNS_MAX = 100

/** Measures the runs of this process, one after the other: what one run is charged begins where the one before it ended. */
export class Meter {
  #cpuBefore = process.cpuUsage()
  #bytesBefore = heapBytes()
  #shortRuns = 0
  #shortMs = 0

  /** What is in use since the last run ended. */
  get bytes(): number {
    return this.#bytesBefore
  }

  /** To be called when something was done that no run is to be charged for. */
  skip(): void {
    this.#bytesBefore = heapBytes()
    this.#cpuMs()
  }

  /** From the moment that a run was handed over; `used` is asked once, at its end. */
  start(): RunMeter {
    const startedMs = performance.now()
    const baseBytes = this.#bytesBefore
    let peakBytes = 0
    const look = (): number => {
      this.#bytesBefore = heapBytes()
      const bytes = Math.max(0, this.#bytesBefore - baseBytes)
      peakBytes = Math.max(peakBytes, bytes)
      return bytes
    }
    return {
      liveBytes: (bytesMax) => {
        if (look() > bytesMax) collect()
        return look()
      },
      used: () => {
        look()
        return { cpuMs: this.#charge(performance.now() - startedMs), peakBytes }
      },
    }
  }

  #charge(wallMs: number): number {
    if (wallMs >= SHORT_MS || this.#shortRuns === SHORT_RUNS_MAX) return this.#cpuMs()
    this.#shortRuns++
    this.#shortMs += wallMs
    return wallMs
  }

  /** Processor time that no run was charged yet. */
  #cpuMs(): number {
    const before = this.#cpuBefore
    const { user, system } = (this.#cpuBefore = process.cpuUsage())
    const chargedMs = this.#shortMs
    this.#shortRuns = this.#shortMs = 0
    return Math.max(0, (user - before.user + system - before.system) / 1000 - chargedMs)
  }
}
