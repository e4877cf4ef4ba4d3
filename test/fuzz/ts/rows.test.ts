import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drill, DRILLS } from '../../front/fuzz/drills.ts'
import { withHelpers } from '../../front/fuzz/helpers.ts'
import { fill, LIBRARY_ROWS } from '../../front/fuzz/library.ts'
import { Scope, SMALL_SIZES } from '../../front/fuzz/scope.ts'
import { NUMBER, STRING, textOf } from '../../front/fuzz/types.ts'
import { FEATURES, featuresOf, SOURCE_OPS } from './features.ts'
import { compileProgram } from './program.ts'

const scope = (seed: number): Scope => {
  const s = new Scope(seed, SMALL_SIZES, seed)
  s.declare('p', NUMBER)
  s.declare('t', STRING)
  return s
}

const uses = LIBRARY_ROWS.map(([ty, row], i) => {
  const s = scope(i)
  return `export function main${i}(p: number, t: string): ${textOf(ty)} {\n  return ${fill(s, row, 0)}\n}\n`
})
const drills = DRILLS.map((chosen, i) => {
  const { declared, used } = drill(scope(1000 + i), '  ', chosen)
  return `${declared}export function drill${i}(p: number, t: string): void {\n${used}}\n`
})

// What a drill catches and prints may be thrown by any other, which is then no business of the test.
test('every use of the library and every drill is a program of the language', () => {
  for (const source of [uses.join(''), ...drills]) {
    const compiled = compileProgram({ main: 'main.ts', files: { 'main.ts': withHelpers(source) }, calls: [] })
    assert.equal(compiled.kind, 'compiled', `${source}\n${JSON.stringify(compiled).slice(0, 500)}`)
  }
})

test('together they have most members of the library', () => {
  const found = featuresOf([...uses, ...drills].join(''))
  const missing = FEATURES.filter((feature) => feature.startsWith('member ') && !found.has(feature))
  assert.ok(missing.length < FEATURES.length / 5, missing.join(', '))
  assert.ok(SOURCE_OPS.length > 200)
})
