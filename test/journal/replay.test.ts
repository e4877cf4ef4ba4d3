import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { resolveLimits, type Limits, type Mode } from '../../src/base/index.ts'
import type { EffectCall, JournalEntry } from '../../src/effects/index.ts'
import { memoryJournal, replayRecording, Session, type Performed, type Recording } from '../../src/journal/index.ts'
import { createPool, NO_ISOLATION, type ExecuteReport, type ExecuteRequest } from '../../src/sandbox/index.ts'
import { compileText } from './programs.ts'

const MODES: readonly Mode[] = ['interpret', 'jit']
const pool = createPool({ isolation: NO_ISOLATION, size: 1, spares: 0 })
after(() => pool.close(0))

async function execute(request: ExecuteRequest): Promise<ExecuteReport> {
  const report = await pool.execute(request)
  if ('rejected' in report) throw new Error(report.rejected)
  return report
}

/** Calls of `clock.sleep` for more than a second never end; all others are answered at once. */
async function perform({ name, args }: EffectCall, signal: AbortSignal): Promise<Performed> {
  if (name === 'clock.sleep' && (JSON.parse(args) as { ms: number }).ms > 1000)
    await new Promise<void>((given) => signal.addEventListener('abort', () => given()))
  return { kind: 'answer', text: '{"value":null}' }
}

async function record(text: string, mode: Mode, limits: Partial<Limits> = {}): Promise<Recording> {
  const program = compileText(text)
  const journal = memoryJournal()
  const performer = { perform, usage: () => ({ bytesIn: 0, bytesOut: 0 }) }
  const world = { time: 1_000, seed: 1 }
  const asked = { entry: 'main', args: [], mode, limits: resolveLimits(limits), world }
  const rest = { journal: journal.writer, past: [], isRepeatable: () => true, elapsed: () => 1 }
  const effects = new Session({ performer, limits: asked.limits, ...rest })
  const report = await execute({ ...program, ...asked, effects })
  return {
    format: 'anrf-recording/1',
    program: Buffer.from(program.programBytes).toString('base64'),
    ...asked,
    startedAt: '',
    finishedAt: '',
    ...report,
    journal: journal.entries(),
  }
}

const SLEEP = `import { sleep } from 'anrf:clock'\n`

/** Runs that end while a call is under way, which therefore is in no journal. */
const ENDS: Readonly<Record<string, readonly [kind: string, text: string, limits?: Partial<Limits>]>> = {
  'a callback throws': [
    'threw',
    `export async function main(): Promise<void> {
       setTimeout(() => { throw new RangeError('now') }, 5)
       await sleep(5000)
     }`,
  ],
  'nobody waits for a promise that is rejected': [
    'threw',
    `export async function main(): Promise<void> {
       void sleep(3).then(() => { throw new Error('nobody') })
       await sleep(5000)
     }`,
  ],
  'its fuel ends': [
    'limited',
    `export async function main(): Promise<void> {
       const slow = sleep(5000)
       await sleep(3)
       for (let i = 0; ; i++) if (i < 0) await slow
     }`,
    { fuel: 100_000 },
  ],
}

for (const [name, [kind, text, limits]] of Object.entries(ENDS))
  test(`a run that ends under a call is done again: ${name}`, async () => {
    for (const mode of MODES) {
      const recording = await record(SLEEP + text, mode, limits)
      assert.equal(recording.outcome.kind, kind, JSON.stringify(recording.outcome))
      for (const again of MODES)
        assert.deepEqual((await replayRecording(recording, execute, again)).verdict, { kind: 'same' })
    }
  })

test('what is in a journal and is not done, and what is done and not in it, differs', async () => {
  const recording = await record(`${SLEEP}export async function main(): Promise<void> { await sleep(1) }`, 'interpret')
  const more: JournalEntry = { sequence: 1, name: 'kv.get', args: '{}', order: 1, elapsed: 9, text: '{"value":null}' }
  const longer = await replayRecording({ ...recording, journal: [...recording.journal, more] }, execute)
  assert.deepEqual(longer.verdict, {
    kind: 'different',
    differences: ['call 1 (kv.get) is in the journal, and the run does not make it'],
  })
  const shorter = await replayRecording({ ...recording, journal: [] }, execute)
  assert.deepEqual(shorter.verdict, {
    kind: 'different',
    differences: ['the replay diverged: call 0 (clock.sleep) with the arguments {"ms":1} is not in the journal'],
  })
})

test('arguments that are more than all bytes of a run may be end it by the limit, in every mode', async () => {
  const text = `import * as kv from 'anrf:kv'
    export async function main(): Promise<void> {
      try { await kv.set('k', 'x'.repeat(5000)) } catch { console.log('caught') }
    }`
  for (const mode of MODES) {
    const { outcome, logs, journal } = await record(text, mode, { io: 1000 })
    assert.equal(outcome.kind === 'limited' && outcome.limit, 'io', JSON.stringify(outcome))
    assert.deepEqual([logs, journal], [[], []])
  }
})

test('what is no delay of a timer, or beyond the greatest, is one millisecond, as in Node', async () => {
  const text = `export function main(): void {
    for (const ms of [2147483647.5, 2147483648, NaN, Infinity, -5, 0.9, 2.9]) setTimeout(() => {}, ms)
    clearTimeout(setTimeout(() => {}, 2147483647))
  }`
  for (const mode of MODES) {
    const { journal } = await record(text, mode)
    assert.deepEqual(
      journal.map(({ args }) => (JSON.parse(args) as { ms: number }).ms),
      [1, 1, 1, 1, 1, 1, 2, 2147483647],
    )
  }
})

test('calls are counted as they come, those that fail too, and one more than there may be ends the run', async () => {
  const text = `import * as kv from 'anrf:kv'
    export function main(): void {
      for (let i = 0; i < 5; i++) { console.log(i); void kv.get('').catch(() => {}) }
    }`
  for (const mode of MODES) {
    const all = await record(text, mode, { effects: 5 })
    assert.deepEqual([all.outcome.kind, all.usage.effects, all.journal.length], ['returned', 5, 5])
    const some = await record(text, mode, { effects: 3 })
    assert.equal(some.outcome.kind === 'limited' && some.outcome.limit, 'effects')
    assert.deepEqual([some.usage.effects, some.logs], [3, ['0', '1', '2', '3']])
    for (const again of MODES) assert.deepEqual((await replayRecording(some, execute, again)).verdict, { kind: 'same' })
  }
})
