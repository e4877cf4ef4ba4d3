import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolveLimits, type Encoded } from '../../src/base/index.ts'
import { readRecording, writeRecording, type Recording } from '../../src/journal/index.ts'
import { compileText } from './programs.ts'

const { programBytes } = compileText(
  'export function main(text: string, count: bigint, more?: number[]): number { return text.length + Number(count) + (more?.length ?? 0) }',
)
const args: Encoded[] = ['a\ud800', { $: 'bigint', v: '5' }, { $: 'undefined' }]
const RECORDING: Omit<Recording, 'format'> = {
  executionId: 'id',
  program: Buffer.from(programBytes).toString('base64'),
  entry: 'main',
  args,
  mode: 'interpret',
  limits: resolveLimits({}),
  world: { time: 0, seed: 0 },
  isolation: 'none',
  startedAt: '',
  finishedAt: '',
  outcome: { kind: 'returned', value: 1 },
  logs: [],
  usage: { fuel: 0, allocatedBytes: 0, depthMax: 0, logBytes: 0, wallMs: 0, cpuMs: 0, peakBytes: 0, ...noEffects() },
  journal: [],
}

function noEffects() {
  const nested = { nestedFuel: 0, nestedAllocatedBytes: 0, nestedEffects: 0, nestedBytes: 0 }
  return { effects: 0, bytesIn: 0, bytesOut: 0, ...nested }
}

const read = (changed: object) => readRecording(Buffer.from(writeRecording({ ...RECORDING, ...changed } as Recording)))

test('a recording is read as it was written', () => {
  assert.deepEqual(read({}), { format: 'anrf-recording/1', ...RECORDING })
})

/** What is no recording of anything that ran, and where. */
const WRONG: readonly (readonly [changed: object, code: string, pointer: string])[] = [
  [{ program: '' }, 'ANRF2001', '/program'],
  [{ program: 'AAAA' }, 'ANRF2001', '/program'],
  [{ entry: 'none' }, 'ANRF1105', '/args'],
  [{ entry: '__proto__' }, 'ANRF1105', '/args'],
  [{ args: [5, args[1]!] }, 'ANRF4001', '/args/0'],
  [{ args: [{ $: 'ref', v: 0 }, args[1]!] }, 'ANRF4001', '/args/0'],
  [{ args: [] }, 'ANRF4002', '/args/text'],
  [{ limits: { ...RECORDING.limits, wall: 2 ** 40 } }, 'ANRF6001', '/limits/wall'],
  [{ limits: { ...RECORDING.limits, fuel: 0 } }, 'ANRF6001', '/limits/fuel'],
  [{ mode: 'auto' }, 'ANRF6001', '/mode'],
  [{ journal: [{ sequence: -1, name: 'kv.get', args: '{}' }] }, 'ANRF6001', '/journal/0/sequence'],
]

test('what could not have run is refused with its place', () => {
  for (const [changed, code, pointer] of WRONG) {
    const got = read(changed)
    const first = 'diagnostics' in got ? got.diagnostics[0] : undefined
    assert.deepEqual([first?.code, first?.pointer], [code, pointer], JSON.stringify(changed).slice(0, 100))
  }
})
