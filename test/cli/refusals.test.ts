// Every feature that is refused by design has a page whose first program is refused with it, and whose second one runs.
// ANRF_UPDATE=1 writes docs/REFUSALS.md.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { PAGES, printRefusals } from '../../src/apps/cli/refusals.ts'
import { refusalOf, REFUSALS, type RefusalName } from '../../src/base/index.ts'
import { runInAnrf } from '../golden/anrf.ts'
import { runInNode, type NodeJob } from '../golden/oracle.ts'

const CALL = { entry: 'main', args: [] }

const jobOf = (source: string, calls: NodeJob['calls'] = []): NodeJob => ({
  main: 'main.ts',
  files: { 'main.ts': source },
  calls,
})

/** The features with which a program is refused. */
const featuresIn = (source: string): string[] =>
  runInAnrf(jobOf(source)).errors.flatMap((error) => (error.feature === undefined ? [] : [error.feature]))

describe('the programs of a page', () => {
  for (const name of PAGES) {
    const { before, after } = REFUSALS[name]
    test(`${name}: the first is refused with a feature of this page, the second is not`, () => {
      const features = featuresIn(before)
      assert.ok(
        features.some((feature) => refusalOf(feature) === name),
        features.join(', '),
      )
      assert.deepEqual(runInAnrf(jobOf(after)).errors, [])
    })
  }
})

test('where the entry takes nothing, Node gives the same for both programs, and ANRF for the second', async () => {
  const closed = PAGES.map((name) => REFUSALS[name]).filter(({ before }) => /function main\(\)/.test(before))
  assert.ok(closed.length > 10)
  const jobs = closed.flatMap(({ before, after }) => [jobOf(before, [CALL]), jobOf(after, [CALL])])
  const answers = await runInNode(jobs)
  for (const [i, { title, after }] of closed.entries()) {
    const [refused, instead] = [answers[2 * i]![0]!, answers[2 * i + 1]![0]!]
    assert.ok('ok' in refused, `${title}: ${JSON.stringify(refused)}`)
    assert.deepEqual(instead, refused, title)
    assert.deepEqual(runInAnrf(jobOf(after, [CALL])).outcomes, [refused], title)
  }
})

test('every name that leads to a page is refused under that name', () => {
  const names = PAGES.flatMap((page) => [...(REFUSALS[page].globals ?? []), ...(REFUSALS[page].features ?? [])])
  for (const name of names.filter((each) => /^[\w.]+$/.test(each) && !/^TS\d/.test(each))) {
    const member = name.startsWith('.') ? `Array${name}` : name
    const features = featuresIn(`export function main(): unknown {\n  return ${useOf(member)}\n}`)
    assert.ok(features.includes(member), `${name}: ${features.join(', ')}`)
  }
})

/** An expression with a name in it, a call where it is a function of the library. */
function useOf(name: string): string {
  if (name === 'Error.stack') return `new Error('').stack`
  // Dictionaries that nobody writes may be frozen, and whether they are is not told.
  const table = '((o: Record<string, number>) => { for (const key of ["a", "b"]) o[key] = 1; return o })({})'
  if (name === 'Object.freeze') return `Object.freeze(${table})`
  if (/^Object\.is(Frozen|Sealed|Extensible)$/.test(name)) return `${name}(Object.freeze(${table}))`
  return /^Object\.|^Error\.capture/.test(name) ? `${name}({ a: 1 }, null)` : name
}

test('imports and exports of CommonJS lead to their page', () => {
  for (const source of ['import a = require("./a")\na()', 'const a = 1\nexport = a']) {
    const pages = featuresIn(`${source}\n`).map(refusalOf)
    assert.ok(pages.includes('commonjs' satisfies RefusalName), source)
  }
})

test('docs/REFUSALS.md is what the rows print', () => {
  const path = join(import.meta.dirname, '../../docs/REFUSALS.md')
  if (process.env['ANRF_UPDATE'] === '1') writeFileSync(path, printRefusals())
  assert.equal(readFileSync(path, 'utf8'), printRefusals(), 'ANRF_UPDATE=1 writes it')
})
