import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Metrics } from './registry.ts'

/** Observes this process: memory, processor, event loop. What it gives ends the observation. */
export function observeProcess(metrics: Metrics): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  metrics.observe('processMemory', () => [{ labels: [], value: process.memoryUsage.rss() }])
  metrics.observe('processUptime', () => [{ labels: [], value: process.uptime() }])
  metrics.observe('processCpu', () => {
    const { user, system } = process.cpuUsage()
    return [
      { labels: ['user'], value: user / 1e6 },
      { labels: ['system'], value: system / 1e6 },
    ]
  })
  const seconds = (percentile: number): number => Math.max(0, delay.percentile(percentile) / 1e9 - 0.02)
  metrics.observe('eventLoopP50', () => [{ labels: [], value: seconds(50) }])
  metrics.observe('eventLoopP99', () => {
    const value = seconds(99)
    // The last one that is looked at: from here on the next look counts.
    delay.reset()
    return [{ labels: [], value }]
  })
  return () => delay.disable()
}
