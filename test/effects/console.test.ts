import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RunConsole } from '../../src/effects/index.ts'
import type { ConsoleMethod } from '../../src/ir/index.ts'

/** The lines that calls of console write, each with its level. */
function linesOf(...calls: readonly (readonly [ConsoleMethod, ...unknown[]])[]): string[] {
  const lines: string[] = []
  const console = new RunConsole((level, text) => lines.push(`${level}: ${text}`))
  for (const [method, ...values] of calls) console.call(method, values)
  return lines
}

test('a format string in first place counts, as in Node', () => {
  assert.deepEqual(linesOf(['log', '%s has %d%%', 'a', 5, { b: 1 }], ['log']), ['log: a has 5% { b: 1 }', 'log: '])
})

test('lines have the level of their method, and groups indent them all', () => {
  const calls = [['group', 'a'], ['warn', 'b\nc'], ['assert', false, 'd'], ['groupEnd'], ['count', 'x']] as const
  assert.deepEqual(linesOf(...calls), ['log: a', 'warn:   b\n  c', 'warn:   Assertion failed: d', 'log: x: 1'])
})

test('times are those that the run gives, as Node writes them', () => {
  const ends = [0, 1, 999.9996, 1250, 59_999, 62_500, 3_600_000, 90_061_001.5]
  const calls = ends.flatMap((end): [ConsoleMethod, ...unknown[]][] => [
    ['time', 'a', 0],
    ['timeEnd', 'a', end],
  ])
  assert.deepEqual(
    linesOf(...calls).map((line) => line.slice('log: a: '.length)),
    [
      '0ms',
      '1ms',
      '1000ms',
      '1.250s',
      '59.999s',
      '1:02.500 (m:ss.mmm)',
      '1:00:00.000 (h:mm:ss.mmm)',
      '25:01:01.002 (h:mm:ss.mmm)',
    ],
  )
})

test('a label is timed from its first start on, and nothing is printed for one that is not there', () => {
  const lines = linesOf(
    ['timeEnd', 'a', 1],
    ['time', 'a', 2],
    ['time', 'a', 3],
    ['timeLog', 'a', 5, { b: 1 }, '%s'],
    ['timeEnd', 'a', 9],
    ['timeLog', 'a', 10],
    ['countReset', 'a'],
  )
  assert.deepEqual(lines, ['log: a: 3ms { b: 1 } %s', 'log: a: 7ms'])
})
