// Policies of an operator: what they decide, what is refused before anything is taken, and attacks on both.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TypeAndId } from '@cedar-policy/cedar-wasm/nodejs'
import fc from 'fast-check'
import { openCedar } from '../../src/policy/cedar/cedar.ts'
import { cedarRequestOf } from '../../src/policy/cedar/entities.ts'
import { POLICY_BYTES_MAX } from '../../src/policy/folder.ts'
import { openDefaultPolicies } from '../../src/policy/index.ts'
import { ACTIONS, load, loaded, runWith, start } from './fixtures.ts'

const FORBID_PAYROLL = `// Payroll is run by hand.
@id("no-payroll")
@reason("payroll runs on another service")
forbid(principal in Tenant::"acme", action in Action::"executions", resource is Program)
when { resource has name && resource.name like "payroll*" };
`

test('a forbid overrides what scopes permit, and says which policy it was and why', async () => {
  const policies = await loaded({ 'payroll.cedar': FORBID_PAYROLL })
  assert.deepEqual(policies.decide(start(['execute'], { name: 'payroll-run' })), {
    allowed: false,
    policies: [{ id: 'no-payroll', effect: 'forbid', reason: 'payroll runs on another service' }],
    errors: [],
  })
  assert.deepEqual(policies.decide(start(['execute'], { name: 'invoice' })), {
    allowed: true,
    policies: [
      { id: 'default/scope/execute', effect: 'permit', reason: 'the key has a scope that suffices for execute' },
    ],
    errors: [],
  })
  assert.deepEqual(policies.decide(start(['read'], { name: 'invoice' })), { allowed: false, policies: [], errors: [] })
  policies.close()
})

test('policies see tenant, scopes, program, time and address', async () => {
  const policies = await loaded({
    'a.cedar': `
      @id("tenant") forbid(principal, action, resource) unless { principal.tenant == Tenant::"acme" };
      @id("night") forbid(principal, action == Action::"executions.start", resource)
        when { context.time.toTime() < duration("6h") };
      @id("outside") forbid(principal, action == Action::"executions.start", resource)
        when { context has address && !context.address.isInRange(ip("10.0.0.0/8")) };
      @id("unsigned") forbid(principal, action == Action::"executions.start", resource)
        when { !resource.isSigned && principal.scopes.contains("admin") };`,
  })
  const ids = (request: ReturnType<typeof start>): string[] => policies.decide(request).policies.map(({ id }) => id)
  const asked = start(['execute'])
  assert.deepEqual(ids(asked), ['default/scope/execute'])
  assert.deepEqual(ids({ ...asked, principal: { ...asked.principal, tenant: 'other' } }), ['tenant'])
  assert.deepEqual(ids({ ...asked, context: { time: Date.UTC(2026, 0, 5, 3) } }), ['night'])
  assert.deepEqual(ids({ ...asked, context: { ...asked.context, address: '192.168.0.1' } }), ['outside'])
  assert.deepEqual(ids({ ...asked, context: { ...asked.context, address: '10.1.2.3' } }), ['default/scope/execute'])
  assert.deepEqual(ids(start(['admin'])), ['unsigned'])
  policies.close()
})

test('an id is the annotation, or the file and the number there', async () => {
  const policies = await loaded({
    'x.cedar': 'forbid(principal, action, resource);forbid(principal, action, resource);',
  })
  assert.deepEqual(
    policies.own.map(({ id }) => id),
    ['x.cedar#1', 'x.cedar#2'],
  )
  policies.close()
})

