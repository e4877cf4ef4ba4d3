// A second run is sent to a worker whose run is about to end. Peers here are streams that answer when a test says so.
import assert from 'node:assert/strict'
import { Duplex } from 'node:stream'
import { after, mock, test } from 'node:test'
import { resolveLimits } from '../../src/base/index.ts'
import { createPool, type ExecuteReport, type ExecuteRequest, type Pool } from '../../src/sandbox/index.ts'
import type { ProcessUsage } from '../../src/sandbox/isolation/usage.ts'
import { readRunMessage } from '../../src/sandbox/messages.ts'
import type { Launch } from '../../src/sandbox/launch.ts'
import type { ProcessorLimits } from '../../src/sandbox/processor-limits.ts'
import { createFrameReader, encodeFrame, FRAME, NO_NONCE } from '../../src/sandbox/wire.ts'
import { resultFrame } from './hostile-peer.ts'

/** How long a run took is told by this clock, so that a busy machine makes none of them long. */
let nowMs = 0
const clock = mock.method(performance, 'now', () => nowMs)
after(() => clock.mock.restore())

const ANYTHING = { largestBytes: 2 ** 30, payloadBytesMax: () => 2 ** 30 }

/** A worker that notes what it is sent and says what it is told. */
class Peer {
  readonly runs: { readonly name: string; readonly nonce: Buffer }[] = []
  readonly stream: Duplex
  readonly exited = Promise.withResolvers<{ code: null; signal: string; stderr: string }>()
  isDead = false
  usage: ProcessUsage | undefined

  constructor() {
    const reader = createFrameReader()
    this.stream = new Duplex({
      read: () => undefined,
      write: (bytes: Buffer, _encoding, done) => {
        reader.push(bytes)
        for (let got = reader.next(ANYTHING); got.kind === 'frame'; got = reader.next(ANYTHING)) {
          if (got.frame.type !== FRAME.run) continue
          const [name] = readRunMessage(got.frame.payload).args
          this.runs.push({ name: (name as string).slice(0, 20), nonce: Buffer.from(got.frame.nonce) })
        }
        done()
      },
    })
    this.say(encodeFrame(FRAME.ready, NO_NONCE))
  }

  get names(): readonly string[] {
    return this.runs.map(({ name }) => name)
  }

  say(bytes: Buffer): void {
    if (!this.isDead) this.stream.push(bytes)
  }

  /** Answers one of the runs that it was sent. */
  answer(name: string, wallMs?: number): void {
    const run = this.runs.find((sent) => sent.name === name)
    assert.ok(run, `${name} was not sent; these were: ${this.names.join(' ')}`)
    this.say(resultFrame(run.nonce, name, wallMs))
  }

  kill(): void {
    if (this.isDead) return
    this.isDead = true
    this.stream.destroy()
    this.exited.resolve({ code: null, signal: 'SIGKILL', stderr: '' })
  }
}

/** What is lined up is sent at the end of a turn of the event loop. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** Until one of the peers is there and was sent so many runs. */
async function untilSent(peers: readonly Peer[], which: number, runs: number): Promise<void> {
  while (peers[which]?.runs.length !== runs) await settle()
}

/** Answers a run once the peer is there and was sent it. */
async function answerInTime(peers: readonly Peer[], which: number, name: string): Promise<void> {
  const isSent = (): boolean => peers[which]?.names.includes(name) ?? false
  while (!isSent()) await settle()
  peers[which]!.answer(name)
}

type Bench = {
  readonly pool: Pool
  readonly peers: Peer[]
  /** Asks for a run; a list of what has begun is in `begun`. */
  ask(name: string, request?: Partial<ExecuteRequest>): Promise<ExecuteReport>
  readonly begun: string[]
}

type Options = { readonly queueMax?: number; readonly size?: number; readonly processorLimits?: ProcessorLimits }

