import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkModule, type Module } from '../../src/ir/index.ts'
import { makeArguments } from '../fuzz/arguments.ts'
import { ENGINES } from '../fuzz/engines.ts'
import { describeMismatch } from '../fuzz/observation.ts'
import { LIMITS, runTrial } from '../fuzz/trial.ts'
import { generateModule } from './generate.ts'
import { mutateModule } from './mutate.ts'
import { makeRandom } from './random.ts'

/** Runs every entry in every engine and in the reference, which must agree; how many there were. */
function compare(module: Module, what: string): number {
  const random = makeRandom(1)
  for (const { name, params } of module.entries) {
    const args = makeArguments(
      random,
      module,
      params.map(({ type }) => type),
    )
    const { verdict } = runTrial(ENGINES, module, { call: { entry: name, args }, limits: LIMITS })
    if (verdict && verdict !== 'inconclusive') assert.fail(`${what}, ${name}\n${describeMismatch(verdict)}`)
  }
  return module.entries.length
}

test('the engines and the reference agree on random modules, in every count', () => {
  let runs = 0
  for (let seed = 0; seed < 300; seed++) runs += compare(generateModule(seed), `seed ${seed}`)
  assert.ok(runs > 300)
})

test('a changed module is refused, or runs as the reference says', () => {
  const seed = 4
  const random = makeRandom(seed)
  let accepted = 0
  const count = 400
  for (let round = 0; round < count; round++) {
    const module = mutateModule(generateModule(random.int(500), [{ funcs: 2, stmts: 3, depth: 2, applied: 8 }]), random)
    if (checkModule(module).length > 0) continue
    accepted++
    compare(module, `seed ${seed}, round ${round}`)
  }
  assert.ok(accepted > count / 10 && accepted < (count * 9) / 10, `${accepted} of ${count} were accepted`)
})
