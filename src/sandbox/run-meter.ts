import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { WorkerUsage } from './messages.ts'

/** What this process has in use for the program that it runs: its heap, and what lies beside it. */
export function heapBytes(): number {
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

/**
 * Measures the runs of this process, one after the other. Asking for processor time takes as long as a small run, so that it is asked once
 * for each: what one run is charged begins where the one before it ended.
 */
export class Meter {
  #cpuBefore = process.cpuUsage()

  /** To be called when something was done that no run is to be charged for. */
  skip(): void {
    this.#cpuBefore = process.cpuUsage()
  }

  /** From the moment that a run was handed over; `used` is asked once, at its end. */
  start(): RunMeter {
    const baseBytes = heapBytes()
    let peakBytes = 0
    const look = (): number => {
      const bytes = Math.max(0, heapBytes() - baseBytes)
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
        const before = this.#cpuBefore
        this.#cpuBefore = process.cpuUsage()
        const { user, system } = this.#cpuBefore
        return { cpuMs: (user - before.user + system - before.system) / 1000, peakBytes }
      },
    }
  }
}
