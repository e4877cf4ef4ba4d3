// The pool with its real worker: programs in trouble, and the next run after each.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { resolveLimits, type Encoded, type LimitName, type Limits } from '../../src/base/index.ts'
import { MODES } from '../../src/engine/index.ts'
import { compile } from '../../src/front/index.ts'
import { encodeModule } from '../../src/ir/index.ts'
import { createPool, openIsolation, programIdOf, type ExecuteReport } from '../../src/sandbox/index.ts'
import { library } from '../golden/anrf.ts'
import { troubleBytes } from '../service/programs.ts'

/** A program in breach of each limit that a program can reach by itself, and how soon it may. */
const BREACHES: Readonly<
  Record<Exclude<LimitName, 'concurrency'>, readonly [entry: string, Encoded[], Partial<Limits>]>
> = {
  fuel: ['spin', [], { fuel: 100_000 }],
  allocation: ['grow', [], { allocation: 1_000_000 }],
  memory: ['grow', [], { memory: 32 * 2 ** 20 }],
  depth: ['recurse', [0], { depth: 50_000 }],
  wall: ['spin', [], { fuel: 1e12, wall: 200 }],
  cpu: ['spin', [], { fuel: 1e12, cpu: 100 }],
  output: ['huge', [1000], { output: 5000 }],
  logs: ['chatter', [], { logs: 10_000 }],
  effects: ['insist', ['small'], { effects: 20 }],
  io: ['insist', ['large '.repeat(1000)], { io: 5000 }],
}

/** A program that does not take no for an answer: it is in breach of what it may ask of the world. */
const INSISTENT = `
import * as kv from 'anrf:kv'
export async function insist(text: string): Promise<number> {
  for (let refused = 0; ; ) {
    try {
      await kv.set('key', text)
    } catch {
      refused++
    }
  }
}
`

function insistentBytes(): Uint8Array {
  const { program, diagnostics } = compile({ read: (path) => (path === 'main.ts' ? INSISTENT : undefined) }, library, {
    main: 'main.ts',
  })
  if (!program) throw new Error(diagnostics.map(({ message }) => message).join('; '))
  return encodeModule(program.module)
}

/** The programs by their entries; all others are of the first. */
const PROGRAMS: Readonly<Record<string, Uint8Array>> = { insist: insistentBytes() }
const TROUBLE = troubleBytes()

/** What commands and services use: outcomes must be told apart through it too. */
const isolation = await openIsolation('auto')
if ('refused' in isolation) throw new Error(isolation.refused.message)