/** A pool whose first peer has had a short run. */
async function open({ queueMax = 64, size = 1, processorLimits }: Options = {}): Promise<Bench> {
  const peers: Peer[] = []
  const launch: Launch = () => {
    const peer = new Peer()
    peers.push(peer)
    const { stream, exited } = peer
    return {
      stream,
      kill: () => peer.kill(),
      usage: () => peer.usage,
      processId: () => 1,
      exited: exited.promise,
      pid: undefined,
    }
  }
  const pool = createPool({
    isolation: { level: 'none', launch },
    size,
    spares: 0,
    processes: 2,
    queueMax,
    ...(processorLimits && { processorLimits }),
  })
  const begun: string[] = []
  const ask = async (name: string, request: Partial<ExecuteRequest> = {}): Promise<ExecuteReport> => {
    const program = { programId: 'sha256:00', programBytes: new Uint8Array(8), entry: 'f', mode: 'interpret' }
    const report = await pool.execute({
      ...program,
      args: [name],
      limits: resolveLimits(),
      principal: 'p',
      executionId: name,
      onStart: () => begun.push(name),
      ...request,
    })
    if ('rejected' in report) throw new Error(report.rejected)
    return report
  }
  const warm = ask('warm')
  await untilSent(peers, 0, 1)
  peers[0]!.answer('warm')
  await warm
  return { pool, peers, ask, begun }
}

const valueOf = ({ outcome }: ExecuteReport): unknown => (outcome.kind === 'returned' ? outcome.value : outcome.kind)

test('a run is sent while a short one is under way, and begins when that has ended', async () => {
  const { pool, peers, ask, begun } = await open()
  const runs = ['a', 'b', 'c'].map((name) => ask(name))
  await settle()
  assert.deepEqual(peers[0]!.names, ['warm', 'a', 'b', 'c'])
  assert.deepEqual(begun, ['warm', 'a'])
  assert.deepEqual([pool.status().running, pool.status().queued], [1, 2])
  peers[0]!.answer('a')
  assert.equal(valueOf(await runs[0]!), 'a')
  assert.deepEqual(begun, ['warm', 'a', 'b'])
  assert.deepEqual([pool.status().running, pool.status().queued], [1, 1])
  for (const name of ['b', 'c']) peers[0]!.answer(name)
  assert.deepEqual((await Promise.all(runs)).map(valueOf), ['a', 'b', 'c'])
  assert.equal(peers.length, 1)
  await pool.close()
})

test('so many runs wait at a worker, and as long as all before them are taken to be short', async () => {
  const { pool, peers, ask } = await open()
  const names = Array.from({ length: 12 }, (_, i) => `run ${i}`)
  const runs = names.map((name) => ask(name))
  await settle()
  assert.deepEqual(peers[0]!.names, ['warm', ...names.slice(0, 9)])
  for (const name of names) await answerInTime(peers, 0, name)
  assert.deepEqual((await Promise.all(runs)).map(valueOf), names)
  // Nobody knows how long a program takes that did not run here.
  const more = [ask('a'), ask('new', { programId: 'sha256:05' }), ask('b')]
  await settle()
  assert.deepEqual(peers[0]!.names.slice(13), ['a', 'new'])
  for (const name of ['a', 'new', 'b']) await answerInTime(peers, 0, name)
  await Promise.all(more)
  await pool.close()
})

test('of several that are lined up, one that is cancelled gives back all, which run elsewhere in their order', async () => {
  const { pool, peers, ask, begun } = await open()
  const runs = ['a', 'b', 'c', 'd'].map((name) => ask(name))
  await settle()
  assert.deepEqual(peers[0]!.names, ['warm', 'a', 'b', 'c', 'd'])
  assert.equal(pool.cancel('c'), true)
  assert.equal(valueOf(await runs[2]!), 'cancelled')
  peers[0]!.answer('a')
  for (const name of ['b', 'd']) await answerInTime(peers, 1, name)
  assert.deepEqual((await Promise.all(runs)).map(valueOf), ['a', 'b', 'cancelled', 'd'])
  assert.deepEqual(begun, ['warm', 'a', 'b', 'd'])
  await pool.close()
})

