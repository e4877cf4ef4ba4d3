// A million damaged frames: whatever peers say, the parent lives, keeps nothing, and no execution gets what belongs to another principal,
// or to an execution that its peer was sent before it.
import assert from 'node:assert/strict'
import { createHash, randomInt } from 'node:crypto'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { resolveLimits } from '../../src/base/index.ts'
import { createPool } from '../../src/sandbox/index.ts'
import { createRandom, launchHostile, Malice, REMEMBERED } from './hostile-peer.ts'

const FRAMES = 1_000_000
const AT_ONCE = 16
const MEBIBYTE = 2 ** 20
const seed = Number(process.env['ANRF_SEED'] ?? randomInt(2 ** 31))

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** A value that no damage makes into another one of these. */
const sealed = (n: number): string => `value ${n} ${createHash('sha256').update(String(n)).digest('hex').slice(0, 16)}`

async function keptBytes(): Promise<number> {
  // Twice: what finalizers let go of is garbage only then.
  for (let i = 0; i < 2; i++) {
    await new Promise((resolve) => setImmediate(resolve))
    collect()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

test(`${FRAMES} damaged frames, seed ${seed}`, async () => {
  const malice = new Malice(createRandom(seed))
  const pool = createPool({
    // Fewer places than runs, so that some are lined up behind others.
    size: AT_ONCE / 4,
    queueMax: AT_ONCE,
    isolation: { level: 'none', launch: launchHostile(malice) },
  })
  const kinds = new Map<string, number>()
  let executions = 0
  /** Whose the latest executions are, by argument. */
  const owners = new Map<string, string>()

  async function execute(): Promise<void> {
    const value = sealed(executions++)
    const program = { programId: 'sha256:00', programBytes: new Uint8Array(8), entry: 'f', mode: 'interpret' }
    const principal = `p${malice.random(4)}`
    owners.set(value, principal)
    if (owners.size > REMEMBERED) owners.delete(owners.keys().next().value!)
    const report = await pool.execute({ ...program, args: [value], limits: resolveLimits({ effects: 2 }), principal })
    assert.ok('outcome' in report)
    const { outcome } = report
    kinds.set(outcome.kind, (kinds.get(outcome.kind) ?? 0) + 1)
    if (outcome.kind === 'returned') expectOwn(value, principal, outcome.value)
  }

  function expectOwn(value: string, principal: string, got: unknown): void {
    // A peer may damage its own answer, which is its own affair, or answer with the argument of a run that it was sent behind this one, of the
    // same principal, whether it still waits there or was taken back (docs/decisions/0040). Any other answer would be whole.
    if (typeof got !== 'string' || got === value || got !== sealed(Number(/^value (\d+) /.exec(got)?.[1]))) return
    const what = `seed ${seed}: ${value} got ${got}`
    assert.equal(owners.get(got), principal, what)
    assert.ok(malice.wereLinedUp(value, got), what)
  }

  async function load(until: number): Promise<void> {
    const loads = Array.from({ length: AT_ONCE }, async () => {
      while (malice.mutated < until) await execute()
    })
    await Promise.all(loads)
  }

  await load(FRAMES / 5)
  const before = await keptBytes()
  await load(FRAMES)
  const grown = ((await keptBytes()) - before) / MEBIBYTE
  assert.ok(grown < 16, `seed ${seed}: ${grown.toFixed(1)} MiB more are kept`)
  // The test would say nothing if all peers were killed for the same reason, or none got through.
  for (const kind of ['returned', 'crashed', 'limited']) assert.ok((kinds.get(kind) ?? 0) > 10, [...kinds].join(' '))
  assert.equal((await pool.close(), pool.status().workers), 0)
})
