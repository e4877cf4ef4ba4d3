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

/** Measures in the worker what one run takes from the moment that it was handed over. */
export type RunMeter = {
  /** Bytes alive on behalf of the run. Garbage is not: when they look like more than `bytesMax`, it is collected to know. */
  liveBytes(bytesMax: number): number
  used(): Pick<WorkerUsage, 'cpuMs' | 'peakBytes'>
}

export function startRunMeter(): RunMeter {
  const baseBytes = heapBytes()
  const cpuBefore = process.cpuUsage()
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
      const { user, system } = process.cpuUsage(cpuBefore)
      return { cpuMs: (user + system) / 1000, peakBytes }
    },
  }
}