test('everything that is wrong with a folder is told at once, with its place, and nothing is taken', async () => {
  const result = await load({
    'a.cedar': `// ü
permit(principal, action, resource) when { foo( };
forbid(pricipal, action, resource);
@id("typo") permit(principal, action == Action::"executions.strat", resource);`,
    'b.cedar': `@id("unsafe") forbid(principal, action == Action::"executions.start", resource)
  when { "ü" == "ü" && resource.name == "x" };
permit(principal == ?principal, action, resource);
@id("default/scope/read") permit(principal, action, resource);
@id("twice") forbid(principal, action, resource); @id("twice") forbid(principal, action, resource);
permit(principal`,
    'profiles.json': '{"profiles":[{"name":"x","grant":[]}]}',
    'README.md': 'not a policy',
  })
  assert.ok('diagnostics' in result)
  const told = result.diagnostics.map(
    ({ code, location, pointer }) =>
      `${code} ${location ? `${location.path}:${location.start.line}:${location.start.column}` : pointer}`,
  )
  assert.deepEqual(told, [
    'ANRF5030 a.cedar:2:49',
    'ANRF5030 a.cedar:3:8',
    'ANRF5031 a.cedar:4:41',
    'ANRF5031 b.cedar:2:24',
    'ANRF5030 b.cedar:3:1',
    'ANRF5030 b.cedar:4:1',
    'ANRF5030 b.cedar:5:51',
    'ANRF5030 b.cedar:6:17',
    'ANRF5032 /profiles/0/grant',
  ])
  assert.match(result.diagnostics[2]!.hint ?? '', /Did you mean `Action::"executions\.start"`\?/)
  assert.match(result.diagnostics[3]!.hint ?? '', /has name/)
})

test('a policy that can never apply is a warning', async () => {
  const result = await load({ 'x.cedar': '@id("never") forbid(principal, action, resource) when { false };' })
  assert.ok('policies' in result)
  assert.deepEqual(
    result.warnings.map(({ code, severity }) => [code, severity]),
    [['ANRF5031', 'warning']],
  )
  result.policies.close()
})

test('strings and comments hide semicolons', async () => {
  const policies = await loaded({
    'x.cedar': `// one; two; "
@reason("a \\" quote; and // more") forbid(principal, action, resource) // ; the end
when { "; //" == "; //" };
// nothing more;`,
  })
  assert.deepEqual(
    policies.own.map(({ id, reason }) => [id, reason]),
    [['x.cedar#1', 'a " quote; and // more']],
  )
  policies.close()
})

test('a policy that fails at evaluation denies: Cedar alone would pass over it, a forbid too', async () => {
  const policies = await loaded({
    'x.cedar': `@id("overflow") forbid(principal, action == Action::"run-with", resource)
      when { context.depth + 9223372036854775807 > 1 };`,
  })
  const decision = policies.decide(runWith('default', {}, { depth: 1 }))
  assert.equal(decision.allowed, false)
  assert.match(decision.errors.join(), /^overflow: integer overflow/)
  const control = policies.decide(runWith('default', {}, { depth: 0 }))
  assert.deepEqual([control.allowed, control.policies[0]?.id], [false, 'overflow'])
  policies.close()
})

test('a request that is none is denied: an unknown action, an address that is none, the wrong kind of resource', async () => {
  const policies = await loaded({ 'x.cedar': 'permit(principal, action, resource);' })
  const asked = start(['execute'])
  assert.equal(policies.decide(asked).allowed, true)
  for (const wrong of [
    { ...asked, action: 'executions.stop' },
    { ...asked, context: { time: 0, address: 'nowhere' } },
    { ...asked, resource: { kind: 'Service' } as const },
  ]) {
    const decision = policies.decide(wrong)
    assert.equal(decision.allowed, false)
    assert.equal(decision.errors.length, 1)
  }
  policies.close()
})

test('no request makes entities that are their own ancestors, which Cedar would refuse', () => {
  const id = fc.string()
  const resource = fc.oneof(
    fc.record({ kind: fc.constant('Program' as const), id, publishedBy: id, isSigned: fc.boolean() }),
    fc.record({
      kind: fc.constant('Execution' as const),
      id,
      owner: id,
      program: fc.record({ id, isSigned: fc.boolean() }),
    }),
  )
  fc.assert(
    fc.property(id, id, resource, (principal, tenant, about) => {
      const request = { ...start([]), principal: { id: principal, tenant, scopes: [] }, resource: about }
      const { entities } = cedarRequestOf(request)
      const parents = entities.flatMap((entity) => entity.parents as TypeAndId[])
      assert.ok(parents.every(({ type }) => type === 'Tenant'))
      const tenants = entities.filter(({ uid }) => (uid as TypeAndId).type === 'Tenant')
      assert.deepEqual([tenants.length, tenants[0]?.parents], [1, []])
    }),
    { seed: 6 },
  )
  const cyclic = openCedar().isAuthorized({
    principal: { type: 'Tenant', id: 'a' },
    action: { type: 'Action', id: 'x' },
    resource: { type: 'Tenant', id: 'b' },
    context: {},
    policies: { staticPolicies: 'permit(principal, action, resource);' },
    entities: [
      { uid: { type: 'Tenant', id: 'a' }, attrs: {}, parents: [{ type: 'Tenant', id: 'b' }] },
      { uid: { type: 'Tenant', id: 'b' }, attrs: {}, parents: [{ type: 'Tenant', id: 'a' }] },
    ],
  })
  assert.equal(cyclic.type, 'failure')
})