for (const mode of Object.keys(MODES))
  describe(mode, () => {
    const pool = createPool({ isolation, size: 1, spares: 1, processes: 1 })
    after(() => pool.close())

    const programBytes = TROUBLE
    const programId = programIdOf(programBytes)

    async function execute(entry: string, args: Encoded[] = [], limits: Partial<Limits> = {}): Promise<ExecuteReport> {
      const bytes = PROGRAMS[entry] ?? programBytes
      const program = { programBytes: bytes, programId: programIdOf(bytes), entry, args }
      const report = await pool.execute({ ...program, limits: resolveLimits(limits), mode })
      if ('rejected' in report) throw new Error(report.rejected)
      return report
    }

    async function assertAlive(): Promise<void> {
      const report = await execute('add', [1, 2])
      assert.deepEqual(report.outcome, { kind: 'returned', value: 3 })
      assert.deepEqual(report.logs, ['adding 1'])
    }

    async function assertLimited(
      limit: string,
      entry: string,
      args: Encoded[],
      limits: Partial<Limits>,
    ): Promise<ExecuteReport> {
      const report = await execute(entry, args, limits)
      assert.equal(report.outcome.kind === 'limited' && report.outcome.limit, limit, JSON.stringify(report.outcome))
      await assertAlive()
      return report
    }

    test('a program runs, logs, and says what it used', async () => {
      const report = await execute('add', [1, 2])
      assert.deepEqual(report.args, [1, 2])
      assert.equal(report.usage.fuel, 10)
      assert.equal(report.usage.logBytes, 'adding 1\n'.length)
      await assertAlive()
    })

    test('every run has a fresh instance', async () => {
      for (let i = 0; i < 3; i++) assert.deepEqual((await execute('count')).outcome, { kind: 'returned', value: 1 })
    })

    test('values that JSON cannot hold pass both ways', async () => {
      assert.deepEqual((await execute('inverse', [{ $: '-0' }])).outcome, {
        kind: 'returned',
        value: { $: '-Infinity' },
      })
      assert.deepEqual((await execute('inverse', [{ $: '-Infinity' }])).outcome, {
        kind: 'returned',
        value: { $: '-0' },
      })
      const text = 'a \u2028 line, \ud800 alone, \0 and 😀'
      assert.deepEqual((await execute('echo', [text])).outcome, { kind: 'returned', value: text })
    })

    for (const [limit, [entry, args, limits]] of Object.entries(BREACHES))
      test(`a breach of ${limit} ends that run alone`, async () => {
        await assertLimited(limit, entry, args, limits)
      })

    test('what a run used until it was stopped is told', async () => {
      const byFuel = await assertLimited('fuel', 'spin', [], { fuel: 100_000 })
      assert.equal(byFuel.usage.fuel, 100_000)
      const byTime = await assertLimited('wall', 'spin', [], { fuel: 1e12, wall: 500 })
      assert.deepEqual(byTime.logs, ['before'])
      assert.ok(byTime.usage.wallMs >= 500)
      assert.ok(process.platform !== 'linux' || byTime.usage.cpuMs >= 10)
      const grown = await assertLimited('memory', 'grow', [], { memory: 32 * 2 ** 20 })
      assert.ok(grown.usage.peakBytes > 32 * 2 ** 20)
    })

    test('what is too large is refused before it is made, and the worker goes on', async () => {
      await assertLimited('memory', 'holes', [2 ** 28], {})
      await assertLimited('memory', 'huge', [5e7], {})
      const { outcome } = await execute('holes', [2 ** 32])
      assert.equal(outcome.kind === 'threw' && outcome.error.message, 'Invalid array length')
      const tooLong = await execute('huge', [2 ** 29])
      assert.equal(tooLong.outcome.kind === 'threw' && tooLong.outcome.error.name, 'RangeError')
      await assertAlive()
    })

    test('no handler of the program takes a limit, and calls deeper than the host has stack for are counted all the same', async () => {
      await assertLimited('depth', 'fallible', [0], { depth: 1_000_000 })
    })

    test('no log line beyond the limit is kept', async () => {
      const report = await assertLimited('logs', 'chatter', [], { logs: 10_000 })
      assert.ok(report.logs.join('\n').length <= 10_000)
    })

    test('exceptions and traps are outcomes', async () => {
      const { outcome, logs } = await execute('fail', ['not today'])
      assert.equal(outcome.kind, 'threw')
      assert.deepEqual(outcome.kind === 'threw' && [outcome.error.name, outcome.error.message], [
        'RangeError',
        'not today',
      ])
      assert.deepEqual(logs, ['about to fail'])
      const trapped = await execute('trap')
      assert.equal(trapped.outcome.kind === 'trapped' && trapped.outcome.trap, 'index-out-of-bounds')
      await assertAlive()
    })

    test('a worker killed in the middle of a run is replaced', async () => {
      const [pid] = pool.status().pids
      const running = pool.execute({
        programId,
        programBytes,
        entry: 'spin',
        args: [],
        mode,
        limits: resolveLimits({ fuel: 1e12 }),
        onLog: () => process.kill(pid!, 'SIGKILL'),
      })
      const report = (await running) as ExecuteReport
      assert.deepEqual(report.outcome, { kind: 'crashed', message: 'the worker ended by SIGKILL' })
      assert.deepEqual(report.logs, ['before'])
      await assertAlive()
    })

    test('bytes that are no program are refused in the worker, which lives on', async () => {
      const bytes = Buffer.from('not a program')
      const request = { entry: 'add', args: [], limits: resolveLimits(), mode }
      const report = await pool.execute({ ...request, programId: programIdOf(bytes), programBytes: bytes })
      assert.equal('outcome' in report && report.outcome.kind, 'refused')
      await assertAlive()
    })

    test('many programs are loaded, forgotten and loaded again', async () => {
      for (let i = 0; i < 80; i++) {
        const bytes = Buffer.concat([Buffer.from('no program'), Buffer.from([i])])
        const request = { entry: 'add', args: [], limits: resolveLimits(), mode }
        await pool.execute({ ...request, programId: programIdOf(bytes), programBytes: bytes })
      }
      await assertAlive()
    })
  })
