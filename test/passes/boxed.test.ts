import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkModule, formatType, parseModule, type Module } from '../../src/ir/index.ts'
import { countBoxed } from '../../src/passes/index.ts'
import { generateModule } from '../ir/generate.ts'

function moduleOf(text: string): Module {
  const parsed = parseModule(
    `anrf ir 1\nerror 0 Error { name!: string, message!: string }\n${text}\nfn init#1() -> undefined { return undefined }\ninit #1\n`,
  )
  assert.ok('module' in parsed, JSON.stringify(parsed))
  assert.deepEqual(checkModule(parsed.module), [])
  return parsed.module
}

test('expressions of each boxed type are counted, statements and expressions of one kind are not', () => {
  const [f, init] = countBoxed(
    moduleOf(`fn f#0(a#0: any, j#1: json, u#2: union<f64 | undefined>, n#3: f64) -> f64 {
      do a#0
      do j#1
      do j#1
      do u#2
      return f64.add(n#3, dyn.unbox[f64](u#2))
    }`),
  )
  assert.deepEqual(
    { expressions: f!.expressions, any: f!.any, json: f!.json, union: f!.union },
    { expressions: 8, any: 1, json: 2, union: 2 },
  )
  assert.deepEqual(init!.places, [])
})

test('a place has the type of its expressions that says least', () => {
  const [f] = countBoxed(
    moduleOf(`fn f#0(a#0: any, j#1: json, u#2: union<f64 | undefined>) -> any {
      do u#2
      do u#2
      do j#1
      return a#0
    }`),
  )
  // Text without spans: everything stands at one place.
  assert.deepEqual(
    f!.places.map((p) => [formatType(p.type), p.count]),
    [['any', 4]],
  )
})

test('of any module, the places of a function hold all of its boxed expressions', () => {
  for (let seed = 1; seed <= 50; seed++) {
    for (const { expressions, any, json, nested, union, places } of countBoxed(generateModule(seed))) {
      const inPlaces = places.reduce((total, place) => total + place.count, 0)
      assert.equal(inPlaces, any + json + nested + union)
      assert.ok(inPlaces <= expressions)
    }
  }
})