test('attributes are what the service says, whatever ids and names look like', async () => {
  const policies = await loaded({ 'x.cedar': FORBID_PAYROLL })
  for (const name of ['payroll"; } permit', 'payroll\u0000', 'payroll__proto__'])
    assert.equal(policies.decide(start(['execute'], { name })).allowed, false)
  const entity = { __entity: { type: 'Tenant', id: 'root' } }
  const forged = policies.decide(start(['execute'], { name: entity as unknown as string }))
  assert.equal(forged.allowed, false)
  assert.equal(forged.errors.length, 1)
  const own = start(['read'])
  for (const id of ['__proto__', 'constructor', 'Action::"executions.start"', '']) {
    const decision = policies.decide({ ...own, principal: { ...own.principal, id } })
    assert.deepEqual([decision.allowed, decision.errors], [false, []], id)
  }
  policies.close()
})

test('a set of 1 MB is refused before it is parsed; the greatest that fits decides', async () => {
  const policy = (i: number): string =>
    `@id("p${i}") forbid(principal == Principal::"nobody${i}", action, resource) when { principal.tenant == Tenant::"t${i}" };\n`
  const large = Array.from({ length: 9000 }, (_, i) => policy(i)).join('')
  assert.ok(large.length > 1_000_000)
  const refused = await load({ 'large.cedar': large })
  assert.ok('diagnostics' in refused)
  assert.match(refused.diagnostics[0]!.message, /has \d+ bytes of policies, more than 262144/)
  const fits = large.slice(0, large.lastIndexOf('\n', POLICY_BYTES_MAX) + 1)
  const policies = await loaded({ 'fits.cedar': fits })
  assert.ok(policies.own.length > 2000)
  assert.equal(policies.decide(start(['execute'])).allowed, true)
  policies.close()
})

test('a folder that is not there, and a file that is no text, are said', async () => {
  const binary = await load({ 'x.cedar': Uint8Array.of(0xff, 0xfe) })
  assert.ok('diagnostics' in binary)
  assert.match(binary.diagnostics[0]!.message, /x\.cedar cannot be read: it is not UTF-8/)
  const { loadPolicies } = await import('../../src/policy/index.ts')
  const missing = await loadPolicies('/nowhere/at/all', ACTIONS, { grants: [], ceilings: {}, trustedKeys: [] })
  assert.ok('diagnostics' in missing)
  assert.match(missing.diagnostics[0]!.message, /\/nowhere\/at\/all cannot be read/)
})

test('policies that were replaced decide nothing any more, and their place is used again', async () => {
  const first = await loaded({ 'x.cedar': 'forbid(principal, action, resource);' })
  assert.equal(first.decide(start(['execute'])).allowed, false)
  first.close()
  assert.throws(() => first.decide(start(['execute'])), /replaced/)
  const second = await loaded({ 'x.cedar': '@id("y") permit(principal, action, resource);' })
  assert.equal(second.decide(start([])).allowed, true)
  second.close()
  first.close()
})

test('a folder without policies decides as a service without a folder', async () => {
  const empty = await loaded({})
  assert.deepEqual(empty.decide(start(['execute'])), openDefaultPolicies(ACTIONS).decide(start(['execute'])))
  assert.match(empty.revision, /^sha256:/)
})
