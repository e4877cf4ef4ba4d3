import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkModule, formatType, parseModule, type Module } from '../../src/ir/index.ts'
import { compile } from '../../src/front/index.ts'
import { countBoxed } from '../../src/passes/index.ts'
import { BARE_LIBRARY } from '../front/program.ts'
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

/** How many expressions of a program's own function are boxed. */
function boxedIn(source: string, name: string): number {
  const { program } = compile({ read: (path) => (path === 'main.ts' ? source : undefined) }, BARE_LIBRARY, {
    main: 'main.ts',
  })
  const { module } = program!
  return countBoxed(module)[module.funcs.findIndex((f) => f.name === name)]!.places.length
}

test('what is copied with a spread keeps the types of its fields', () => {
  const state = 'interface S { n: number; text: string }\n'
  const again = 'export function f(n: number): S { let s: S = { n, text: "" }; s = { ...s, n: s.n + 1 }; return s }'
  assert.equal(boxedIn(state + again, 'f'), 0)
  const called =
    'const next = (s: S): S => ({ ...s, n: s.n + 1 })\nexport const f = (n: number): S => next(next({ n, text: "" }))'
  assert.equal(boxedIn(state + called, 'next'), 0)
  assert.ok(boxedIn('export function f(a: { n?: number }) { const b = { ...a }; return [b.n] }', 'f') > 0)
})
