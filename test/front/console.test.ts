import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInAnrf } from '../golden/anrf.ts'

test('what console measures is the clock of the run', () => {
  const main = `export function run(): void {
    console.time()
    console.time('all')
    console.timeLog('all', { a: 1 }, 'so far')
    console.timeEnd()
    console.timeEnd('all')
    console.timeEnd('all')
  }`
  const { errors, outcomes } = runInAnrf({
    main: 'main.ts',
    files: { 'main.ts': main },
    calls: [{ entry: 'run', args: [] }],
  })
  assert.deepEqual(errors, [])
  assert.deepEqual(outcomes[0]?.logs, ['all: 1ms { a: 1 } so far', 'default: 3ms', 'all: 3ms'])
})
