// With what programs run: profiles, the policies that permit them, exceptions from them, and attempts to get around all three.
import assert from 'node:assert/strict'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { listEntries, type ListedEntry } from '../../src/audit/index.ts'
import {
  buildDocument,
  documentId,
  encodeDocument,
  generateSigningKey,
  signDocument,
  type Document,
} from '../../src/document/index.ts'
import { parseGrants } from '../../src/effects/index.ts'
import { compile } from '../../src/front/index.ts'
import { openStore } from '../../src/store/index.ts'
import { library } from '../golden/anrf.ts'
import { startTestService, stopTestService, type Answer, type TestService } from './harness.ts'

const PROGRAM = `
import { requestApproval } from 'anrf:approvals'
import { call, CapabilityError } from 'anrf:programs'
import * as kv from 'anrf:kv'

export async function keep(value: string): Promise<string> {
  try {
    await kv.set('value', value)
    return 'kept'
  } catch (error) {
    return error instanceof CapabilityError ? 'denied ' + error.capability : 'failed'
  }
}
export async function later(value: string): Promise<string> {
  const { approved } = await requestApproval('May I?')
  return approved ? keep(value) : 'no'
}
export async function through(name: string): Promise<string> {
  return String(await call(name, { value: 'x' }, 'keep'))
}
export function loop(rounds: number): number {
  let n = 0
  for (let i = 0; i < rounds; i++) n += i
  return n
}
`

function documentOf(name: string, edit: (document: Document) => void = () => undefined): Document {
  const { program, diagnostics } = compile({ read: (path) => (path === 'main.ts' ? PROGRAM : undefined) }, library, {
    main: 'main.ts',
  })
  if (!program) throw new Error(diagnostics.map((d) => d.message).join('; '))
  const { module, describe } = program
  const document = buildDocument({ name, version: '1.0.0', module, program: describe() })
  edit(document)
  document.anrfId = documentId(document)
  return document
}

function grantsOf(...texts: string[]): NonNullable<Parameters<typeof startTestService>[0]>['grants'] & object {
  const parsed = parseGrants(texts)
  if ('diagnostics' in parsed) throw new Error(JSON.stringify(parsed.diagnostics))
  return parsed.grants
}

const signer = generateSigningKey()
const other = generateSigningKey()
const trustedKeys = [signer, other].map(({ keyId, publicKey }) => ({ keyId, publicKey }))
const folder = mkdtempSync(join(tmpdir(), 'anrf-govern-'))

const PROFILES = [
  { name: 'trusted', about: 'signed programs', signature: { keys: [signer.keyId], threshold: 1 }, process: 'fresh' },
  { name: 'walled', isolation: 'container', verification: 'module' },
  { name: 'default', grants: ['approvals', 'programs=plain'], ceilings: { fuel: 10_000, wall: 4000 } },
]
const POLICIES = `
@id("trusted") @reason("signed programs have all that there is")
permit(principal, action == Action::"run-with", resource == Profile::"trusted");
@id("walled") permit(principal, action == Action::"run-with", resource == Profile::"walled")
when { context.entry == "loop" && principal.scopes.contains("admin") };
@id("no-hidden") @reason("hidden programs are called by nobody")
forbid(principal, action == Action::"run-with", resource)
when { context.program has name && context.program.name == "hidden" && context.depth > 0 };
`

/** Writes a file of the folder as a whole, and has the service take it. */
async function write(name: string, text: string): Promise<readonly { readonly message: string }[]> {
  writeFileSync(join(folder, `${name}.new`), text)
  renameSync(join(folder, `${name}.new`), join(folder, name))
  return on ? on.service.reloadPolicies() : []
}
const writeProfiles = (profiles: readonly object[]): ReturnType<typeof write> =>
  write('profiles.json', JSON.stringify({ profiles }))

let on: TestService
let user: string
let operator: string

before(async () => {
  await write('a.cedar', POLICIES)
  await writeProfiles(PROFILES)
  on = await startTestService({
    policyFolder: folder,
    trustedKeys,
    grants: grantsOf('kv', 'approvals', 'programs=plain', 'programs=hidden'),
    ceilings: { fuel: 1_000_000_000 },
  })
  for (const name of ['plain', 'hidden']) await publish(documentOf(name))
  const signed = documentOf('signed')
  await publish(signed, signDocument(signed, signer))
  const others = documentOf('others')
  await publish(others, signDocument(others, other))
  user = await makeKey(['execute', 'read'])
  operator = await makeKey(['operate', 'read'])
})
after(async () => {
  await stopTestService(on)
  rmSync(folder, { recursive: true, force: true })
})

