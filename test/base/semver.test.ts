// Versions and ranges mean what npm's own library says; it is here as a part of Fastify. fast-check prints seeds of failures.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareVersions, fitsRange, isPreRelease, parseRange } from '../../src/base/index.ts'

type Semver = {
  compare(a: string, b: string): number
  satisfies(version: string, range: string): boolean
  validRange(range: string): string | null
}
const semver = createRequire(createRequire(import.meta.url).resolve('fastify'))('semver') as Semver

const number = fc.oneof({ weight: 5, arbitrary: fc.nat(3) }, fc.nat(99)).map(String)
const identifier = fc.constantFrom('0', '1', '2', '11', 'alpha', 'beta', 'rc', 'x-1', '0a', '-')
const pre = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  fc.array(identifier, { minLength: 1, maxLength: 3 }).map((ids) => `-${ids.join('.')}`),
)
const build = fc.constantFrom('', '', '', '+build.5', '+001')
const core = fc.tuple(number, number, number).map((parts) => parts.join('.'))
const version = fc.tuple(core, pre, build).map((parts) => parts.join(''))
const part = fc.oneof({ weight: 4, arbitrary: number }, fc.constantFrom('x', 'X', '*'))
const plain = fc.oneof(
  version,
  core,
  part,
  fc.tuple(number, part).map((parts) => parts.join('.')),
  fc.tuple(number, number, part).map((parts) => parts.join('.')),
  fc.constantFrom('*', 'x.x', 'X.x.x', '1.x.x'),
)
const partial = fc.tuple(fc.constantFrom('', '', '', 'v'), plain).map((parts) => parts.join(''))
const operator = fc.constantFrom('', '', '=', '^', '^', '~', '~>', '<', '<=', '>', '>=', '> ', '^ ')
const comparator = fc.tuple(operator, partial).map((parts) => parts.join(''))
const alternative = fc.oneof(
  comparator,
  fc.tuple(comparator, comparator).map((both) => both.join(' ')),
  fc.tuple(partial, partial).map((both) => both.join(' - ')),
)
const range = fc.oneof(
  { weight: 3, arbitrary: alternative },
  fc.tuple(alternative, alternative).map((both) => both.join(' || ')),
)

test('versions have the order that SemVer gives them', () => {
  // The example of https://semver.org/#spec-item-11, and numbers beyond 2^53, which npm's library does not take.
  const ordered =
    '1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.2.0 1.10.0 2.0.0'
  const versions = [...ordered.split(' '), '9007199254740993.0.0', '9007199254740994.0.0']
  for (const [i, a] of versions.entries())
    for (const [j, b] of versions.entries())
      assert.equal(Math.sign(compareVersions(a, b)), Math.sign(i - j), `${a} ${b}`)
  assert.equal(compareVersions('1.0.0+a', '1.0.0+b'), 0)
  assert.deepEqual(['1.0.0', '1.0.0-a', '1.0.0+a-b'].map(isPreRelease), [false, true, false])
})

test('any two versions compare as npm compares them', () => {
  fc.assert(
    fc.property(version, version, (a, b) => {
      assert.equal(Math.sign(compareVersions(a, b)), semver.compare(a, b))
    }),
    { numRuns: 5000 },
  )
})

test('any version fits any range exactly when npm says so', () => {
  const seen = { fits: 0, not: 0 }
  fc.assert(
    fc.property(range, version, (text, given) => {
      const parsed = parseRange(text)
      assert.ok(parsed && semver.validRange(text) !== null, text)
      const fits = fitsRange(parsed, given)
      assert.equal(fits, semver.satisfies(given, text), `${given} in ${text}`)
      seen[fits ? 'fits' : 'not']++
    }),
    { numRuns: 20_000 },
  )
  assert.ok(seen.fits > 500 && seen.not > 500, JSON.stringify(seen))
})

test('beside everything no other alternative counts', () => {
  for (const text of ['<=1.1.1-0 || *', '1.1.1-0 || >=0.0.0', '1.1.1-0 || 0.0.0 - *'])
    assert.equal(fitsRange(parseRange(text)!, '1.1.1-0'), semver.satisfies('1.1.1-0', text), text)
})

test('what is no range is none', () => {
  for (const text of [
    'latest',
    '^',
    '1.2.3.4',
    '01',
    '1..2',
    '^^1',
    '>=',
    '1.2.3-',
    '1 '.repeat(200),
    '1 |',
    'v',
    'x.1',
    '1.x.0',
  ])
    assert.equal(parseRange(text), undefined, text)
})
