import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkModule, parseModule, type Module } from '../../src/ir/index.ts'
import { findCallCycles } from '../../src/passes/index.ts'
import { generateModule } from '../ir/generate.ts'

/** A module of functions of no parameters; each line is a body, each function returns f64. */
function moduleOf(bodies: readonly string[]): Module {
  const funcs = bodies.map((body, i) => `fn f#${i}() -> f64 { ${body} return 0 }`)
  const parsed = parseModule(
    `anrf ir 1\nerror 0 Error { name!: string, message!: string }\n${funcs.join('\n')}\ninit #0\n`,
  )
  assert.ok('module' in parsed, JSON.stringify(parsed))
  assert.deepEqual(checkModule(parsed.module), [])
  return parsed.module
}

const cyclesOf = (...bodies: string[]): number[] => [...findCallCycles(moduleOf(bodies))]
const call = (...targets: number[]): string => targets.map((i) => `do call #${i}()`).join(' ')
const make = (target: number): string => `do closure.new[#${target}]()`
const invoke = (target: number): string => `do invoke closure.new[#${target}]()()`

test('functions that call only others before or after them are on no cycle', () => {
  assert.deepEqual(cyclesOf(''), [])
  assert.deepEqual(cyclesOf(call(1, 2), call(2), ''), [])
})

test('a function that calls itself is on a cycle, its callers are not', () => {
  assert.deepEqual(cyclesOf(call(1), call(1)), [1])
})

test('mutual calls make a cycle, also a long one', () => {
  assert.deepEqual(cyclesOf(call(1), call(2, 3), call(1), ''), [1, 2])
  assert.deepEqual(cyclesOf(call(1), call(2), call(3), call(1), call(0)), [1, 2, 3])
  assert.deepEqual(cyclesOf(call(1, 3), call(0), call(4), '', call(2)), [0, 1, 2, 4])
})

test('a closure that is made anywhere may be behind any callee of its type', () => {
  // 1 invokes some () -> f64; 2 is one, made in 0, and calls 1.
  assert.deepEqual(cyclesOf(make(2), invoke(3), call(1), ''), [1, 2])
  assert.deepEqual(cyclesOf(invoke(1), ''), [])
  assert.deepEqual(cyclesOf('', invoke(1)), [1])
})

test('closures of another type do not count', () => {
  const text = `anrf ir 1
error 0 Error { name!: string, message!: string }
fn init#0() -> undefined { do closure.new[g#2]() return undefined }
fn f#1(callback#0: func<(f64) -> f64>) -> f64 { return invoke callback#0(1) }
fn g#2(callback#0: func<(f64) -> f64>) -> f64 { return call f#1(callback#0) }
fn h#3(x#0: f64) -> f64 { return call f#1(closure.new[h#3]()) }
init #0
`
  const parsed = parseModule(text)
  assert.ok('module' in parsed, JSON.stringify(parsed))
  assert.deepEqual([...findCallCycles(parsed.module)], [1, 3])
})

test('long chains of calls do not exhaust the stack', () => {
  const bodies = Array.from({ length: 15_000 }, (_, i) => call(i + 1))
  assert.equal(cyclesOf(...bodies, call(10)).length, 14_991)
})

test('the answer is the same for equal modules', () => {
  for (let seed = 0; seed < 100; seed++) {
    const module = generateModule(seed)
    const cyclic = findCallCycles(module)
    assert.deepEqual([...findCallCycles(structuredClone(module))], [...cyclic])
    for (const i of cyclic) assert.ok(i < module.funcs.length)
  }
})
