// The default policies are what scopes always meant: over all routes, in Cedar and without it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openEngine } from '../../src/policy/cedar/engine.ts'
import { defaultPolicies } from '../../src/policy/default-set.ts'
import {
  openDefaultPolicies,
  printSchema,
  type PolicyAction,
  type PolicyRequest,
  type PolicyResource,
} from '../../src/policy/index.ts'
import { policyActions } from '../../src/service/index.ts'
import { SCOPES } from '../../src/service/identity/principal.ts'
import { ROUTES } from '../../src/service/routes/index.ts'
import { runWith } from './fixtures.ts'

const ACTIONS = await policyActions()
const NATIVE = openDefaultPolicies(ACTIONS)
const REASON = /^@reason\("(.*)"\)$/m
const CEDAR = openEngine(
  [...defaultPolicies(ACTIONS)].map(([id, text]) => ({ id, text, effect: 'permit', reason: REASON.exec(text)![1]! })),
  printSchema(ACTIONS),
)

const resourceOf = ({ resource }: PolicyAction): PolicyResource =>
  resource === 'Service'
    ? { kind: 'Service' }
    : resource === 'Program'
      ? { kind: 'Program', id: 'sha256:1', isSigned: true }
      : { kind: 'Execution', id: '1' }

const asked = (action: PolicyAction, scopes: readonly string[]): PolicyRequest => ({
  principal: { id: 'alice', tenant: 'acme', scopes },
  action: action.name,
  resource: resourceOf(action),
  context: { time: 0 },
})

test('actions are those of the routes that need a key', () => {
  const scoped = ROUTES.filter(({ scope }) => scope !== undefined)
  assert.deepEqual(
    ACTIONS.map(({ name, scope }) => [name, scope]),
    scoped.map(({ action, scope }) => [action, scope]),
  )
})

for (const action of ACTIONS)
  test(`${action.name} is permitted by the scope ${action.scope}, and by admin unless it is about the whole service`, () => {
    for (const scope of SCOPES) {
      const expected = scope === action.scope || (scope === 'admin' && action.scope !== 'operate')
      assert.equal(CEDAR.decide(asked(action, [scope])).allowed, expected, scope)
    }
  })

test('without Cedar the decision and its reasons are the same', () => {
  const seed = Date.now() % 2 ** 31
  fc.assert(
    fc.property(
      fc.constantFrom(...ACTIONS),
      fc.subarray([...SCOPES, 'root', '']),
      fc.string(),
      fc.string(),
      (action, scopes, id, tenant) => {
        const request = { ...asked(action, scopes), principal: { id, tenant, scopes } }
        assert.deepEqual(NATIVE.decide(request), CEDAR.decide(request))
      },
    ),
    { numRuns: 500, seed },
  )
  for (const profile of ['default', 'other', ''])
    assert.deepEqual(NATIVE.decide(runWith(profile)), CEDAR.decide(runWith(profile)), profile)
})

test('nobody may do what is no action, or an action to what it is not about', () => {
  const action = ACTIONS.find(({ resource }) => resource === 'Program')
  const all = asked(action!, SCOPES)
  for (const request of [
    { ...all, action: 'none.such' },
    { ...all, resource: { kind: 'Service' } as const },
  ]) {
    assert.equal(NATIVE.decide(request).allowed, false)
    assert.equal(CEDAR.decide(request).allowed, false)
  }
})
