// Programs that are called take of what their caller has left: every mode says the same of what is left, and ends at the same point.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareOf, type EffectPort, type Left } from '../../src/effects/index.ts'
import { loadProgram, MODES, run, type Program } from '../../src/engine/index.ts'
import { compile } from '../../src/front/index.ts'
import { encodeModule } from '../../src/ir/index.ts'
import { library } from '../golden/anrf.ts'

const SOURCE = `
import { call } from 'anrf:programs'

function sum(n: number): number {
  let total = 0
  for (let i = 0; i < n; i++) total += i
  return total
}

export async function main(n: number): Promise<string> {
  const seen: string[] = []
  for (let i = 0; i < 3; i++) {
    sum(n)
    const [one, two] = await Promise.all([call('a'), call('b')])
    sum(n)
    seen.push(one + ':' + two)
  }
  console.log(seen.join())
  return seen.join()
}
`

function programOf(source: string): Program {
  const { program, diagnostics } = compile({ read: (path) => (path === 'main.ts' ? source : undefined) }, library, {
    main: 'main.ts',
  })
  assert.ok(program, diagnostics.map(({ message }) => message).join('; '))
  const loaded = loadProgram(encodeModule(program.module))
  assert.ok('program' in loaded)
  return loaded.program
}

/** Gives each program a share, of which it uses a half; notes what runs say that they have left. */
function port(): EffectPort & { readonly told: Left[] } {
  const waiting: number[] = []
  const told: Left[] = []
  const held = new Map<number, Left>()
  let charged: Left = { fuel: 0, allocation: 0 }
  const sum = (name: keyof Left): number => [...held.values()].reduce((all, one) => all + one[name], charged[name])
  return {
    told,
    start: ({ sequence }) => void waiting.push(sequence),
    cancel: () => undefined,
    next: (left) => {
      told.push(left)
      const begun = waiting.filter((sequence) => !held.has(sequence))
      const grant = { fuel: shareOf(left.fuel, begun.length), allocation: shareOf(left.allocation, begun.length) }
      for (const sequence of begun) held.set(sequence, grant)
      const sequence = waiting.shift()
      if (sequence === undefined) return undefined
      const { fuel, allocation } = held.get(sequence)!
      held.delete(sequence)
      charged = {
        fuel: charged.fuel + Math.floor(fuel / 2),
        allocation: charged.allocation + Math.floor(allocation / 2),
      }
      const text = JSON.stringify({ value: fuel })
      return { sequence, elapsed: 0, text, taken: { fuel: sum('fuel'), allocation: sum('allocation') } }
    },
  }
}

function outcomeOf(program: Program, mode: string, limits: object): unknown {
  const effects = port()
  const logs: string[] = []
  const host = { log: (_: string, line: string) => void logs.push(line), effects }
  const { outcome, usage } = run(program, {
    entry: 'main',
    args: [50],
    limits,
    mode: mode as keyof typeof MODES,
    host,
  })
  const { fuel, allocatedBytes, depthMax, logBytes } = usage
  return { outcome, usage: { fuel, allocatedBytes, depthMax, logBytes }, told: effects.told, logs }
}

const program = programOf(SOURCE)
const modes = Object.keys(MODES)

test('with every limit of fuel all modes have the same left at each wait, use the same and end at the same point', () => {
  const kinds = new Set<string>()
  for (let fuel = 100; fuel < 60_000; fuel = Math.ceil(fuel * 1.07)) {
    const [first, ...others] = modes.map((mode) => outcomeOf(program, mode, { fuel }))
    for (const other of others) assert.deepEqual(other, first, `fuel ${fuel}`)
    const { outcome, usage, told } = first as {
      outcome: { kind: string }
      usage: { fuel: number }
      told: Left[]
    }
    kinds.add(outcome.kind)
    for (const left of told) assert.ok(left.fuel >= 0 && left.fuel <= fuel)
    assert.ok(usage.fuel <= fuel)
  }
  assert.deepEqual([...kinds].sort(), ['limited', 'returned'])
})

test('and with every limit of allocation, also over slices of it', () => {
  const kinds = new Set<string>()
  for (let allocation = 1000; allocation < 2 ** 27; allocation = Math.ceil(allocation * 1.3)) {
    const [first, ...others] = modes.map((mode) => outcomeOf(program, mode, { allocation }))
    for (const other of others) assert.deepEqual(other, first, `allocation ${allocation}`)
    kinds.add((first as { outcome: { kind: string } }).outcome.kind)
  }
  assert.deepEqual([...kinds].sort(), ['limited', 'returned'])
})

test("what is the caller's and what it gave away are never more together than it was given", () => {
  for (const fuel of [5000, 20_000, 1_000_000]) {
    const { told } = outcomeOf(program, 'interpret', { fuel }) as { told: Left[] }
    // Each says less than the one before but for what was given back, and never more than there was at first.
    assert.ok(told.every((left) => left.fuel < fuel))
  }
})