test('the results of both runs may come in one piece', async () => {
  const { pool, peers, ask } = await open()
  const runs = [ask('a'), ask('b')]
  await settle()
  const [, a, b] = peers[0]!.runs
  peers[0]!.say(Buffer.concat([resultFrame(a!.nonce, 1), resultFrame(b!.nonce, 2)]))
  assert.deepEqual((await Promise.all(runs)).map(valueOf), [1, 2])
  await pool.close()
})

test('a run whose worker dies before its turn is begun by another worker', async () => {
  const { pool, peers, ask, begun } = await open()
  const runs = [ask('a'), ask('b')]
  await settle()
  assert.deepEqual(peers[0]!.names, ['warm', 'a', 'b'])
  peers[0]!.kill()
  assert.equal(valueOf(await runs[0]!), 'crashed')
  await untilSent(peers, 1, 1)
  peers[1]!.answer('b')
  assert.equal(valueOf(await runs[1]!), 'b')
  assert.deepEqual(begun, ['warm', 'a', 'b'])
  await pool.close()
})

test('a worker that speaks of the second run before the first has ended is ended, and the second runs elsewhere', async () => {
  const { pool, peers, ask } = await open()
  const runs = [ask('a'), ask('b')]
  await settle()
  peers[0]!.answer('b')
  assert.match(JSON.stringify((await runs[0]!).outcome), /crashed.*for another execution/)
  await untilSent(peers, 1, 1)
  peers[1]!.answer('b')
  assert.equal(valueOf(await runs[1]!), 'b')
  await pool.close()
})

test('a run that is cancelled before its turn does not run, and the worker that has it ends with the first', async () => {
  const { pool, peers, ask, begun } = await open()
  const runs = [ask('a'), ask('b')]
  await settle()
  assert.equal(pool.cancel('b'), true)
  assert.equal(valueOf(await runs[1]!), 'cancelled')
  assert.equal(peers[0]!.isDead, false)
  peers[0]!.answer('a')
  assert.equal(valueOf(await runs[0]!), 'a')
  assert.equal(peers[0]!.isDead, true)
  assert.deepEqual(begun, ['warm', 'a'])
  await pool.close()
})

test('a run that turns out long gives back what was lined up behind it', async () => {
  const { pool, peers, ask, begun } = await open()
  const runs = [ask('a'), ask('b')]
  await settle()
  assert.deepEqual(peers[0]!.names, ['warm', 'a', 'b'])
  nowMs += 200
  // Time enough for a look at it: of timers, the one that is due first comes first.
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.deepEqual(begun, ['warm', 'a'])
  peers[0]!.answer('a')
  assert.equal(valueOf(await runs[0]!), 'a')
  // It has a run that is not its own any more.
  assert.equal(peers[0]!.isDead, true)
  await untilSent(peers, 1, 1)
  peers[1]!.answer('b')
  assert.equal(valueOf(await runs[1]!), 'b')
  assert.deepEqual(begun, ['warm', 'a', 'b'])
  await pool.close()
})

test('a run of a program that took long before is not taken to end soon', async () => {
  const { pool, peers, ask } = await open()
  const slow = ask('slow', { programId: 'sha256:01' })
  await settle()
  nowMs += 5
  peers[0]!.answer('slow', 5)
  await slow
  const runs = [ask('a', { programId: 'sha256:01' }), ask('b')]
  await settle()
  assert.deepEqual(peers[0]!.names, ['warm', 'slow', 'a'])
  peers[0]!.answer('a')
  await settle()
  peers[0]!.answer('b')
  assert.deepEqual((await Promise.all(runs)).map(valueOf), ['a', 'b'])
  await pool.close()
})

test('after a run that took long it takes some short ones until others wait for such a run again', async () => {
  const { pool, peers, ask } = await open()
  const runOf = async (name: string, wallMs: number): Promise<void> => {
    const run = ask(name)
    await settle()
    nowMs += wallMs
    peers[0]!.answer(name, wallMs)
    await run
  }
  /** Whether the second of two runs is sent before the first has ended. */
  const isLinedUp = async (first: string, second: string): Promise<boolean> => {
    const runs = [ask(first), ask(second)]
    await settle()
    const isSent = peers[0]!.names.includes(second)
    for (const name of [first, second]) await answerInTime(peers, 0, name)
    await Promise.all(runs)
    return isSent
  }
  await runOf('long', 5)
  assert.equal(await isLinedUp('a', 'b'), false)
  for (const name of ['c', 'd', 'e']) await runOf(name, 0.05)
  assert.equal(await isLinedUp('f', 'g'), true)
  await pool.close()
})

