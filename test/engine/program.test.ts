import type { Mode } from '../../src/base/index.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadProgram, MODES, prepareModule, run } from '../../src/engine/index.ts'
import { ANY, encodeModule, F64, objectOf, STRING } from '../../src/ir/index.ts'
import { add, call, func, get, module, num, op, raise, ret, str } from '../interp/build.ts'

const HOST = { log: () => undefined }
const doubling = module([func({ params: [F64], body: [ret(add(get(0), get(0)))] })])

test('a program travels as bytes and runs', () => {
  const loaded = loadProgram(encodeModule(doubling))
  assert.ok('program' in loaded)
  const report = run(loaded.program, { entry: 'main', args: [21], host: HOST })
  assert.deepEqual(report.outcome, { kind: 'returned', value: 42 })
  assert.deepEqual(report.args, [21])
})

test('bytes that are no program give diagnostics', () => {
  const loaded = loadProgram(new Uint8Array([1, 2, 3]))
  assert.ok('diagnostics' in loaded && loaded.diagnostics[0]?.code === 'ANRF2001')
})

test('a module that breaks a rule is never run', () => {
  const broken = module([func({ params: [F64], body: [ret(get(0, STRING))] })])
  const prepared = prepareModule(broken)
  assert.ok('diagnostics' in prepared && prepared.diagnostics.every((d) => d.code === 'ANRF2003'))
})

test('a thrown Error carries name, message, value and the places of its frames', () => {
  const span = { file: 0, start: 12, end: 15 }
  const error = { ...op('error.new', objectOf(0), [str('bad')], [0, 'RangeError']), span }
  const inner = func({ name: 'inner', body: [raise(error)] })
  const outer = func({ name: 'outer', body: [ret({ ...call(0, F64, []), span: { file: 0, start: 3, end: 8 } })] })
  const prepared = prepareModule({ ...module([inner, outer]), files: [{ path: 'a.ts', lines: [0, 10] }] })
  assert.ok('program' in prepared)
  const { outcome } = run(prepared.program, { entry: 'main', args: [], host: HOST })
  assert.deepEqual(outcome, {
    kind: 'threw',
    error: { name: 'RangeError', message: 'bad', value: { $: 'Error', name: 'RangeError', message: 'bad' } },
    stack: [
      { function: 'inner', location: { path: 'a.ts', start: { line: 2, column: 3 }, end: { line: 2, column: 6 } } },
      { function: 'outer', location: { path: 'a.ts', start: { line: 1, column: 4 }, end: { line: 1, column: 9 } } },
    ],
  })
})

test('values that are no Errors can be thrown', () => {
  const main = func({ params: [F64], locals: [ANY], body: [raise(get(0))] })
  const prepared = prepareModule(module([main]))
  assert.ok('program' in prepared)
  const { outcome } = run(prepared.program, { entry: 'main', args: [5], host: HOST })
  assert.equal(outcome.kind, 'threw')
  assert.deepEqual(outcome.error, { name: 'number', message: '5', value: 5 })
})

test('a trap names its kind and place, and cannot be caught', () => {
  const list = op('array.new', { kind: 'array', elem: F64 }, [], [F64])
  const main = func({ body: [ret({ ...op('array.get', F64, [list, num(3)]), span: { file: 0, start: 1, end: 2 } })] })
  const prepared = prepareModule({ ...module([main]), files: [{ path: 'a.ts', lines: [0] }] })
  assert.ok('program' in prepared)
  const { outcome } = run(prepared.program, { entry: 'main', args: [], host: HOST })
  assert.equal(outcome.kind === 'trapped' && outcome.trap, 'index-out-of-bounds')
  assert.equal(outcome.kind === 'trapped' && outcome.stack[0]?.location?.start.column, 2)
})

test('the time of a run is that of the clock it is given', () => {
  const prepared = prepareModule(doubling)
  assert.ok('program' in prepared)
  let clock = 0
  const host = { ...HOST, now: () => (clock += 5) }
  assert.equal(run(prepared.program, { entry: 'main', args: [1], host }).usage.wallMs, 5)
})

test('every mode of the table gives the same report', () => {
  const prepared = prepareModule(doubling)
  assert.ok('program' in prepared)
  const { program } = prepared
  const reports = (Object.keys(MODES) as Mode[]).map((mode) =>
    run(program, { entry: 'main', args: [4], host: HOST, mode }),
  )
  for (const report of reports) assert.deepEqual(report, reports[0])
  assert.deepEqual(reports[0]?.outcome, { kind: 'returned', value: 8 })
})

test('an array that V8 does not give ends the run of the JIT at its memory limit', () => {
  const list = op('array.holes', { kind: 'array', elem: F64 }, [get(0)], [F64])
  const prepared = prepareModule(module([func({ params: [F64], body: [ret(op('array.length', F64, [list]))] })]))
  assert.ok('program' in prepared)
  const { outcome } = run(prepared.program, {
    entry: 'main',
    args: [2 ** 27],
    limits: { memory: 2 ** 31 },
    mode: 'jit',
    host: HOST,
  })
  assert.equal(outcome.kind === 'limited' && outcome.limit, 'memory')
})
