import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolveLimits, type Encoded } from '../../src/base/index.ts'
import { prepareModule, run } from '../../src/engine/index.ts'
import { checkModule, type Module } from '../../src/ir/index.ts'
import { findCallCycles } from '../../src/passes/index.ts'
import { generateModule } from './generate.ts'
import { mutateModule } from './mutate.ts'
import { makeRandom } from './random.ts'
import { runReference, type ReferenceRun } from './reference.ts'
import { encodeReference } from './reference-values.ts'

const LIMITS = resolveLimits({ fuel: 20_000, allocation: 20_000_000, memory: 2 ** 30, depth: 50 })
const ARGUMENTS: Readonly<Record<string, unknown>> = { f64: 1.5, string: 'abc', bool: true, null: null }

/** What the engine says, in the words of the reference. */
function runEngine(module: Module, entry: Module['entries'][number], args: readonly unknown[]): unknown {
  const prepared = prepareModule(module)
  assert.ok('program' in prepared)
  const levels: string[] = []
  const encoded = args.map((arg) => encodeReference(module, arg))
  const { outcome, usage } = run(prepared.program, {
    entry: entry.name,
    args: encoded,
    limits: LIMITS,
    host: { log: (level) => levels.push(level) },
  })
  const { fuel, allocatedBytes, depthMax } = usage
  return { end: endOf(outcome), fuel, allocatedBytes, depthMax, levels }
}

function endOf(outcome: ReturnType<typeof run>['outcome']): unknown {
  switch (outcome.kind) {
    case 'returned':
      return { kind: outcome.kind, value: outcome.value }
    case 'threw':
      return { kind: outcome.kind, value: outcome.error.value }
    case 'trapped':
      return { kind: outcome.kind, trap: outcome.trap }
    case 'limited':
      return { kind: outcome.kind, limit: outcome.limit }
    default:
      return outcome
  }
}

function describe(module: Module, { end, fuel, allocatedBytes, depthMax, logs }: ReferenceRun): unknown {
  const encoded = (value: unknown): Encoded => encodeReference(module, value)
  const shown = 'value' in end ? { kind: end.kind, value: encoded(end.value) } : end
  return { end: shown, fuel, allocatedBytes, depthMax, levels: logs.map((line) => line.level) }
}

/** Runs every entry in the engine and in the reference, which must agree; how many there were. */
function compare(module: Module, what: string): number {
  const cyclic = findCallCycles(module)
  for (const entry of module.entries) {
    const args = entry.params.map((param) => ARGUMENTS[param.type.kind])
    const expected = describe(module, runReference(module, cyclic, entry.func, args, LIMITS))
    assert.deepStrictEqual(runEngine(module, entry, args), expected, `${what}, ${entry.name}`)
  }
  return module.entries.length
}

test('the interpreter and the reference agree on random modules, in every count', () => {
  let runs = 0
  for (let seed = 0; seed < 500; seed++) runs += compare(generateModule(seed), `seed ${seed}`)
  assert.ok(runs > 500)
})

test('a changed module is refused, or runs as the reference says', () => {
  const seed = 4
  const random = makeRandom(seed)
  let accepted = 0
  const count = 800
  for (let round = 0; round < count; round++) {
    const module = mutateModule(generateModule(random.int(500), { funcs: 2, stmts: 3, depth: 2 }), random)
    if (checkModule(module).length > 0) continue
    accepted++
    compare(module, `seed ${seed}, round ${round}`)
  }
  assert.ok(accepted > count / 10 && accepted < (count * 9) / 10, `${accepted} of ${count} were accepted`)
})