test('a run with large arguments is lined up, and sent in its turn: a worker that writes would not read it', async () => {
  const { pool, peers, ask, begun } = await open()
  const large = `large ${'x'.repeat(2 ** 20)}`
  const runs = [ask('a'), ask('b', { args: [large] })]
  await settle()
  assert.deepEqual(peers[0]!.names, ['warm', 'a'])
  peers[0]!.answer('a')
  await runs[0]
  await settle()
  assert.deepEqual(begun, ['warm', 'a', 'b'])
  peers[0]!.answer(large.slice(0, 20))
  await runs[1]
  await pool.close()
})

test('nobody is passed over: behind a principal whose turn it is, no run of another one is lined up', async () => {
  const { pool, peers, ask, begun } = await open()
  const first = ask('first', { principal: 'q' })
  await untilSent(peers, 1, 1)
  peers[1]!.answer('first')
  await first
  const runs = [ask('a'), ask('other', { principal: 'q' }), ask('b')]
  await settle()
  assert.deepEqual(peers[0]!.names, ['warm', 'a'])
  peers[0]!.answer('a')
  await untilSent(peers, 1, 2)
  peers[1]!.answer('other')
  await untilSent(peers, 0, 3)
  peers[0]!.answer('b')
  assert.deepEqual((await Promise.all(runs)).map(valueOf), ['a', 'other', 'b'])
  assert.deepEqual(begun, ['warm', 'first', 'a', 'other', 'b'])
  await pool.close()
})

/** Makes the run under way long, so that what is lined up behind it is given back. */
async function makeLong(): Promise<void> {
  nowMs += 200
  await new Promise((resolve) => setTimeout(resolve, 50))
}

test('runs that are given back keep their turns, and their places in a queue that is full', async () => {
  const { pool, peers, ask, begun } = await open({ queueMax: 2 })
  const runs = ['a', 'b', 'c'].map((name) => ask(name))
  await settle()
  assert.deepEqual(peers[0]!.names, ['warm', 'a', 'b', 'c'])
  await assert.rejects(ask('d'), /overloaded/)
  await makeLong()
  peers[0]!.answer('a')
  for (const name of ['b', 'c']) await answerInTime(peers, 1, name)
  assert.deepEqual((await Promise.all(runs)).map(valueOf), ['a', 'b', 'c'])
  assert.deepEqual(begun, ['warm', 'a', 'b', 'c'])
  await pool.close()
})

test('a run that is to begin soon or never is not lined up: it would not be known in time that it does not begin', async () => {
  const { pool, peers, ask, begun } = await open()
  const runs = [ask('a'), ask('b', { startBy: Date.now() + 40 }), ask('c', { startBy: Date.now() + 60_000 })]
  await settle()
  assert.deepEqual(peers[0]!.names, ['warm', 'a'])
  assert.equal(valueOf(await runs[1]!), 'expired')
  await settle()
  peers[0]!.answer('a')
  await untilSent(peers, 0, 3)
  peers[0]!.answer('c')
  assert.deepEqual((await Promise.all(runs)).map(valueOf), ['a', 'expired', 'c'])
  assert.deepEqual(begun, ['warm', 'a', 'c'])
  await pool.close()
})

/** A pool of two places with two idle peers, each of which has had a run of the program `sha256:0N` that took `N` tenths of a millisecond. */
async function openTwo(
  tenths: number,
  queueMax?: number,
): Promise<Bench & { readonly request: Partial<ExecuteRequest> }> {
  const bench = await open({ size: 2, ...(queueMax !== undefined && { queueMax }) })
  const { peers, ask } = bench
  const request = { programId: `sha256:0${tenths}` }
  const runs = ['one', 'two'].map((name) => ask(name, request))
  await untilSent(peers, 1, 1)
  nowMs += tenths / 10
  peers[0]!.answer('one', tenths / 10)
  peers[1]!.answer('two', tenths / 10)
  await Promise.all(runs)
  return { ...bench, request }
}

