// What Node does with a top level that never comes to its end, or fails while jobs wait, is said by its process alone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInAnrf, type AnrfOutcome } from '../golden/anrf.ts'

function outcomeOf(text: string): AnrfOutcome | undefined {
  const job = { main: 'main.ts', files: { 'main.ts': text }, calls: [{ entry: 'main', args: [] }] }
  const { errors, outcomes } = runInAnrf(job)
  assert.deepEqual(errors, [])
  return outcomes[0]
}

const MAIN = 'export const main = (): number => 1\n'

test('a top level that awaits what never settles is a trap', () => {
  assert.deepEqual(outcomeOf(`await new Promise(() => undefined)\n${MAIN}`), { trap: 'unsettled-promise' })
})

test('a top level that fails after it awaited ends the run when no job is left, before timers', () => {
  const text = `
setTimeout(() => console.log('timer'), 0)
const ticks = async (): Promise<void> => { for (let i = 0; i < 3; i++) { await null; console.log(i) } }
void ticks()
await null
throw new RangeError('bad')
${MAIN}`
  const thrown = { name: 'RangeError', message: 'bad' }
  assert.deepEqual(outcomeOf(text), { throw: thrown, logs: ['0', '1', '2'] })
})

test('a rejection that nobody awaits ends a top level that awaits', () => {
  const text = `void Promise.reject(new Error('other'))\nawait new Promise(() => undefined)\n${MAIN}`
  assert.deepEqual(outcomeOf(text), { throw: { name: 'Error', message: 'other' } })
})
