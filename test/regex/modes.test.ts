// What a search costs is the same in every mode, and a pattern that would run on ends where the fuel does.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolveLimits, type Limits, type Mode } from '../../src/base/index.ts'
import { checkArguments, MODES, prepareModule, run, type Program } from '../../src/engine/index.ts'
import { compile } from '../../src/front/index.ts'
import { library } from '../golden/anrf.ts'

const SOURCE = `
export function nested(text: string): boolean {
  return /^(a+)+$/.test(text)
}
export function dynamic(text: string, pattern: string): string[] {
  return text.split(new RegExp(pattern))
}
export function caught(text: string): string {
  try {
    return String(text.replace(/(x+x+)+y/g, '-'))
  } catch (error) {
    return 'caught'
  } finally {
    console.log('never')
  }
}
export function deep(text: string): boolean {
  return /^(?:a|b)*c/.test(text)
}
export function compiled(depth: number): boolean {
  return new RegExp('('.repeat(depth) + ')'.repeat(depth)).test('')
}
export function unsupported(pattern: string): boolean {
  return new RegExp(pattern, 'v').test('')
}
`

function prepare(): Program {
  const compiled = compile({ read: (path) => (path === 'main.ts' ? SOURCE : undefined) }, library, { main: 'main.ts' })
  assert.ok(compiled.program, JSON.stringify(compiled.diagnostics))
  const prepared = prepareModule(compiled.program.module)
  assert.ok('program' in prepared)
  return prepared.program
}

const program = prepare()

/** How a call ends, and what it used, which all modes agree on. */
function endOf(entry: string, args: readonly (string | number)[], limits: Partial<Limits>): readonly unknown[] {
  const checked = checkArguments(program.module, entry, args)
  assert.ok('args' in checked)
  const ends = (Object.keys(MODES) as Mode[]).map((mode) => {
    let lines = 0
    const host = { log: () => void lines++ }
    const { outcome, usage } = run(program, { entry, args: checked.args, mode, limits: resolveLimits(limits), host })
    const what = outcome.kind === 'limited' ? outcome.limit : outcome.kind === 'trapped' ? outcome.trap : outcome.kind
    return [what, usage.fuel, usage.allocatedBytes, lines] as const
  })
  for (const end of ends) assert.deepEqual(end, ends[0])
  return ends[0]!
}

const FUEL = 1_000_000

test('a pattern that would run on ends at the fuel limit in every mode, whatever catches', () => {
  const text = `${'a'.repeat(40)}b`
  assert.deepEqual(endOf('nested', [text], { fuel: FUEL }).slice(0, 2), ['fuel', FUEL])
  assert.deepEqual(endOf('dynamic', [text, '^(a|a)*$'], { fuel: FUEL }).slice(0, 2), ['fuel', FUEL])
  const [what, fuel, , lines] = endOf('caught', ['x'.repeat(40)], { fuel: FUEL })
  assert.deepEqual([what, fuel, lines], ['fuel', FUEL, 0])
})

test('a search costs the same in every mode, and one unit less is too little', () => {
  const text = 'aaaaaaab'
  const [what, fuel] = endOf('nested', [text], {})
  assert.equal(what, 'returned')
  assert.equal(endOf('nested', [text], { fuel: fuel as number })[0], 'returned')
  assert.equal(endOf('nested', [text], { fuel: (fuel as number) - 1 })[0], 'fuel')
})

test('the places to go back to are allocation, and bounded by the memory limit', () => {
  const text = 'ab'.repeat(100_000)
  const [what, , bytes] = endOf('deep', [text], {})
  assert.equal(what, 'returned')
  assert.ok((bytes as number) > 2 ** 20)
  assert.equal(endOf('deep', [text], { memory: 2 ** 20 })[0], 'memory')
  assert.equal(endOf('deep', [text], { allocation: 2 ** 19 })[0], 'allocation')
})

test('patterns beyond what this version matches end the run', () => {
  assert.equal(endOf('compiled', [400], {})[0], 'returned')
  assert.equal(endOf('compiled', [20_000], {})[0], 'depth')
  assert.equal(endOf('unsupported', ['\\p{RGI_Emoji}'], {})[0], 'unsupported-pattern')
})