async function publish(document: Document, signature?: unknown): Promise<void> {
  const body = {
    document: Buffer.from(encodeDocument(document)).toString('base64'),
    ...(signature ? { signature } : {}),
  }
  const { status, body: said } = await on.ask('POST', '/artifacts', { body })
  assert.equal(status, 201, JSON.stringify(said))
}

async function makeKey(scopes: readonly string[], spec: object = {}): Promise<string> {
  return String((await on.ask('POST', '/keys', { body: { label: 'x', scopes, ...spec } })).body['key'])
}

const run = (
  program: string,
  entry: string,
  inputs: object,
  more: { key?: string; query?: string; limits?: object } = {},
) =>
  on.ask('POST', `/execute/${program}${more.query ?? ''}`, {
    key: more.key ?? user,
    body: { entry, inputs, ...(more.limits && { limits: more.limits }) },
  })

const resultOf = ({ body }: Answer): unknown => (body['output'] as { result: unknown } | undefined)?.result ?? body
const profilesOf = ({ body }: Answer): string[] =>
  (body['policy'] as { profiles: { profile: string; rule: string }[] }).profiles.map(
    ({ profile, rule }) => `${profile} ${rule}`,
  )

async function factsOf({ body }: Answer, key = user): Promise<Record<string, unknown>> {
  const { body: record } = await on.ask('GET', `/executions/${String(body['executionId'])}`, { key })
  return (record['facts'] as { policy: Record<string, unknown> }).policy
}

async function entries(): Promise<readonly ListedEntry[]> {
  const store = await openStore(on.dir)
  const listed = await listEntries(store.sql.query, {}, { limit: 10_000 })
  store.close()
  return listed.entries.toReversed()
}

test('the first profile that is permitted and whose demands are met is used, and stands in record, receipt and audit log', async () => {
  const signed = await run('signed', 'keep', { value: 'a' })
  assert.equal(resultOf(signed), 'kept')
  const { revision } = (await on.ask('GET', '/policies')).body
  assert.deepEqual(await factsOf(signed), { revision, profile: 'trusted', overrides: [] })
  const plain = await run('plain', 'keep', { value: 'a' })
  assert.equal(resultOf(plain), 'denied kv')
  assert.equal((await factsOf(plain))['profile'], 'default')
  const { body } = await on.ask('GET', `/executions/${String(signed.body['executionId'])}/receipt`, { key: user })
  const payload = (body['dsseEnvelope'] as { payload: string }).payload
  const statement = JSON.parse(Buffer.from(payload, 'base64').toString()) as { predicate: Record<string, unknown> }
  assert.deepEqual(statement.predicate['policy'], { revision, profile: 'trusted', overrides: [] })
  const told = (await entries()).find(({ subject }) => subject === signed.body['executionId'])
  assert.deepEqual(told?.details?.['policy'], { revision, profile: 'trusted', overrides: [], policies: ['trusted'] })
})

test('ceilings of the profile lower what is asked for, and say so once', async () => {
  const limited = await run('plain', 'loop', { rounds: 100_000 }, { limits: { fuel: 1e12 } })
  assert.equal((limited.body['outcome'] as { kind: string }).kind, 'limited')
  assert.deepEqual(
    (limited.body['clamped'] as { limit: string }[]).find(({ limit }) => limit === 'fuel'),
    { limit: 'fuel', asked: 1e12, given: 10_000 },
  )
  assert.equal(resultOf(await run('signed', 'loop', { rounds: 100_000 })), 4_999_950_000)
})

