import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { appendRecord, describeRecords, readRecords, type Recorded } from './records.ts'

const SESSION = {
  kind: 'ts',
  engines: [],
  seed: 7,
  programs: 1500,
  runs: 4000,
  inconclusive: 2,
  findings: 0,
  seconds: 30,
} as const

test('a session is added to the file, with what it was about', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'anrf-records-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'fuzz.jsonl')
  assert.deepEqual(readRecords(file), [])
  appendRecord(file, SESSION)
  appendRecord(file, { ...SESSION, seed: 8 })
  const [first, second, ...others] = readRecords(file)
  assert.deepEqual(others, [])
  const { at, commit, source, machine, ...session } = first!
  assert.deepEqual(session, SESSION)
  assert.equal(second!.seed, 8)
  for (const word of [commit, source]) assert.match(word, /^([\da-f]{7,40}\+?|unknown)$/)
  assert.match(machine, /^\d+ x .*, node v\d+/)
  assert.ok(Date.parse(at) <= Date.now())
})

test('sessions are summed by kind of program and by what src held', () => {
  const about = { at: '2026-01-01T00:00:00.000Z', machine: '2 x A' }
  const records: readonly Recorded[] = [
    { ...SESSION, ...about, commit: 'c1', source: 's1' },
    { ...SESSION, ...about, commit: 'c2', source: 's1', findings: 1 },
    { ...SESSION, ...about, commit: 'c3', source: 's2' },
    { ...SESSION, ...about, kind: 'ir', commit: 'c3', source: 's2' },
  ]
  assert.deepEqual(describeRecords(records).split('\n'), [
    'ts',
    '  src s1, commit c1, c2: 3,000 programs, 8,000 runs, 1 findings, 60 s',
    '  src s2, commit c3: 1,500 programs, 4,000 runs, 0 findings, 30 s',
    '  in all: 4,500 programs, 12,000 runs, 1 findings, 90 s',
    'ir',
    '  src s2, commit c3: 1,500 programs, 4,000 runs, 0 findings, 30 s',
    '  in all: 1,500 programs, 4,000 runs, 0 findings, 30 s',
    '',
  ])
})
