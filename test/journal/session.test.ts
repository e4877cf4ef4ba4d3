import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { EffectCall, JournalEntry } from '../../src/effects/index.ts'
import { memoryJournal, Session, type JournalWriter, type Performed } from '../../src/journal/index.ts'

const call = (sequence: number, name = 'kv.get', args = '{}'): EffectCall => ({ sequence, name, args })
const answer = (text: string): Performed => ({ kind: 'answer', text })

type Given = {
  readonly perform?: (call: EffectCall, signal: AbortSignal) => Promise<Performed>
  readonly past?: readonly JournalEntry[]
  readonly isRepeatable?: boolean
  readonly journal?: JournalWriter
}

function open({
  perform = async ({ sequence }) => answer(`"${sequence}"`),
  past = [],
  isRepeatable = true,
  journal,
}: Given) {
  const memory = memoryJournal()
  const done: number[] = []
  const session = new Session({
    performer: {
      perform: (c, signal) => {
        done.push(c.sequence)
        return perform(c, signal)
      },
      usage: () => ({ bytesIn: 0, bytesOut: 0 }),
    },
    limits: { fuel: 8000, allocation: 80_000, effects: 100 },
    journal: journal ?? memory.writer,
    past,
    isRepeatable: () => isRepeatable,
    elapsed: () => 5.5,
  })
  return { session, done, entries: memory.entries }
}

test('calls go on side by side, and answers come in the order in which they were finished', async () => {
  const { session, entries } = open({
    perform: async ({ sequence }) => {
      await wait(sequence === 0 ? 30 : 1)
      return answer(`"${sequence}"`)
    },
  })
  session.start(call(0))
  session.start(call(1))
  assert.deepEqual(await session.next(), { kind: 'answer', answer: { sequence: 1, elapsed: 5, text: '"1"' } })
  assert.deepEqual(await session.next(), { kind: 'answer', answer: { sequence: 0, elapsed: 5, text: '"0"' } })
  assert.deepEqual(await session.next(), { kind: 'none' })
  assert.deepEqual(
    entries().map(({ sequence, order }) => [sequence, order]),
    [
      [0, 1],
      [1, 0],
    ],
  )
})

test('an answer is durable before the run gets it, and many are written together', async () => {
  const written: number[][] = []
  const durable = Promise.withResolvers<void>()
  const journal: JournalWriter = {
    begin: async () => {},
    cancel: async () => {},
    answer: async (answered) => {
      if (written.length === 0) await durable.promise
      written.push(answered.map(({ sequence }) => sequence))
    },
  }
  const { session } = open({ journal })
  for (let i = 0; i < 5; i++) session.start(call(i))
  let isTold = false
  const next = session.next().then(() => (isTold = true))
  await wait(5)
  assert.equal(isTold, false)
  durable.resolve()
  await next
  assert.deepEqual(written, [[0], [1, 2, 3, 4]])
})

test('a run that takes up an execution is told what the journal says, and nothing is done twice', async () => {
  const past: JournalEntry[] = [
    { ...call(0), order: 1, elapsed: 9, text: '"a"' },
    { ...call(1), order: 0, elapsed: 7, text: '"b"' },
    { ...call(2), cancelled: true },
  ]
  const { session, done } = open({ past })
  // Before the first call there is nothing to wait for, as it was then.
  assert.deepEqual(await session.next(), { kind: 'none' })
  for (let i = 0; i < 4; i++) session.start(call(i))
  const told = [await session.next(), await session.next(), await session.next(), await session.next()]
  assert.deepEqual(told, [
    { kind: 'answer', answer: { sequence: 1, elapsed: 7, text: '"b"' } },
    { kind: 'answer', answer: { sequence: 0, elapsed: 9, text: '"a"' } },
    // The clock does not go back, whatever the new process says.
    { kind: 'answer', answer: { sequence: 3, elapsed: 9, text: '"3"' } },
    { kind: 'none' },
  ])
  assert.deepEqual(done, [3])
})

test('a call that was begun and must not be done twice comes to an error that says so', async () => {
  const { session, done } = open({ past: [call(0, 'http.fetch')], isRepeatable: false })
  session.start(call(0, 'http.fetch'))
  const next = await session.next()
  assert.match(next.kind === 'answer' ? next.answer.text : '', /outcome-unknown/)
  assert.deepEqual(done, [])
})

test('a call that must not be done twice is in the journal before it is done', async () => {
  const steps: string[] = []
  const journal: JournalWriter = {
    begin: async () => {
      await wait(2)
      steps.push('begin')
    },
    answer: async () => void steps.push('answer'),
    cancel: async () => {},
  }
  const perform = async (): Promise<Performed> => {
    steps.push('done')
    return answer('1')
  }
  const { session } = open({ journal, isRepeatable: false, perform })
  session.start(call(0))
  await session.next()
  assert.deepEqual(steps, ['begin', 'done', 'answer'])
})

test('the first call that the journal has otherwise ends the run', async () => {
  for (const [given, message] of [
    [call(0, 'kv.set'), 'call 0 is kv.set, the journal has kv.get'],
    [call(0, 'kv.get', '{"key":1}'), 'call 0 (kv.get) has the arguments {"key":1}, the journal has {}'],
  ] as const) {
    const { session } = open({ past: [{ ...call(0), order: 0, elapsed: 0, text: '1' }] })
    session.start(given)
    assert.deepEqual(await session.next(), { kind: 'diverged', message })
  }
})

test('what was given up is not told, not done again, and known as given up', async () => {
  const perform = ({ sequence }: EffectCall, signal: AbortSignal): Promise<Performed> =>
    sequence === 0
      ? new Promise((resolve) => signal.addEventListener('abort', () => resolve(answer('"late"'))))
      : Promise.resolve(answer('"1"'))
  const { session, entries } = open({ perform })
  session.start(call(0))
  session.start(call(1))
  session.cancel(0)
  assert.deepEqual((await session.next()).kind, 'answer')
  assert.deepEqual(await session.next(), { kind: 'none' })
  assert.deepEqual(entries()[0], { ...call(0), cancelled: true })
})

test('a run is suspended when nothing but calls without an answer is left', async () => {
  const perform = async ({ name }: EffectCall): Promise<Performed> =>
    name === 'approvals.request' ? { kind: 'suspended' } : answer('1')
  const { session } = open({ perform })
  session.start(call(0, 'approvals.request', '{"title":"t"}'))
  session.start(call(1))
  assert.equal((await session.next()).kind, 'answer')
  const waitsFor = [{ sequence: 0, name: 'approvals.request', args: { title: 't' } }]
  assert.deepEqual(await session.next(), { kind: 'suspended', waitsFor })
})

test('limits end the run, and a journal that cannot be written is a defect that is not hidden', async () => {
  const limited = open({ perform: async () => ({ kind: 'limited', limit: 'io' }) })
  limited.session.start(call(0))
  assert.deepEqual(await limited.session.next(), { kind: 'limited', limit: 'io' })
  const full = new Error('the disk is full')
  const journal: JournalWriter = { begin: async () => {}, cancel: async () => {}, answer: () => Promise.reject(full) }
  const broken = open({ journal })
  broken.session.start(call(0))
  await assert.rejects(broken.session.next(), full)
})