test('a short run waits for shorter ones at a worker that is awake, and lets the other one sleep', async () => {
  const { pool, peers, ask, request } = await openTwo(1)
  const before = peers.map(({ runs }) => runs.length)
  const runs = ['a', 'b', 'c'].map((name) => ask(name, request))
  await settle()
  const more = peers.map((peer, i) => peer.names.slice(before[i]))
  // The third would wait for two tenths of a millisecond.
  assert.deepEqual(
    more.toSorted((a, b) => b.length - a.length),
    [['a', 'b'], ['c']],
  )
  for (const [i, names] of more.entries()) for (const name of names) peers[i]!.answer(name)
  assert.deepEqual((await Promise.all(runs)).map(valueOf), ['a', 'b', 'c'])
  await pool.close()
})

test('a run does not wait for one that takes longer than it takes to wake another worker', async () => {
  const { pool, peers, ask, request } = await openTwo(3)
  const before = peers.map(({ runs }) => runs.length)
  const runs = ['a', 'b'].map((name) => ask(name, request))
  await settle()
  const more = peers.map((peer, i) => peer.names.slice(before[i]))
  assert.deepEqual(more.flat().toSorted(), ['a', 'b'])
  assert.deepEqual(
    more.map(({ length }) => length),
    [1, 1],
  )
  for (const [i, names] of more.entries()) for (const name of names) peers[i]!.answer(name)
  await Promise.all(runs)
  await pool.close()
})

test('a run is not turned away for those that are lined up, while a place is free', async () => {
  const { pool, peers, ask, request } = await openTwo(1, 1)
  const before = peers.map(({ runs }) => runs.length)
  const runs = ['a', 'b', 'c'].map((name) => ask(name, request))
  await settle()
  await assert.rejects(ask('d', request), /overloaded/)
  for (const peer of peers) for (const name of peer.names.slice(before[peers.indexOf(peer)])) peer.answer(name)
  assert.deepEqual((await Promise.all(runs)).map(valueOf), ['a', 'b', 'c'])
  await pool.close()
})

test('a pool that closes gives what was lined up at a worker that dies its time too', async () => {
  const { pool, peers, ask } = await open()
  const runs = [ask('a'), ask('b')]
  await settle()
  const closed = pool.close(60_000)
  peers[0]!.kill()
  await answerInTime(peers, 1, 'b')
  assert.deepEqual((await Promise.all(runs)).map(valueOf), ['crashed', 'b'])
  await closed
})

test('a run that waits for several gives up when these take long together', async () => {
  const { pool, peers, ask } = await open()
  const runs = ['a', 'b', 'c', 'd'].map((name) => ask(name))
  await settle()
  assert.deepEqual(peers[0]!.names, ['warm', 'a', 'b', 'c', 'd'])
  for (const name of ['a', 'b']) {
    nowMs += 80
    await new Promise((resolve) => setTimeout(resolve, 50))
    if (name === 'a') peers[0]!.answer(name)
  }
  peers[0]!.answer('b')
  for (const name of ['c', 'd']) await answerInTime(peers, 1, name)
  assert.deepEqual((await Promise.all(runs)).map(valueOf), ['a', 'b', 'c', 'd'])
  await pool.close()
})

test('nobody is turned away for what others have lined up', async () => {
  const { pool, peers, ask } = await open({ queueMax: 2 })
  const runs = ['a', 'b', 'c'].map((name) => ask(name))
  await settle()
  assert.deepEqual(peers[0]!.names, ['warm', 'a', 'b', 'c'])
  const other = ask('other', { principal: 'q' })
  await settle()
  for (const name of ['a', 'b', 'c']) peers[0]!.answer(name)
  await answerInTime(peers, 1, 'other')
  assert.deepEqual((await Promise.all([...runs, other])).map(valueOf), ['a', 'b', 'c', 'other'])
  await pool.close()
})

