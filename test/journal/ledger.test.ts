// What programs that a run calls may use of its limits: shares, bounds against what a worker says, and the same for runs that take its place.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Amounts, EffectCall, JournalEntry } from '../../src/effects/index.ts'
import { memoryJournal, Session, UNKNOWN_DIGEST, type Performed } from '../../src/journal/index.ts'
import { Ledger } from '../../src/journal/ledger.ts'

const LIMITS: Amounts = { fuel: 8000, allocation: 80_000, effects: 100 }
const call = (sequence: number, name = 'programs.call'): EffectCall => ({ sequence, name, args: '{}' })
const ALL = { fuel: 8000, allocation: 80_000 }

test('a program gets what its caller has left but an eighth, and several that begin together get equal parts', () => {
  const one = new Ledger(LIMITS)
  one.start(call(0))
  assert.deepEqual(one.wait({ fuel: 4000, allocation: 80_000 }).get(0), { fuel: 3500, allocation: 70_000, effects: 86 })
  const two = new Ledger(LIMITS)
  for (let i = 0; i < 4; i++) two.start(call(i))
  const grants = [...two.wait(ALL).values()]
  assert.equal(grants.length, 4)
  for (const grant of grants) assert.deepEqual(grant, { fuel: 1750, allocation: 17_500, effects: 21 })
  assert.deepEqual(two.taken, { fuel: 7000, allocation: 70_000, effects: 84 })
})

test('what was given and not used is there again with the answer', () => {
  const ledger = new Ledger(LIMITS)
  ledger.start(call(0))
  ledger.wait(ALL)
  ledger.settle(0, { fuel: 1000, allocation: 10, effects: 2 })
  assert.deepEqual(ledger.taken, { fuel: 1000, allocation: 10, effects: 2 })
  ledger.start(call(1))
  assert.deepEqual(ledger.wait({ fuel: 6000, allocation: 8000 }).get(1), { fuel: 5250, allocation: 7000, effects: 84 })
})

test('a worker that says that it has more left gets no more than it was given and others have not', () => {
  const ledger = new Ledger(LIMITS)
  const lie = { fuel: 2 ** 53, allocation: 2 ** 53 }
  let fuel = 0
  for (let i = 0; i < 1000; i++) {
    ledger.start(call(i))
    const grant = ledger.wait(lie).get(i)!
    fuel += grant.fuel
    ledger.settle(i, grant)
  }
  assert.ok(fuel <= LIMITS.fuel, String(fuel))
  assert.ok(ledger.charged.effects <= LIMITS.effects)
})

test('a worker that says that its program used more than it got is not believed, nor one that says less than nothing', () => {
  const ledger = new Ledger(LIMITS)
  for (const used of [2 ** 53, -(2 ** 53)]) {
    ledger.start(call(used))
    const grant = ledger.wait(ALL).get(used)!
    const before = ledger.charged.fuel
    ledger.settle(used, { fuel: used, allocation: used, effects: used })
    assert.equal(ledger.charged.fuel - before, used > 0 ? grant.fuel : 0)
  }
})

test('a call that is given up costs all that it might have used; one that never began costs nothing', () => {
  const ledger = new Ledger(LIMITS)
  ledger.start(call(0))
  ledger.wait(ALL)
  ledger.start(call(1))
  ledger.drop(0)
  ledger.drop(1)
  assert.deepEqual(ledger.charged, { fuel: 7000, allocation: 70_000, effects: 86 })
  assert.equal(ledger.wait(ALL).size, 0)
  // Its answer comes too late.
  ledger.settle(0, { fuel: 1, allocation: 1, effects: 1 })
  assert.equal(ledger.taken.fuel, 7000)
})

type Opened = { readonly session: Session; readonly grants: (Amounts | undefined)[]; entries(): JournalEntry[] }

function open(past: readonly JournalEntry[] = [], used: Amounts = { fuel: 500, allocation: 50, effects: 1 }): Opened {
  const { writer, entries } = memoryJournal()
  const grants: (Amounts | undefined)[] = []
  const perform = async ({ name }: EffectCall, _: AbortSignal, grant?: Amounts): Promise<Performed> => {
    grants.push(grant)
    return { kind: 'answer', text: '1', ...(name === 'programs.call' && { used }) }
  }
  const performer = { perform, usage: () => ({ bytesIn: 0, bytesOut: 0 }) }
  const rest = { journal: writer, past, isRepeatable: () => false, elapsed: () => 0 }
  return { session: new Session({ performer, limits: LIMITS, ...rest }), grants, entries }
}

test('programs begin when the run waits, and what they have is told with each answer', async () => {
  const { session, grants, entries } = open()
  session.start(call(0))
  session.start(call(1, 'kv.get'))
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(grants, [undefined], 'only the call of a key has begun')
  const first = await session.next(ALL)
  assert.ok(first.kind === 'answer')
  assert.deepEqual([first.answer.sequence, first.answer.taken], [1, { fuel: 7000, allocation: 70_000 }])
  assert.equal(session.effectsTaken(), 85)
  const second = await session.next({ fuel: 900, allocation: 10_000 })
  assert.ok(second.kind === 'answer')
  assert.deepEqual([second.answer.sequence, second.answer.taken], [0, { fuel: 500, allocation: 50 }])
  const usage = { nestedFuel: 500, nestedAllocatedBytes: 50, nestedEffects: 1, nestedBytes: 0, bytesIn: 0, bytesOut: 0 }
  assert.deepEqual([session.effectsTaken(), session.usage()], [1, usage])
  assert.deepEqual(entries()[0]?.used, { fuel: 500, allocation: 50, effects: 1 })

  // A run that takes its place is told the same and calls nobody.
  const again = open(entries())
  again.session.start(call(0))
  again.session.start(call(1, 'kv.get'))
  assert.deepEqual(await again.session.next(ALL), first)
  assert.deepEqual(await again.session.next({ fuel: 900, allocation: 10_000 }), second)
  assert.deepEqual([again.grants, again.session.usage()], [[], usage])
})

test('a program of which nobody knows whether it was run costs all that it might have used', async () => {
  const { session, grants, entries } = open([call(0)])
  session.start(call(0))
  const next = await session.next(ALL)
  assert.ok(next.kind === 'answer' && /outcome-unknown/.test(next.answer.text))
  assert.deepEqual([next.answer.taken, grants], [{ fuel: 7000, allocation: 70_000 }, []])
  assert.equal(entries()[0]?.used?.fuel, 7000)
  assert.match(UNKNOWN_DIGEST, /^sha256:/)
})
