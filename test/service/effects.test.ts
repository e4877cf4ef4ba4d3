import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildDocument, encodeDocument, trustedKeyOf } from '../../src/document/index.ts'
import { parseGrants, type Declared } from '../../src/effects/index.ts'
import { compile } from '../../src/front/index.ts'
import { checkReceipt, Fenced, readRecording, storedJournal } from '../../src/journal/index.ts'
import { insertDecision } from '../../src/service/executions/decisions.ts'
import { openStore } from '../../src/store/index.ts'
import { library } from '../golden/anrf.ts'
import { startTestService, stopTestService, type Answer, type TestService } from './harness.ts'

const PROGRAM = `
import { sleep } from 'anrf:clock'
import { requestApproval } from 'anrf:approvals'
import { call, CapabilityError } from 'anrf:programs'
import * as kv from 'anrf:kv'

/** Counts its runs, and rolls a die. */
export async function count(name: string): Promise<{ before: number; die: number; at: boolean }> {
  const before = Number((await kv.get(name)) ?? 0)
  console.log('was', before)
  await Promise.all([kv.set(name, before + 1), sleep(2)])
  return { before, die: Math.floor(Math.random() * 6), at: Date.now() > 1_000_000 }
}

/** Asks before it pays. */
export async function pay(amount: number): Promise<string> {
  await kv.set('asked', amount)
  const { approved, by, note } = await requestApproval('Pay', { amount })
  await kv.set('done', amount)
  return approved ? 'paid ' + amount + ' as ' + note + ' ' + (by.length > 0) : 'refused'
}

/** Asks two people at once. */
export async function both(): Promise<string> {
  const decisions = await Promise.all([requestApproval('one'), requestApproval('two')])
  return decisions.map(({ note }) => note).join(' and ')
}

/** Calls itself through the service: each call is an execution of its own. */
export async function nested(depth: number): Promise<number> {
  return depth === 0 ? 1 : 1 + Number(await call('effects@1.0.0', { depth: depth - 1 }, 'nested'))
}

export async function escape(): Promise<string> {
  try {
    return String(await call('payments@1.0.0'))
  } catch (error) {
    return error instanceof CapabilityError ? error.capability + ': ' + error.asked : 'another error'
  }
}
`

function documentBytes(name = 'effects', capabilities: Declared[] = []): Uint8Array {
  const { program: compiled, diagnostics } = compile(
    { read: (path) => (path === 'main.ts' ? PROGRAM : undefined) },
    library,
    {
      main: 'main.ts',
    },
  )
  if (!compiled) throw new Error(diagnostics.map((d) => d.message).join('; '))
  const { module, describe } = compiled
  // Chains of programs start a worker for each.
  const limits = { wall: 300_000 }
  const program = { module, program: describe(), limits, capabilities }
  return encodeDocument(buildDocument({ name, version: '1.0.0', ...program }))
}

const GRANTS = parseGrants(['kv', 'approvals', 'programs=effects'])
const CONFIG = { grants: 'grants' in GRANTS ? GRANTS.grants : [], isRecorded: true }

let running: TestService
before(async () => {
  running = await startTestService(CONFIG)
  await running.client.publish(documentBytes())
})
after(() => stopTestService(running))

const execute = (entry: string, inputs: object, mode = 'interpret'): Promise<Answer> =>
  running.ask('POST', `/execute/effects?mode=${mode}`, { body: { entry, inputs } })
const idOf = ({ body }: Answer): string => String(body['executionId'])

async function untilEnded(id: string): Promise<Answer> {
  for (let i = 0; i < 200; i++) {
    const answer = await running.ask('GET', `/executions/${id}`)
    if (!['running', 'suspended'].includes(String(answer.body['outcome']))) return answer
    await sleep(20)
  }
  throw new Error(`${id} does not end`)
}

test('an execution gets no more than its document declares, and a scope that nobody can read is not published', async () => {
  await running.client.publish(documentBytes('narrow', [{ name: 'programs', scopes: ['other'] }]))
  const body = { entry: 'nested', inputs: { depth: 1 } }
  const granted = await running.ask('POST', '/execute/effects', { body })
  assert.equal((granted.body['output'] as { result: unknown }).result, 2)
  const denied = await running.ask('POST', '/execute/narrow', { body })
  assert.match(JSON.stringify(denied.body), /CapabilityError/)
  const odd = await running.client.publish(documentBytes('odd', [{ name: 'programs', scopes: ['^^'] }]))
  assert.equal(!odd.ok && odd.problem.code, 'ANRF4010', JSON.stringify(odd))
})

