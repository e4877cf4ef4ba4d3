import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderFailure, renderValue } from '../../src/apps/cli/render-outcome.ts'

const stack = [
  { function: 'pay', location: { path: 'main.ts', start: { line: 3, column: 5 }, end: { line: 3, column: 9 } } },
  { function: 'main' },
] as const

test('what fits stands on one line of JSON, the rest is broken at its commas', () => {
  assert.equal(renderValue({ a: [1, 'x'] }), '{"a":[1,"x"]}')
  const row = { name: 'x'.repeat(60), tags: ['a', 'b'] }
  const long = renderValue({ rows: [row, row] })
  const line = JSON.stringify(row)
  assert.equal(long, `{\n  "rows": [\n    ${line},\n    ${line}\n  ]\n}`)
  assert.deepEqual(JSON.parse(long), { rows: [row, row] })
})

test('many scalars fill their lines', () => {
  const list = Array.from({ length: 60 }, (_, i) => i * 100)
  const lines = renderValue(list).split('\n')
  assert.equal(lines.length, 6)
  assert.ok(lines.every((line) => line.length <= 101))
  assert.deepEqual(JSON.parse(lines.join('')), list)
})

test('an exception shows its name, message and stack with places', () => {
  const outcome = { kind: 'threw', error: { name: 'RangeError', message: 'overdrawn', value: null }, stack } as const
  assert.equal(renderFailure(outcome, false), 'RangeError: overdrawn\n    at pay (main.ts:3:5)\n    at main\n')
})

test('a frame that repeats is shown once with its count', () => {
  const [pay, main] = stack
  const outcome = { kind: 'limited', limit: 'depth', message: 'deep', stack: [pay, pay, pay, main, main] } as const
  assert.equal(
    renderFailure(outcome, false),
    'limit depth: deep\n    at pay (main.ts:3:5)\n    ... and 2 times more\n    at main\n    at main\n',
  )
})

test('limits and traps are named', () => {
  const limited = { kind: 'limited', limit: 'fuel', message: 'used 10 of 10 events', stack: [] } as const
  assert.equal(renderFailure(limited, false), 'limit fuel: used 10 of 10 events\n')
  const trapped = { kind: 'trapped', trap: 'index-out-of-bounds', message: 'no element 3', stack } as const
  assert.match(renderFailure(trapped, false), /^trap index-out-of-bounds: no element 3\n {4}at pay/)
})

test('what a program throws cannot control the terminal', () => {
  const outcome = { kind: 'threw', error: { name: 'Error', message: '\u001b[2J', value: null }, stack: [] } as const
  assert.equal(renderFailure(outcome, true), 'Error: ␛[2J\n')
})
