import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collect, Meter } from '../../src/sandbox/run-meter.ts'

function computeFor(ms: number): void {
  for (const endMs = performance.now() + ms; performance.now() < endMs;);
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Does runs that compute for so long each: what they are charged in all, and what the process used. */
function charge(runsMs: readonly number[]): { readonly charged: number; readonly used: number } {
  const before = cpuMs()
  const meter = new Meter()
  let charged = 0
  for (const ms of runsMs) {
    const { used } = meter.start()
    computeFor(ms)
    charged += used().cpuMs
  }
  return { charged, used: cpuMs() - before }
}

test('a long run is charged the processor time of the process', () => {
  const { charged, used } = charge([30])
  assert.ok(charged > 0 && charged <= used, `${charged} of ${used} ms`)
})

test('what short runs are charged, a long one after them is not charged again', () => {
  const short = Array.from({ length: 50 }, () => 0.02)
  const { charged, used } = charge([...short, 30])
  assert.ok(charged >= 1 && charged <= used, `${charged} of ${used} ms`)
})

test('what a run leaves behind is not the next one’s', () => {
  // More than garbage from before the meter could hide, should it be collected between two looks.
  const bytes = 2 ** 25
  collect()
  const meter = new Meter()
  const first = meter.start()
  const kept = new Uint8Array(bytes).fill(1)
  assert.ok(first.used().peakBytes >= bytes / 2)
  const next = meter.start()
  assert.ok(next.used().peakBytes < bytes / 2)
  assert.equal(kept.length, bytes)
})