test('a profile that is asked for is used or refused, with each rule that is not met and what would be', async () => {
  const refused = await run('plain', 'keep', { value: 'a' }, { query: '?profile=trusted' })
  assert.deepEqual([refused.status, refused.body['code']], [403, 'ANRF5034'])
  assert.match(String(refused.body['detail']), /profile trusted, signature: 1 of 1 signatures required, none is there/)
  const { profiles, override } = refused.body['policy'] as Record<string, unknown>
  assert.deepEqual(profiles, [
    {
      profile: 'trusted',
      rule: 'signature',
      message: '1 of 1 signatures required, none is there',
      allowed: [signer.keyId],
    },
  ])
  assert.deepEqual((override as { rules: string[] }).rules, ['signature'])
  assert.equal((await run('others', 'keep', { value: 'a' }, { query: '?profile=trusted' })).body['code'], 'ANRF5034')
  const narrow = await run('signed', 'keep', { value: 'a' }, { query: '?profile=default' })
  assert.equal(resultOf(narrow), 'denied kv')
  const none = await run('plain', 'keep', { value: 'a' }, { query: '?profile=root' })
  assert.deepEqual(profilesOf(none), ['root run-with'])
  assert.match(String(none.body['detail']), /there is no profile "root"/)
  const unpermitted = await run('plain', 'loop', { rounds: 1 }, { query: '?profile=walled' })
  assert.deepEqual(profilesOf(unpermitted), ['walled run-with'])
  const unmet = await run('plain', 'loop', { rounds: 1 }, { query: '?profile=walled', key: on.key })
  assert.ok(profilesOf(unmet).includes('walled verification'))
  const told = (await entries()).at(-1)
  assert.deepEqual([told?.action, told?.outcome], ['executions.start', 'refused'])
  assert.match(String(told?.reasons?.[0]), /^ANRF5034/)
})

test('programs that are called are governed for themselves: a policy may know how deep they are', async () => {
  assert.equal(resultOf(await run('signed', 'through', { name: 'plain' })), 'denied kv')
  const hidden = await run('signed', 'through', { name: 'hidden' })
  assert.equal(hidden.status, 422)
  assert.match(String(hidden.body['detail']), /no-hidden: hidden programs are called by nobody/)
  assert.equal((await run('hidden', 'keep', { value: 'a' })).status, 200)
  // What was asked for is asked for the programs that are called too.
  const asked = await run('signed', 'through', { name: 'plain' }, { query: '?profile=trusted' })
  assert.match(String(asked.body['detail']), /profile trusted, signature/)
})

test("a document's own override is a request that its author wrote: it grants nothing", async () => {
  await publish(
    documentOf('bold', ({ security }) => {
      security.overrideStatus = true
      security.overrideJustification = 'we need everything'
      security.overrideApproval = {
        $typeName: 'anrf.v1.OverrideApproval',
        approverId: 'operator',
        approvalTimestamp: '2026-01-01T00:00:00Z',
        approvalContext: '',
      }
      security.isolationRequirements!.processIsolation = false
    }),
  )
  assert.equal(resultOf(await run('bold', 'keep', { value: 'a' })), 'denied kv')
  assert.equal((await run('bold', 'keep', { value: 'a' }, { query: '?profile=trusted' })).status, 403)
  const { body } = await run('bold', 'loop', { rounds: 1 })
  assert.match(String(body['isolation']), /^(container|seccomp)$/)
})

const request = (more: object = {}, key = user): Promise<Answer> => {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
  const asked = { program: 'plain', rule: 'grants', justification: 'the year is being closed', expiresAt, ...more }
  return on.ask('POST', '/overrides', { key, body: asked })
}
const decide = (id: unknown, approved: boolean, key = operator): Promise<Answer> =>
  on.ask('POST', `/overrides/${String(id)}/decision`, { key, body: { approved, note: 'until tonight' } })

test('an approved override lifts one rule for one principal and program, up to what the operator lists, until it ends', async () => {
  const { status, body } = await request()
  assert.deepEqual([status, body['state']], [201, 'requested'])
  assert.equal(resultOf(await run('plain', 'keep', { value: 'a' })), 'denied kv')
  const approved = await decide(body['id'], true)
  assert.deepEqual([approved.status, approved.body['state']], [200, 'approved'])
  const lifted = await run('plain', 'keep', { value: 'a' })
  assert.equal(resultOf(lifted), 'kept')
  const facts = await factsOf(lifted)
  assert.deepEqual([facts['profile'], facts['overrides']], ['default', [body['id']]])
  // Not another rule, not another program, not another principal.
  assert.equal((await run('plain', 'loop', { rounds: 100_000 })).status, 422)
  assert.equal(resultOf(await run('hidden', 'keep', { value: 'a' })), 'denied kv')
  assert.equal(resultOf(await run('plain', 'keep', { value: 'a' }, { key: on.key })), 'denied kv')
  const actions = (await entries()).filter(({ subject }) => subject === body['id'])
  assert.deepEqual(
    actions.map(({ action, outcome, details }) => [action, outcome, details?.['rule']]),
    [
      ['overrides.request', 'done', 'grants'],
      ['overrides.decide', 'done', 'grants'],
    ],
  )
  assert.equal((await on.ask('DELETE', `/overrides/${String(body['id'])}`, { key: operator })).status, 204)
  assert.equal(resultOf(await run('plain', 'keep', { value: 'a' })), 'denied kv')
  assert.equal((await decide(body['id'], true)).status, 409)
})

