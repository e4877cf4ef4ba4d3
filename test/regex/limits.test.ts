// What a search may use: steps, and room to go back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileRegex, find, type Budget, type Program } from '../../src/regex/index.ts'

class Stopped extends Error {}

function program(source: string, flags = ''): Program {
  const compiled = compileRegex(source, flags)
  assert.equal(compiled.kind, 'program')
  return (compiled as { program: Program }).program
}

/** Searches with so many steps; how many were taken, and the bytes asked for. */
function search(
  source: string,
  text: string,
  steps: number,
): { found: boolean | 'stopped'; steps: number; bytes: number } {
  const made = program(source)
  let bytes = 0
  const budget: Budget = {
    steps,
    exhausted: () => {
      throw new Stopped()
    },
    grow: (more) => {
      bytes += more
    },
  }
  try {
    const found = find(made, text, 0, new Int32Array(made.registers), budget)
    return { found, steps: steps - budget.steps, bytes }
  } catch (error) {
    if (error instanceof Stopped) return { found: 'stopped', steps, bytes }
    throw error
  }
}

for (const [source, text] of [
  ['^(a+)+$', `${'a'.repeat(50)}b`],
  ['^(a|a)*$', `${'a'.repeat(50)}b`],
  ['(x+x+)+y', 'x'.repeat(50)],
  ['(?=(a+)+b)a', 'a'.repeat(50)],
  ['(?:a?){40}a{40}b', 'a'.repeat(40)],
  ['(?:(?:ab)+)+c', 'ab'.repeat(50)],
] as const)
  test(`a pattern that would run on is stopped: ${source}`, () => {
    assert.equal(search(source, text, 200_000).found, 'stopped')
  })

test('what simple patterns cost grows with the text and no faster', () => {
  const text = 'lorem ipsum 123 "dolor" sit-amet '
  for (const source of ['\\d+x', '"[^"]*"x', '[a-z]+-[a-z]+x', '\\bxyz', 'nothing', '(?:lorem|sit)x', '\\s\\dz']) {
    const [short, long] = [100, 1000].map((n) => search(source, text.repeat(n), 1e9).steps)
    assert.ok(long! <= 10.5 * short!, `${source}: ${short} and ${long}`)
  }
})

test('the same search takes the same steps and asks for the same room, whatever was done before', () => {
  const large = 'ab'.repeat(30_000)
  const first = search('(?:a|b)*c', large, 1e9)
  search('(a+)+', 'aaa', 1e6)
  const second = search('(?:a|b)*c', large, 1e9)
  assert.deepEqual(first, second)
  assert.ok(first.bytes > 100_000)
})

test('groups nested without end are no pattern, and take no stack of the host', () => {
  assert.equal(compileRegex('('.repeat(100_000), '').kind, 'deep')
  assert.equal(compileRegex(`${'(?:'.repeat(400)}a${')'.repeat(400)}`, '').kind, 'program')
})
