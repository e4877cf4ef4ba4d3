// Every rule of profiles: what it takes, what it refuses by the operator's settings, when a run meets it, and what lifting it gives.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatGrant } from '../../src/effects/index.ts'
import { chooseProfile } from '../../src/policy/index.ts'
import type { Decision, RuleName, RunSubject } from '../../src/policy/index.ts'
import { readProfiles } from '../../src/policy/profiles/read.ts'
import { RULE_NAMES, RULES } from '../../src/policy/profiles/rules.ts'
import { BOUNDS, KEY } from './fixtures.ts'

type Row = {
  /** Values that are taken, and values that are refused with a message. */
  readonly good: readonly unknown[]
  readonly bad: readonly (readonly [unknown, RegExp])[]
  /** Of a demand: runs that meet the first good value, and runs that do not. */
  readonly met?: Partial<RunSubject>
  readonly unmet?: Partial<RunSubject>
}

const OTHER = `sha256:${'00'.repeat(32)}`
const ROWS: { readonly [N in RuleName]-?: Row } = {
  grants: {
    good: [['http=GET https://api.example.com/v1/x', 'programs=invoice@1.2.5'], [], ['kv']],
    bad: [
      [['http=api.example.com'], /beyond what the service may grant: ANRF_ALLOW lists http=GET,POST/],
      [['files=./x'], /beyond/],
      [['nonsense'], /not understood/],
      ['kv', /./],
      [[1], /./],
    ],
  },
  ceilings: {
    good: [{ wall: 5000, fuel: 1 }, {}],
    bad: [
      [{ wall: 5001 }, /wall: 5001 is above the ceiling of the service, 5000/],
      [{ fuel: 1e13 }, /above/],
      [{ walls: 1 }, /no such member/],
      [{ wall: 0 }, /./],
      [{ wall: 1.5 }, /./],
    ],
  },
  isolation: {
    good: ['oci', 'container', 'none'],
    bad: [
      ['auto', /./],
      [1, /./],
    ],
    met: { isolation: 'container' },
    unmet: { isolation: 'seccomp' },
  },
  process: { good: ['fresh'], bad: [['pooled', /./]] },
  signature: {
    good: [{ keys: [KEY], threshold: 1 }],
    bad: [
      [{ keys: [OTHER], threshold: 1 }, /does not trust/],
      [{ keys: [KEY], threshold: 2 }, /2 of 1 keys/],
      [{ keys: [KEY, KEY], threshold: 2 }, /./],
      [{ keys: [], threshold: 1 }, /./],
      [{ keys: [KEY] }, /./],
      [{ keys: ['x'], threshold: 1 }, /./],
    ],
    met: { signersAmong: (keys) => keys },
    unmet: { signersAmong: () => [] },
  },
  verification: {
    good: ['module', 'static'],
    bad: [['proved', /./]],
    met: { verified: ['static', 'module'] },
    unmet: { verified: ['static'] },
  },
}

const SUBJECT: RunSubject = { isolation: 'container', verified: [], signersAmong: () => [] }
const ALLOWED: Decision = { allowed: true, policies: [], errors: [] }
const read = (...profiles: readonly object[]): ReturnType<typeof readProfiles> =>
  readProfiles('profiles.json', JSON.stringify({ profiles }), BOUNDS)

function profilesOf(...list: readonly object[]) {
  const found = read(...list)
  if ('diagnostics' in found) throw new Error(JSON.stringify(found.diagnostics))
  return found.profiles
}

