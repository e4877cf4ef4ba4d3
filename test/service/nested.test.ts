// Programs that call programs: all of them together use no more than the first was given, and are done again bit for bit.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ExecutionUsage, Limits } from '../../src/base/index.ts'
import { buildDocument, encodeDocument } from '../../src/document/index.ts'
import { parseGrants } from '../../src/effects/index.ts'
import { MODES } from '../../src/engine/index.ts'
import { compile } from '../../src/front/index.ts'
import { library } from '../golden/anrf.ts'
import { startTestService, stopTestService, type Answer, type TestService } from './harness.ts'

const PROGRAM = `
import { sleep } from 'anrf:clock'
import * as kv from 'anrf:kv'
import { call, EffectError } from 'anrf:programs'

function sum(n: number): number {
  let total = 0
  for (let i = 0; i < n; i++) total += i
  return total
}

export function burn(n: number): number {
  return sum(n)
}

export async function rest(ms: number): Promise<number> {
  await sleep(ms)
  return ms
}

/** Reads a key again and again. */
export async function chatter(n: number): Promise<number> {
  for (let i = 0; i < n; i++) await kv.get('key')
  return n
}

/** Keeps a long text. */
export async function keep(n: number): Promise<number> {
  await kv.set('key', 'x'.repeat(n))
  return n
}

async function told(work: Promise<any>): Promise<string> {
  try {
    return String(await work)
  } catch (error) {
    return error instanceof EffectError ? error.code + ': ' + error.message : 'another error'
  }
}

/** Calls an entry with a number so many times, one after the other. */
export async function again(entry: string, n: number, times: number): Promise<string[]> {
  const all: string[] = []
  for (let i = 0; i < times; i++) all.push(await told(call('nested', entry === 'rest' ? { ms: n } : { n }, entry)))
  return all
}

/** The same at once. */
export async function together(entry: string, n: number, times: number): Promise<string[]> {
  const all: Promise<string>[] = []
  for (let i = 0; i < times; i++) all.push(told(call('nested', { n }, entry)))
  return Promise.all(all)
}

/** Each calls the next one, and works before and after. */
export async function chain(depth: number, n: number): Promise<string> {
  sum(n)
  const inner = depth === 0 ? 'end' : await told(call('nested', { depth: depth - 1, n }, 'chain'))
  sum(n)
  return depth + ' ' + inner
}

/** Works while the program that it called works. */
export async function beside(n: number): Promise<string> {
  const inner = told(call('nested', { n }, 'burn'))
  sum(n)
  return inner
}
`

function documentBytes(): Uint8Array {
  const { program, diagnostics } = compile({ read: (path) => (path === 'main.ts' ? PROGRAM : undefined) }, library, {
    main: 'main.ts',
  })
  if (!program) throw new Error(diagnostics.map(({ message }) => message).join('; '))
  const { module, describe } = program
  return encodeDocument(buildDocument({ name: 'nested', version: '1.0.0', module, program: describe() }))
}

let on: TestService
before(async () => {
  const parsed = parseGrants(['kv', 'programs=nested'])
  assert.ok('grants' in parsed)
  on = await startTestService({ grants: parsed.grants, isRecorded: true, workers: 2, processes: 12 })
  await on.client.publish(documentBytes())
})
after(() => stopTestService(on))

type Ran = { readonly answer: Answer; readonly usage: ExecutionUsage; readonly result: unknown; readonly id: string }

async function execute(entry: string, inputs: object, limits: Partial<Limits> = {}, mode = 'interpret'): Promise<Ran> {
  const body = { entry, inputs, limits: { wall: 60_000, ...limits } }
  const answer = await on.ask('POST', `/execute/nested?mode=${mode}`, { body })
  const { output, usage, executionId } = answer.body as {
    output?: { result: unknown }
    usage: ExecutionUsage
    executionId: string
  }
  return { answer, usage, result: output?.result, id: executionId }
}

const EXACT = ['fuel', 'allocatedBytes', 'nestedFuel', 'nestedAllocatedBytes', 'nestedEffects', 'effects'] as const
const exactly = ({ usage, result }: Ran): unknown => [result, EXACT.map((name) => usage[name])]

test('a caller with a thousand of fuel has a program do no more than that, and reads why it ended', async () => {
  const ran = await execute('again', { entry: 'burn', n: 1_000_000, times: 1 }, { fuel: 1000 })
  assert.equal(ran.answer.status, 200, JSON.stringify(ran.answer.body))
  assert.match(String(ran.result), /^failed: nested limited: out of fuel/)
  const { fuel, nestedFuel } = ran.usage
  assert.ok(nestedFuel > 500 && fuel + nestedFuel <= 1000, `${fuel} ${nestedFuel}`)
})