test('an execution reaches what is granted, and its calls are kept with digests', async () => {
  const first = await execute('count', { name: 'visits' })
  assert.equal(first.status, 200, JSON.stringify(first.body))
  const second = await execute('count', { name: 'visits' }, 'jit')
  const result = (answer: Answer): unknown => (answer.body['output'] as { result: { before: number } }).result.before
  assert.deepEqual([result(first), result(second)], [0, 1])
  assert.equal((first.body['usage'] as { effects: number }).effects, 3)
  const { body } = await running.ask('GET', `/executions/${idOf(first)}/effects`)
  const effects = body['effects'] as { name: string; order: number; argsDigest: string; answerDigest: string }[]
  assert.deepEqual(
    effects.map(({ name }) => name),
    ['kv.get', 'kv.set', 'clock.sleep'],
  )
  for (const { argsDigest, answerDigest } of effects) {
    assert.match(argsDigest, /^sha256:[0-9a-f]{64}$/)
    assert.match(answerDigest, /^sha256:[0-9a-f]{64}$/)
  }
})

test('what is not granted is denied in words that a program can read', async () => {
  const { body } = await execute('escape', {})
  assert.deepEqual(body['output'], { result: 'programs: payments' })
})

test('an execution is done again from its journal in every mode, by the service and from its recording', async () => {
  const ran = await execute('count', { name: 'again' })
  for (const mode of ['interpret', 'jit']) {
    const { body } = await running.ask('POST', `/executions/${idOf(ran)}/replay`, { body: { mode } })
    assert.deepEqual(body, { kind: 'same' })
  }
  // The world noticed nothing of it.
  assert.equal((await execute('count', { name: 'again' })).body['output'] && true, true)
  const next = (await execute('count', { name: 'again' })).body['output'] as { result: { before: number } }
  assert.equal(next.result.before, 2)
})

test('programs call each other, also when every place of the pool is taken by callers', async () => {
  const nested = (depth: number): Promise<Answer> => execute('nested', { depth })
  const answers = await Promise.all([nested(3), nested(1), nested(2)])
  assert.deepEqual(
    answers.map(({ body }) => (body['output'] as { result: number } | undefined)?.result),
    [4, 2, 3],
  )
  // Eight that wait for each other is as deep as it goes.
  const { body } = await nested(20)
  assert.match(String(body['error']), /at most 8 programs call each other/)
})

test('a receipt is signed by the key of the service and fits its recording only', async () => {
  const [one, other] = [await execute('count', { name: 'a' }), await execute('count', { name: 'b' })]
  const recordingOf = async (id: string) => {
    const { body } = await running.ask('GET', `/executions/${id}/recording`)
    const recording = readRecording(Buffer.from(JSON.stringify(body)))
    assert.ok(!('diagnostics' in recording), JSON.stringify(recording))
    return recording
  }
  const { body: receipt } = await running.ask('GET', `/executions/${idOf(one)}/receipt`)
  const { body: key } = await running.ask('GET', '/receipt-key', { key: null })
  const trusted = [trustedKeyOf(String(key['publicKey']))!]
  const recording = await recordingOf(idOf(one))
  assert.equal('keys' in checkReceipt(receipt, recording, trusted), true)
  assert.deepEqual(checkReceipt(receipt, await recordingOf(idOf(other)), trusted), {
    problem: 'the recording is not the one that the receipt was made for',
  })
  const changed = { ...recording, journal: recording.journal.map((e) => ({ ...e, text: '{"value":null}' })) }
  assert.equal('problem' in checkReceipt(receipt, changed, trusted), true)
  // The document that it names is the same.
  const swapped = { ...recording, program: Buffer.from('another program').toString('base64') }
  assert.equal('problem' in checkReceipt(receipt, swapped, trusted), true)
})

test('an execution waits for a decision without a process, and goes on with it', async () => {
  const asked = await execute('pay', { amount: 5 })
  assert.equal(asked.status, 202)
  const outcome = asked.body['outcome'] as { kind: string; waitsFor: { sequence: number; args: unknown }[] }
  assert.equal(outcome.kind, 'suspended')
  assert.deepEqual(outcome.waitsFor, [
    { sequence: 1, name: 'approvals.request', args: { title: 'Pay', details: { amount: 5 } } },
  ])
  const id = idOf(asked)
  assert.equal((await running.ask('GET', `/executions/${id}`)).body['outcome'], 'suspended')
  // Not while it waits for something else, and not twice.
  const decide = (sequence: number): Promise<Answer> =>
    running.ask('POST', `/executions/${id}/decisions/${sequence}`, { body: { approved: true, note: 'agreed' } })
  assert.equal((await decide(0)).status, 404)
  assert.equal((await decide(1)).status, 202)
  const ended = await untilEnded(id)
  assert.deepEqual((ended.body['answer'] as { output: unknown }).output, { result: 'paid 5 as agreed true' })
  // Those before the decision count, though another process did them.
  assert.equal((ended.body['answer'] as { usage: { effects: number } }).usage.effects, 3)
  assert.equal((await decide(1)).status, 404)
  const { body } = await running.ask('GET', `/executions/${id}/effects`)
  assert.deepEqual(
    (body['effects'] as { name: string }[]).map(({ name }) => name),
    ['kv.set', 'approvals.request', 'kv.set'],
  )
  assert.deepEqual((await running.ask('POST', `/executions/${id}/replay`, { body: {} })).body, { kind: 'same' })
})