for (const name of RULE_NAMES) {
  const { good, bad, met, unmet } = ROWS[name]
  test(`the rule ${name} takes and refuses values`, () => {
    for (const value of good) assert.ok('profiles' in read({ name: 'x', [name]: value }), JSON.stringify(value))
    for (const [value, message] of bad) {
      const found = read({ name: 'x', [name]: value })
      assert.ok('diagnostics' in found, JSON.stringify(value))
      assert.ok(
        found.diagnostics.every(
          ({ code, pointer }) => code === 'ANRF5032' && pointer?.startsWith(`/profiles/0/${name}`),
        ),
      )
      assert.match(found.diagnostics[0]!.message, message)
    }
  })

  test(`the rule ${name} is a demand that runs meet or not, or a bound that holds, and an override lifts it`, () => {
    const profiles = profilesOf({ name: 'default', [name]: good[0] })
    const choose = (subject: Partial<RunSubject>, lifted?: RuleName) =>
      chooseProfile(
        profiles,
        undefined,
        () => ALLOWED,
        { ...SUBJECT, ...subject },
        BOUNDS,
        (rule) => (rule === lifted ? 'o1' : undefined),
      )
    const held = choose(met ?? {})
    const lifted = choose(unmet ?? {}, name)
    assert.ok('granted' in held && 'granted' in lifted)
    assert.deepEqual([held.granted.overrides, lifted.granted.overrides], [[], ['o1']])
    assert.equal(RULES[name].unmet !== undefined, unmet !== undefined)
    if (unmet) {
      const refused = choose(unmet)
      assert.ok('unfit' in refused)
      assert.deepEqual([refused.unfit[0]?.rule, refused.unfit[0]!.allowed.length > 0], [name, true])
    } else assert.notDeepEqual(held.granted, { ...lifted.granted, overrides: [] })
    // What is lifted leads back to the settings and not beyond.
    assert.deepEqual(lifted.granted.grants.map(formatGrant), BOUNDS.grants.map(formatGrant))
    assert.deepEqual(lifted.granted.ceilings, BOUNDS.ceilings)
    assert.equal(lifted.granted.isFresh, false)
  })
}

test('the order of the document decides, and default comes last unless the document has it', () => {
  const profiles = profilesOf({ name: 'b', isolation: 'container' }, { name: 'a' })
  assert.deepEqual(
    profiles.map(({ name }) => name),
    ['b', 'a', 'default'],
  )
  const choose = (allowed: readonly string[], asked?: string) =>
    chooseProfile(
      profiles,
      asked,
      (name) => ({ ...ALLOWED, allowed: allowed.includes(name) }),
      SUBJECT,
      BOUNDS,
      () => undefined,
    )
  const nameOf = (choice: ReturnType<typeof choose>): string =>
    'granted' in choice ? choice.granted.profile : choice.unfit.map(({ profile }) => profile).join()
  assert.equal(nameOf(choose(['a', 'b', 'default'])), 'b')
  assert.equal(nameOf(choose(['a', 'default'])), 'a')
  assert.equal(nameOf(choose(['a', 'default'], 'default')), 'default')
  assert.equal(nameOf(choose([])), 'b,a,default')
  assert.equal(nameOf(choose(['a'], 'b')), 'b')
})

test('a member that a document has twice is refused with its place', () => {
  const refused = readProfiles('p', '{"profiles":[{"name":"a","grants":[],"name":"b"}]}', BOUNDS)
  assert.ok('diagnostics' in refused)
  assert.deepEqual(
    refused.diagnostics.map(({ code, pointer }) => `${code} ${pointer}`),
    ['ANRF5032 /profiles/0/name'],
  )
})

test('a document that is none, has too much, or names that are none is refused whole', () => {
  for (const text of ['', '[]', '{', '{"profiles":1}', '{"profiles":[{}]}', '{"profiles":[],"more":1}'])
    assert.ok('diagnostics' in readProfiles('p', text, BOUNDS), text)
  for (const name of ['', 'A', '-x', 'x'.repeat(65), '__proto__', 'a b'])
    assert.ok('diagnostics' in read({ name }), name)
  assert.ok('diagnostics' in read(...Array.from({ length: 101 }, (_, i) => ({ name: `p${i}` }))))
  assert.ok('diagnostics' in read({ name: 'a' }, { name: 'a' }))
})
