import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Span } from '../../src/base/index.ts'
import { inspectFrames } from '../../src/interp/index.ts'
import { F64, type Module, type Stmt } from '../../src/ir/index.ts'
import { add, call, count, func, get, module, num, ret, set } from './build.ts'
import { newMachine } from './machine.ts'

const DEBUG = { plain: false, debug: true }

/** Puts statement `i` of a body on line `i + 1`; each line has ten characters. */
function onLines(module: Module): Module {
  const span = (line: number): Span => ({ file: 0, start: line * 10, end: line * 10 + 9 })
  const placed = (body: readonly Stmt[], from: number): Stmt[] =>
    body.map((stmt, i) => ({ ...stmt, span: span(from + i) }))
  let line = 0
  const funcs = module.funcs.map((f) => {
    const body = placed(f.body, line)
    line += body.length
    return { ...f, body }
  })
  return { ...module, files: [{ path: 'main.ts', lines: Array.from({ length: line }, (_, i) => i * 10) }], funcs }
}

const helper = func({ name: 'twice', params: [F64], locals: [F64], body: [set(1, add(get(0), get(0))), ret(get(1))] })
const main = func({
  name: 'main',
  params: [F64],
  locals: [F64],
  body: [set(1, call(0, F64, [get(0)])), ret(add(get(1), num(1)))],
})

test('a program can be stepped through by statements, with its frames and variables in sight', () => {
  const machine = newMachine(onLines(module([helper, main])), DEBUG)
  machine.start(1, [4])
  const seen: unknown[] = []
  while (machine.resume({ atStatement: () => true }).kind === 'paused') {
    const frames = inspectFrames(machine)
    seen.push(frames.map((f) => [f.function, f.location?.start.line, ...f.variables.map((v) => v.value)]))
  }
  assert.deepEqual(seen, [
    [['main', 3, 4, 0]],
    [
      ['twice', 1, 4, 0],
      ['main', 3, 4, 0],
    ],
    [
      ['twice', 2, 4, 8],
      ['main', 3, 4, 0],
    ],
    [['main', 4, 4, 8]],
  ])
  assert.equal(machine.state.kind, 'done')
  assert.equal(machine.result(1), 9)
})

test('a breakpoint pauses at its statement only', () => {
  const machine = newMachine(onLines(module([helper, main])), DEBUG)
  machine.start(1, [4])
  const atLine = (line: number) => () => inspectFrames(machine)[0]?.location?.start.line === line
  assert.equal(machine.resume({ atStatement: atLine(2) }).kind, 'paused')
  assert.equal(inspectFrames(machine)[0]?.function, 'twice')
  assert.equal(machine.resume().kind, 'done')
})

test('a run pauses after a share of fuel and goes on where it was', () => {
  const sum = func({
    params: [F64],
    locals: [F64, F64],
    body: [set(2, num(0)), ...count(1, get(0), [set(2, add(get(2), get(1)))]), ret(get(2))],
  })
  const machine = newMachine(module([sum]), { plain: false, debug: false }, { fuel: 10_000 })
  machine.start(0, [1000])
  let pauses = 0
  while (machine.resume({ fuel: 100 }).kind === 'paused') {
    pauses++
    assert.equal(machine.fuelUsed, pauses * 100)
  }
  assert.equal(pauses, 9)
  assert.equal(machine.result(0), 499_500)
})

test('two machines take turns without disturbing each other', () => {
  const counter = func({ params: [F64], locals: [F64], body: [...count(1, get(0), []), ret(get(1))] })
  const machines = [10, 1000].map((n) => {
    const machine = newMachine(module([counter]), { plain: false, debug: false })
    machine.start(0, [n])
    return machine
  })
  while (machines.map((machine) => machine.resume({ fuel: 3 }).kind).includes('paused'));
  assert.deepEqual(
    machines.map((machine) => machine.result(0)),
    [10, 1000],
  )
})

test('a stack trace names functions and places, innermost first, from where an Error was made', () => {
  const machine = newMachine(onLines(module([helper, main])), DEBUG)
  machine.start(1, [4])
  machine.resume({ atStatement: () => inspectFrames(machine)[0]?.function === 'twice' })
  const frames = inspectFrames(machine).map(
    (f) => `${f.function} ${f.location?.path}:${f.location?.start.line}:${f.location?.start.column}`,
  )
  assert.deepEqual(frames, ['twice main.ts:1:1', 'main main.ts:3:1'])
})
