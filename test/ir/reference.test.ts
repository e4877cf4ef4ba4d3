import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolveLimits, type Encoded } from '../../src/base/index.ts'
import { prepareModule, run } from '../../src/engine/index.ts'
import type { Module } from '../../src/ir/index.ts'
import { findCallCycles } from '../../src/passes/index.ts'
import { generateModule } from './generate.ts'
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

test('the interpreter and the reference agree on random modules, in every count', () => {
  let runs = 0
  for (let seed = 0; seed < 800; seed++) {
    const module = generateModule(seed)
    const cyclic = findCallCycles(module)
    for (const entry of module.entries) {
      const args = entry.params.map((param) => ARGUMENTS[param.type.kind])
      const expected = describe(module, runReference(module, cyclic, entry.func, args, LIMITS))
      assert.deepStrictEqual(runEngine(module, entry, args), expected, `seed ${seed}, ${entry.name}`)
      runs++
    }
  }
  assert.ok(runs > 800)
})