test('an override of the signature lets an unsigned program use the profile', async () => {
  const { body } = await request({ rule: 'signature' })
  await decide(body['id'], true)
  const trusted = await run('plain', 'keep', { value: 'a' })
  assert.equal(resultOf(trusted), 'kept')
  assert.deepEqual(await factsOf(trusted).then(({ profile, overrides }) => [profile, overrides]), [
    'trusted',
    [body['id']],
  ])
  await on.ask('DELETE', `/overrides/${String(body['id'])}`, { key: operator })
})

test('an override expires by the clock, whatever was approved', async () => {
  const expiresAt = new Date(Date.now() + 3000).toISOString()
  const { body } = await request({ expiresAt })
  assert.equal((await decide(body['id'], true)).status, 200)
  const read = async (): Promise<unknown> =>
    (await on.ask('GET', `/overrides/${String(body['id'])}`, { key: user })).body['state']
  for (let i = 0; i < 400 && (await read()) === 'approved'; i++) await sleep(50)
  assert.equal(await read(), 'expired')
  assert.equal(resultOf(await run('plain', 'keep', { value: 'a' })), 'denied kv')
  const late = await request()
  const store = await openStore(on.dir)
  const past = ['2020-01-01T00:00:00.000Z', String(late.body['id'])]
  await store.sql.tx((query) => query('update policy_override set expires_at = ? where id = ?', past))
  store.close()
  assert.equal((await decide(late.body['id'], true)).body['code'], 'ANRF5006')
})

test('nobody approves what they asked for or gain by, and admins of tenants approve nothing', async () => {
  const admin = await makeKey(['admin'])
  const both = await makeKey(['operate', 'execute', 'read'])
  const own = await request({}, both)
  assert.deepEqual(await decide(own.body['id'], true, both).then(({ status, body }) => [status, body['code']]), [
    403,
    'ANRF5035',
  ])
  const principal = both.split('_')[1]
  const gained = await request({ principal }, admin)
  assert.equal(gained.status, 201)
  assert.equal((await decide(gained.body['id'], true, both)).body['code'], 'ANRF5035')
  assert.equal((await decide(gained.body['id'], true, admin)).body['code'], 'ANRF5002')
  assert.equal((await request({ principal }, user)).body['code'], 'ANRF5035')
  // Refusing what one asked for is withdrawing it.
  assert.equal((await decide(own.body['id'], false, both)).body['state'], 'refused')
  const told = (await entries()).filter(({ reasons }) => reasons?.[0]?.startsWith('ANRF5035'))
  assert.equal(told.length, 3)
})

test('a request for an override has its bounds', async () => {
  for (const [more, code] of [
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'ANRF5004'],
    [{ expiresAt: '2999-01-01T00:00:00Z' }, 'ANRF5004'],
    [{ rule: 'everything' }, 'ANRF5004'],
    [{ justification: 'because' }, 'ANRF5004'],
    [{ program: 'nothing' }, 'ANRF5003'],
    [{ state: 'approved' }, 'ANRF5004'],
    [{ tenant: 'other' }, 'ANRF5004'],
  ] as const)
    assert.equal((await request(more)).body['code'], code, JSON.stringify(more))
})