test('one call after the other uses what the ones before left, until the caller has no more to give', async () => {
  const ran = await execute('again', { entry: 'burn', n: 4000, times: 5 }, { fuel: 20_000 })
  const results = ran.result as string[]
  assert.equal(results.filter((one) => one === '7998000').length, 4)
  assert.match(results[4]!, /out of fuel/)
  assert.ok(ran.usage.fuel + ran.usage.nestedFuel <= 20_000)
})

test('every mode says exactly the same, and so does the execution when it is done again in either', async () => {
  for (const [entry, inputs, limits] of [
    ['again', { entry: 'burn', n: 3000, times: 10 }, { fuel: 30_000 }],
    ['again', { entry: 'chatter', n: 5, times: 4 }, { effects: 20 }],
    ['together', { entry: 'burn', n: 3000, times: 5 }, { fuel: 25_000 }],
    ['chain', { depth: 4, n: 500 }, { fuel: 6000 }],
    ['chain', { depth: 3, n: 500 }, { allocation: 20_000 }],
    ['beside', { n: 3000 }, { fuel: 8000 }],
  ] as const) {
    const [first, ...others] = await Promise.all(Object.keys(MODES).map((mode) => execute(entry, inputs, limits, mode)))
    for (const other of others) assert.deepEqual(exactly(other), exactly(first!), entry)
    const { usage } = first!
    assert.ok(usage.fuel + usage.nestedFuel <= ('fuel' in limits ? limits.fuel : Infinity), entry)
    assert.ok(usage.effects + usage.nestedEffects <= ('effects' in limits ? limits.effects : Infinity), entry)
    for (const mode of Object.keys(MODES)) {
      const { body } = await on.ask('POST', `/executions/${first!.id}/replay`, { body: { mode } })
      assert.deepEqual(body, { kind: 'same' }, `${entry} in ${mode}`)
    }
  }
})

test('programs that are called at once get equal parts', async () => {
  const ran = await execute('together', { entry: 'burn', n: 1000, times: 8 }, { fuel: 16_000 })
  assert.deepEqual(ran.result, Array(8).fill('499500'))
  const short = await execute('together', { entry: 'burn', n: 3000, times: 8 }, { fuel: 16_000 })
  for (const one of short.result as string[]) assert.match(one, /out of fuel/)
  assert.ok(short.usage.fuel + short.usage.nestedFuel <= 16_000)
})

test('a caller that works meanwhile has an eighth for that, and goes over like any other', async () => {
  const { answer, usage } = await execute('beside', { n: 5000 }, { fuel: 10_000 })
  // It works before it waits, and then the program gets what is left.
  assert.equal(answer.status, 200)
  assert.ok(usage.fuel > 5000 && usage.fuel + usage.nestedFuel <= 10_000)
})

test('calls of effects, bytes and time are those of the caller too', async () => {
  const calls = await execute('again', { entry: 'chatter', n: 100, times: 1 }, { effects: 50 })
  assert.match(String(calls.result), /^failed: nested limited: the effects limit/)
  const bytes = await execute('again', { entry: 'keep', n: 8000, times: 3 }, { io: 20_000 })
  const [one, two, three] = bytes.result as string[]
  assert.deepEqual([one, two], ['8000', '8000'])
  assert.match(three!, /the arguments of a call are more than may go out/)
  assert.ok(bytes.usage.nestedBytes > 16_000 && bytes.usage.nestedBytes < 20_000)
  // What comes in is there before it is known how much it is: it ends the program and its caller.
  const read = await execute('again', { entry: 'chatter', n: 10, times: 1 }, { io: 20_000 })
  assert.deepEqual([read.answer.status, (read.answer.body['outcome'] as { limit: string }).limit], [422, 'io'])
  const time = await execute('again', { entry: 'rest', n: 60_000, times: 1 }, { wall: 1500 })
  assert.deepEqual([time.answer.status, (time.answer.body['outcome'] as { limit: string }).limit], [422, 'wall'])
})

test('the receipt says what was used by the program itself, and what by those that it called', async () => {
  const { id, usage } = await execute('again', { entry: 'burn', n: 1000, times: 2 })
  assert.ok(usage.nestedFuel >= 2000 && usage.nestedBytes === 0)
  const { body } = await on.ask('GET', `/executions/${id}/receipt`)
  const { payload } = (body as { dsseEnvelope: { payload: string } }).dsseEnvelope
  const { predicate } = JSON.parse(Buffer.from(payload, 'base64').toString()) as {
    predicate: { usage: ExecutionUsage }
  }
  assert.equal(predicate.usage.nestedFuel, usage.nestedFuel)
  const effects = await on.ask('GET', `/executions/${id}/effects`)
  const used = (effects.body['effects'] as { used: { fuel: number } }[]).map(({ used }) => used.fuel)
  assert.equal(used[0]! + used[1]!, usage.nestedFuel)
})
