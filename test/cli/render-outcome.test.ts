import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderFailure, renderValue } from '../../src/apps/cli/render-outcome.ts'

const stack = [
  { function: 'pay', location: { path: 'main.ts', start: { line: 3, column: 5 }, end: { line: 3, column: 9 } } },
  { function: 'main' },
]

test('a short result is one line of JSON, a long one is indented', () => {
  assert.equal(renderValue({ a: [1, 'x'] }), '{"a":[1,"x"]}')
  assert.equal(renderValue(Array.from({ length: 60 }, (_, i) => i)).split('\n').length, 62)
})

test('an exception shows its name, message and stack with places', () => {
  const outcome = { kind: 'threw', error: { name: 'RangeError', message: 'overdrawn', value: null }, stack } as const
  assert.equal(renderFailure(outcome, false), 'RangeError: overdrawn\n    at pay (main.ts:3:5)\n    at main\n')
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