test('overrides are seen by whom they concern, admins of the tenant and operators, and by no other tenant', async () => {
  const { body } = await request()
  const path = `/overrides/${String(body['id'])}`
  await on.ask('POST', '/tenants', { body: { id: 'elsewhere' } })
  const stranger = await makeKey(['read'])
  const foreign = await makeKey(['admin', 'read'], { tenant: 'elsewhere' })
  const seen = await Promise.all(
    [user, operator, on.key, stranger, foreign].map(async (key) => (await on.ask('GET', path, { key })).status),
  )
  assert.deepEqual(seen, [200, 200, 200, 404, 404])
  const list = async (key: string): Promise<number> =>
    ((await on.ask('GET', '/overrides', { key })).body['overrides'] as unknown[]).length
  assert.deepEqual(await Promise.all([stranger, foreign].map(list)), [0, 0])
  assert.ok((await list(user)) > 0)
  const page = await on.ask('GET', '/overrides?limit=2', { key: operator })
  const next = await on.ask('GET', `/overrides?limit=2&after=${String(page.body['next'])}`, { key: operator })
  assert.notDeepEqual(next.body['overrides'], page.body['overrides'])
  await decide(body['id'], false)
})

async function endOf(executionId: unknown): Promise<Record<string, unknown>> {
  for (let i = 0; i < 400; i++) {
    const { body } = await on.ask('GET', `/executions/${String(executionId)}`, { key: user })
    if (!['running', 'suspended', 'queued'].includes(String(body['outcome']))) return body
    await sleep(50)
  }
  throw new Error('the execution did not end')
}

test('what was suspended is governed again when it goes on, with what is allowed by then', async () => {
  const suspend = async (program: string): Promise<unknown> => {
    const { status, body } = await run(program, 'later', { value: 'a' })
    assert.equal(status, 202, JSON.stringify(body))
    return body['executionId']
  }
  const approve = (id: unknown): Promise<Answer> =>
    on.ask('POST', `/executions/${String(id)}/decisions/0`, { body: { approved: true } })
  const [kept, narrowed, forbidden] = [await suspend('signed'), await suspend('signed'), await suspend('signed')]
  await approve(kept)
  assert.deepEqual(((await endOf(kept))['answer'] as { output: unknown }).output, { result: 'kept' })
  assert.deepEqual(await writeProfiles([{ ...PROFILES[0], grants: ['approvals'] }, ...PROFILES.slice(1)]), [])
  await approve(narrowed)
  assert.deepEqual(((await endOf(narrowed))['answer'] as { output: unknown }).output, { result: 'denied kv' })
  await write(
    'b.cedar',
    '@id("stop") forbid(principal, action == Action::"run-with", resource) when { context.isResumed };',
  )
  await approve(forbidden)
  const ended = await endOf(forbidden)
  assert.equal(ended['outcome'], 'refused')
  assert.match(JSON.stringify(ended['answer']), /ANRF5033.*stop/)
  rmSync(join(folder, 'b.cedar'))
  await writeProfiles(PROFILES)
})

test('profiles give nothing beyond what the settings of the service list, and a set that would is not taken', async () => {
  const refused = await writeProfiles([
    { name: 'wide', grants: ['http=example.com', 'kv'], ceilings: { fuel: 2_000_000_000 } },
    { name: 'odd', signature: { keys: [`sha256:${'00'.repeat(32)}`], threshold: 2 }, isolation: 'strong' },
  ])
  assert.match(JSON.stringify(refused), /profiles\/1\/isolation/)
  const beyond = await writeProfiles([
    { name: 'wide', grants: ['http=example.com', 'kv'], ceilings: { fuel: 2_000_000_000 } },
    { name: 'wide', signature: { keys: [`sha256:${'00'.repeat(32)}`], threshold: 2 } },
  ])
  assert.deepEqual(
    beyond.map(({ message }) => message.replace(/^profiles\.json: /, '').slice(0, 40)),
    [
      'there is another profile wide',
      'http=https://example.com is beyond what ',
      'fuel: 2000000000 is above the ceiling of',
      'the service does not trust sha256:000000',
      '2 of 1 keys can never have signed',
    ],
  )
  assert.equal(resultOf(await run('plain', 'keep', { value: 'a' })), 'denied kv')
  await writeProfiles(PROFILES)
})

test('a policy that cannot be evaluated denies the run', async () => {
  await write(
    'c.cedar',
    '@id("broken") forbid(principal, action == Action::"run-with", resource) when { 9223372036854775807 + 1 + context.depth > 0 };',
  )
  const { status, body } = await run('signed', 'loop', { rounds: 1 })
  assert.deepEqual([status, body['code']], [403, 'ANRF5033'])
  assert.match(JSON.stringify(body['policy']), /broken: integer overflow/)
  rmSync(join(folder, 'c.cedar'))
  await on.service.reloadPolicies()
})
