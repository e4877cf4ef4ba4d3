import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '../../src/base/index.ts'
import type { Amounts } from '../../src/effects/index.ts'
import {
  EffectFailure,
  IoAccount,
  IoLimitReached,
  type Approval,
  type ProgramCall,
  type Programs,
} from '../../src/broker/index.ts'
import { callerOf, type Caller } from './harness.ts'

const PUBLISHED = [
  { id: 'sha256:1', name: 'tax', version: '1.4.0' },
  { id: 'sha256:2', name: 'tax', version: '2.0.0' },
  { id: 'sha256:3' },
]

const used: Amounts = { fuel: 10, allocation: 20, effects: 1 }

function programs(outcome: Outcome, calls: ProgramCall[] = [], depth = 0): Programs {
  return {
    depth,
    find: async (reference) =>
      PUBLISHED.findLast(({ id, name, version }) => [id, name, `${name}@${version}`].includes(reference)),
    call: async (call) => {
      calls.push(call)
      return { outcome, used }
    },
  }
}

const RETURNED: Outcome = { kind: 'returned', value: { total: 7 } }
const caller = (grants: string[], host: Programs = programs(RETURNED)): Caller =>
  callerOf({ grants, host: { programs: host } })
const ask = (program: string): object => ({ program, entry: null, inputs: { n: 1 } })

test('a granted program is called with a key of its own, and its result is the answer', async () => {
  const calls: ProgramCall[] = []
  const { value } = caller(['programs=tax@^1'], programs(RETURNED, calls))
  assert.deepEqual(await value('programs.call', ask('tax@1.4.0')), { total: 7 })
  const [{ account, ...call }] = calls as [ProgramCall]
  const grant = { fuel: 1000, allocation: 2000, effects: 3 }
  assert.deepEqual(call, { id: 'sha256:1', entry: null, inputs: { n: 1 }, depth: 1, key: 'run:0', grant })
  assert.ok(account.left < 2 ** 24 && account.left > 2 ** 24 - 200, String(account.left))
})

test('the version that would run decides, whatever the reference says', async () => {
  const { failure, value } = caller(['programs=tax@^1'])
  assert.equal(await failure('programs.call', ask('tax')), 'denied')
  assert.equal(await failure('programs.call', ask('tax@2.0.0')), 'denied')
  assert.equal(await failure('programs.call', ask('sha256:2')), 'denied')
  assert.equal(await failure('programs.call', ask('sha256:3')), 'denied')
  assert.equal(await failure('programs.call', ask('other')), 'denied')
  assert.deepEqual(await value('programs.call', ask('sha256:1')), { total: 7 })
  assert.equal(await failure('programs.call', ask('tax@9.9.9')), 'not-found')
})

test('how a program ended is what its caller is told', async () => {
  const ended = async (outcome: Outcome): Promise<unknown> =>
    caller(['programs=tax'], programs(outcome)).call('programs.call', ask('tax'))
  const error = { name: 'RangeError', message: 'too many', value: null }
  const failed = (message: string): object => ({ error: { name: 'failed', message } })
  assert.deepEqual(await ended({ kind: 'threw', error, stack: [] }), failed('tax threw RangeError: too many'))
  assert.deepEqual(
    await ended({ kind: 'limited', limit: 'fuel', message: 'out of fuel', stack: [] }),
    failed('tax limited: out of fuel'),
  )
  assert.deepEqual(await ended({ kind: 'refused', diagnostics: [] }), failed('tax refused: '))
})

test('what a program used that is called is said with the answer, and all that it might when nobody knows', async () => {
  const { broker } = caller(['programs=tax'])
  const perform = (grant?: Amounts, host = broker): Promise<unknown> =>
    host.perform(
      { sequence: 0, name: 'programs.call', args: JSON.stringify(ask('tax')) },
      new AbortController().signal,
      grant,
    )
  const grant: Amounts = { fuel: 1000, allocation: 2000, effects: 3 }
  assert.deepEqual(await perform(grant), { kind: 'answer', text: '{"value":{"total":7}}', used })
  const silent: Programs = { ...programs(RETURNED), call: async () => ({ outcome: RETURNED }) }
  assert.deepEqual(await perform(grant, caller(['programs=tax'], silent).broker), {
    kind: 'answer',
    text: '{"value":{"total":7}}',
    used: grant,
  })
  const broken: Programs = {
    ...programs(RETURNED),
    call: async () => {
      throw new EffectFailure('unavailable', 'no')
    },
  }
  const answered = (await perform(grant, caller(['programs=tax'], broken).broker)) as { used: Amounts }
  assert.deepEqual(answered.used, grant)
  // Who has nothing left to give calls nobody, and so it is where nobody says what there is.
  for (const nothing of [undefined, { ...grant, fuel: 0 }, { ...grant, effects: 0 }]) {
    const { text } = (await perform(nothing)) as { text: string }
    assert.match(text, /"quota".*no (fuel|effects)/)
  }
})

test('bytes of a program that is called count for its caller as they come, and end both', async () => {
  const outer = new IoAccount(100)
  const inner = new IoAccount(1000, outer)
  inner.take('bytesIn', 60)
  outer.take('bytesOut', 10)
  assert.deepEqual([inner.left, outer.left, outer.nestedBytes], [30, 30, 60])
  assert.throws(() => inner.take('bytesOut', 31), IoLimitReached)
  assert.throws(() => outer.take('bytesIn', 1), IoLimitReached)
})

test('calls of programs by programs have a greatest depth', async () => {
  assert.equal(await caller(['programs=tax'], programs(RETURNED, [], 8)).failure('programs.call', ask('tax')), 'quota')
  assert.equal(await callerOf({ grants: ['programs=tax'] }).failure('programs.call', ask('tax')), 'unavailable')
})

test('an approval suspends the run until there is a decision on this very call', async () => {
  const decisions = new Map<number, Approval>()
  const { call } = callerOf({
    grants: ['approvals'],
    host: { findApproval: async (sequence) => decisions.get(sequence) },
  })
  const request = { title: 'Pay 7 EUR?', details: null }
  decisions.set(1, { approved: true, by: 'ada', note: '' })
  assert.deepEqual(await call('approvals.request', request), { ended: 'suspended' })
  assert.deepEqual(await call('approvals.request', request), { value: { approved: true, by: 'ada', note: '' } })
  assert.equal(await callerOf({}).failure('approvals.request', request), 'denied')
  assert.equal(await callerOf({ grants: ['approvals'] }).failure('approvals.request', request), 'unavailable')
})