test('a suspended execution goes on after a restart of the whole service', async () => {
  const id = idOf(await execute('pay', { amount: 7 }))
  await running.service.close()
  running = await startTestService(CONFIG, { dir: running.dir, key: running.key })
  assert.equal((await running.ask('GET', `/executions/${id}`)).body['outcome'], 'suspended')
  await running.ask('POST', `/executions/${id}/decisions/1`, { body: { approved: false } })
  const ended = await untilEnded(id)
  assert.deepEqual((ended.body['answer'] as { output: unknown }).output, { result: 'refused' })
})

test('decisions on several calls are not lost, however close they come', async () => {
  for (let i = 0; i < 5; i++) {
    const id = idOf(await execute('both', {}))
    const decide = (sequence: number): Promise<Answer> =>
      running.ask('POST', `/executions/${id}/decisions/${sequence}`, { body: { approved: true, note: `${sequence}` } })
    const first = decide(0)
    await sleep(i * 10)
    assert.deepEqual([(await first).status, (await decide(1)).status], [202, 202])
    const { body } = await untilEnded(id)
    assert.deepEqual((body['answer'] as { output: unknown }).output, { result: '0 and 1' })
  }
})

test('a decision that was kept when the service ended is gone on with at the next start', async () => {
  const id = idOf(await execute('pay', { amount: 8 }))
  await running.service.close()
  const store = await openStore(running.dir)
  await store.sql.tx((query) => insertDecision(query, id, 1, { approved: true, by: 'somebody', note: 'kept' }))
  store.close()
  running = await startTestService(CONFIG, { dir: running.dir, key: running.key })
  const ended = await untilEnded(id)
  assert.deepEqual((ended.body['answer'] as { output: unknown }).output, { result: 'paid 8 as kept true' })
})

test('what comes too late for the journal of an execution that has ended does not change it', async () => {
  const id = idOf(await execute('count', { name: 'late' }))
  const receipt = await running.ask('GET', `/executions/${id}/receipt`)
  const store = await openStore(running.dir)
  const journal = storedJournal(store.sql, { executionId: id, epoch: 1 })
  await assert.rejects(journal.begin({ sequence: 9, name: 'kv.get', args: '{}' }), Fenced)
  store.close()
  assert.deepEqual((await running.ask('GET', `/executions/${id}/receipt`)).body, receipt.body)
})

test('executions are done again in workers of whoever asks', async () => {
  const id = idOf(await execute('count', { name: 'mine' }))
  const started = async (): Promise<unknown> => {
    const { body } = await running.ask('GET', '/readyz', { key: null })
    return (body['workers'] as { counts: { started: number } }).counts.started
  }
  const before = await started()
  assert.equal(typeof before, 'number')
  await running.ask('POST', `/executions/${id}/replay`, { body: {} })
  assert.equal(await started(), before)
})

test('executions of another key are not to be seen, and deciding takes a scope of its own', async () => {
  const make = async (scopes: string[]): Promise<string> =>
    String((await running.ask('POST', '/keys', { body: { label: 'test', scopes } })).body['key'])
  const key = await make(['execute', 'read'])
  const id = idOf(await execute('pay', { amount: 9 }))
  for (const what of ['', '/effects', '/receipt', '/recording'])
    assert.equal((await running.ask('GET', `/executions/${id}${what}`, { key })).status, 404, what)
  assert.equal((await running.ask('POST', `/executions/${id}/replay`, { key, body: {} })).status, 404)
  const decide = (by: string): Promise<Answer> =>
    running.ask('POST', `/executions/${id}/decisions/1`, { key: by, body: { approved: true } })
  assert.equal((await decide(key)).status, 403)
  // Whoever decides sees what there is to decide.
  const approver = await make(['approve', 'read'])
  const seen = await running.ask('GET', `/executions/${id}`, { key: approver })
  assert.match(JSON.stringify(seen.body), /"title":"Pay"/)
  assert.equal((await decide(approver)).status, 202)
  await untilEnded(id)
  assert.equal((await running.ask('GET', `/executions/${id}`, { key: approver })).status, 404)
})
