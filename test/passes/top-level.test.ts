// What the top level has set before anything can read it, and the constants among that.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkModule, nodesOf, parseModule, type Module } from '../../src/ir/index.ts'
import { findSettledGlobals, foldGlobals } from '../../src/passes/index.ts'
import { generateModule } from '../ir/generate.ts'
import { moduleOf } from './source.ts'

const settledIn = (module: Module): string[] =>
  [...findSettledGlobals(module)].map((global) => module.globals[global]!.name).toSorted()

/** The globals that are still read once constants are folded. */
function readIn(module: Module): string[] {
  const folded = foldGlobals(module)
  assert.deepEqual(checkModule(folded), [])
  const reads = folded.funcs
    .flatMap((func) => nodesOf(func))
    .flatMap((node) => (node.kind === 'op' && node.op === 'global.get' ? [node.imm[0] as number] : []))
  return [...new Set(reads)].map((global) => folded.globals[global]!.name).toSorted()
}

test('constants, and arithmetic on constants, stand where they were read', () => {
  const module = moduleOf(`const SIZE = 16
    const AREA = SIZE * SIZE
    const HALF = -AREA / 2
    const NAME = 'grid'
    const LIST = [SIZE]
    let count = 0
    export function f(): string { count++; return NAME + SIZE + AREA + HALF + LIST.length + count }`)
  assert.deepEqual(settledIn(module), ['AREA', 'HALF', 'LIST', 'NAME', 'SIZE', 'count'])
  assert.deepEqual(readIn(module), ['LIST', 'count'])
})

test('what a call at the top level may read before it is set stays as it is', () => {
  const module = moduleOf(`const BEFORE = 1
    const called = g()
    const LATE = 2
    const UNREAD = 3
    function g(): number { return h() }
    function h(): number { return BEFORE + (BEFORE > 1 ? LATE : 0) }
    export function f(): number { return LATE + UNREAD + BEFORE + called }`)
  assert.deepEqual(settledIn(module), ['BEFORE', 'UNREAD', 'called'])
  assert.deepEqual(readIn(module), ['LATE', 'called'])
})

test('a callback at the top level reads too', () => {
  const source = (body: string): string => `const table = [1, 2].map((x) => ${body})
    const LATE = 2
    function later(): number { return LATE }
    export function f(): number { return later() + table[0]! }`
  assert.deepEqual(settledIn(moduleOf(source('x > 5 ? later() : x'))), ['table'])
  assert.deepEqual(settledIn(moduleOf(source('x + 1'))), ['LATE', 'table'])
})

test('a global that is set again, or under a condition, is no constant', () => {
  const text = `anrf ir 1
error 0 Error { name!: string, message!: string }
global 0 twice: f64
global 1 maybe: f64
global 2 behind: f64
fn init#0() -> undefined {
  do global.set[twice#0](1)
  if bool.not(true) { do global.set[maybe#1](1) }
  if f64.lt(global.get[twice#0](), 0) { return undefined }
  do global.set[behind#2](1)
  return undefined
}
fn f#1() -> f64 {
  do global.set[twice#0](2)
  return f64.add(global.get[twice#0](), f64.add(global.get[maybe#1](), global.get[behind#2]()))
}
init #0
entry f #1 () -> f64
`
  const parsed = parseModule(text)
  assert.ok('module' in parsed, JSON.stringify(parsed))
  assert.deepEqual(settledIn(parsed.module), ['twice'])
  assert.deepEqual(readIn(parsed.module), ['behind', 'maybe', 'twice'])
})

test('every random module is as well formed as before', () => {
  for (let seed = 1; seed <= 200; seed++)
    assert.deepEqual(checkModule(foldGlobals(generateModule(seed))), [], `${seed}`)
})
