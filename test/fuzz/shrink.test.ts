import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkModule, eachNode, type Module } from '../../src/ir/index.ts'
import { INTERPRET, withBug } from './bugs/engine.ts'
import { SEEDED_BUGS } from './bugs/list.ts'
import { fuzzSeed } from './session.ts'
import { shrinkFinding } from './shrink/finding.ts'
import { emptyTally } from './tally.ts'
import { runTrial } from './trial.ts'
import { fuzzSources } from './ts/session.ts'
import { shorterSources, shrinkSource } from './ts/shrink.ts'

const sizeOf = (module: Module): number => module.funcs.reduce((sum, func) => sum + [...eachNode(func.body)].length, 0)
const bugNamed = (words: string): ReturnType<typeof withBug> =>
  withBug(SEEDED_BUGS.find((bug) => bug.name.includes(words))!)

for (const words of [
  'f64.rem loses',
  'cases do not fall through',
  'finally is left out',
  'array.pop',
  'calls are free',
]) {
  test(`a module that shows a bug is made small: ${words}`, () => {
    const engines = [INTERPRET, bugNamed(words)]
    let found
    for (let seed = 1; !found; seed++) found = fuzzSeed(seed, engines, emptyTally())
    const small = shrinkFinding(found, engines)
    assert.deepEqual(checkModule(small.module), [])
    const { verdict } = runTrial(engines, small.module, small.trial)
    assert.ok(verdict && verdict !== 'inconclusive')
    assert.deepEqual(verdict, small.mismatch)
    assert.ok(sizeOf(small.module) < 60, `${sizeOf(small.module)} of ${sizeOf(found.module)} nodes`)
  })
}

test('a program that shows a bug is made small', async () => {
  const engines = [INTERPRET, bugNamed('string.concat takes')]
  let found
  // Of the length that shrinking has time for, and that it is needed for.
  for (let seed = 1; !found || found.source.length > 1200 || found.source.length < 600; seed++)
    found = await fuzzSources([seed], engines, emptyTally())
  assert.equal(found.kind, 'modes')
  const small = await shrinkSource(found, engines, 60_000)
  assert.ok(small.source.length < found.source.length / 2, small.source)
  assert.match(small.source, /export (async )?function main/)
})

test('a program is shortened by its parts', () => {
  const shorter = shorterSources('function f(a: number) {\n  if (a) {\n    g(a + 1)\n  }\n  return a\n}\n')
  assert.ok(shorter.includes('function f(a: number) {\n  return a\n}\n'))
  assert.ok(shorter.includes('function f(a: number) {\n  if (a) {\n  }\n  return a\n}\n'))
  assert.ok(shorter.includes('function f(a: number) {\n  if (a) {\n    g(0)\n  }\n  return a\n}\n'))
  assert.ok(shorter.every((source, i) => i === 0 || source.length >= shorter[i - 1]!.length))
})