test('who has more lined up than another one has waiting takes no place of theirs', async () => {
  const { pool, peers, ask } = await open({ queueMax: 3 })
  const runs = ['a', 'b', 'c'].map((name) => ask(name))
  await settle()
  const others = ['x', 'y'].map((name) => ask(name, { principal: 'q' }))
  await settle()
  await assert.rejects(ask('d'), /overloaded/)
  for (const name of ['a', 'b', 'c']) peers[0]!.answer(name)
  for (const name of ['x', 'y']) await answerInTime(peers, 1, name)
  assert.deepEqual((await Promise.all([...runs, ...others])).map(valueOf), ['a', 'b', 'c', 'x', 'y'])
  await pool.close()
})

test('a program that others have pushed out of a worker is not taken to be short there', async () => {
  const { pool, peers, ask } = await open()
  const runOf = async (name: string, programId: string): Promise<void> => {
    const run = ask(name, { programId })
    await answerInTime(peers, 0, name)
    await run
  }
  for (let i = 0; i < 63; i++) await runOf(`run ${i}`, `sha256:a${i}`)
  const before = [ask('a'), ask('b')]
  await settle()
  assert.deepEqual(peers[0]!.names.slice(-2), ['a', 'b'])
  for (const name of ['a', 'b']) peers[0]!.answer(name)
  await Promise.all(before)
  for (let i = 63; i < 127; i++) await runOf(`run ${i}`, `sha256:a${i}`)
  const after = [ask('c'), ask('d')]
  await settle()
  assert.deepEqual(peers[0]!.names.slice(-1), ['c'])
  for (const name of ['c', 'd']) await answerInTime(peers, 0, name)
  await Promise.all(after)
  await pool.close()
})

test('a run that another one calls has its own place, however many wait for other places', async () => {
  const { pool, peers, ask } = await open({ queueMax: 1 })
  const runs = [ask('a', { programId: 'sha256:01' }), ask('b')]
  await settle()
  await assert.rejects(ask('c'), /overloaded/)
  const inner = ask('inner', { depth: 1 })
  await answerInTime(peers, 1, 'inner')
  assert.equal(valueOf(await inner), 'inner')
  peers[0]!.answer('a')
  await answerInTime(peers, 1, 'b')
  assert.deepEqual((await Promise.all(runs)).map(valueOf), ['a', 'b'])
  await pool.close()
})

test('runs that are given back keep their order where another worker is free', async () => {
  const { pool, peers, ask, begun, request } = await openTwo(1)
  const other = ask('other', { programId: 'sha256:09' })
  await settle()
  const which = peers.findIndex(({ names }) => names.includes('other'))
  const runs = ['a', 'b', 'c'].map((name) => ask(name, request))
  await settle()
  assert.deepEqual(peers[1 - which]!.names.slice(-3), ['a', 'b', 'c'])
  peers[which]!.answer('other')
  await other
  peers[1 - which]!.kill()
  await settle()
  assert.deepEqual(begun.slice(-2), ['a', 'b'])
  for (const name of ['b', 'c']) await answerInTime(peers, which, name)
  assert.deepEqual((await Promise.all(runs)).map(valueOf), ['crashed', 'b', 'c'])
  await pool.close()
})

test('the bound of the kernel counts what the process did between runs, as it was seen', async () => {
  const told: number[] = []
  const bound: ProcessorLimits['bound'] = (_, usedMs) => told.push(usedMs) > 0
  const { pool, peers, ask } = await open({ processorLimits: { bound } })
  const [peer] = peers
  const runOf = async (name: string): Promise<void> => {
    const run = ask(name)
    await settle()
    peer!.answer(name)
    await run
  }
  peer!.usage = { cpuMs: 40_000, residentBytes: 0, peakBytes: 0 }
  nowMs += 1000
  await runOf('a')
  assert.equal(told.at(-1), 40_000)
  await pool.close()
})
