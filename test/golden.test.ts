// Every file below test/golden is a small program with the answers that Node gives. The test asks Node again
// (so that a stored answer is never an opinion) and then ANRF, and compares the three.
// ANRF_UPDATE=1 writes what Node and the front end answer into the files; the review reads the difference.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, test } from 'node:test'
import { diagnosticLine, runInAnrf } from './golden/anrf.ts'
import {
  jobOf,
  parseGolden,
  replaceSection,
  withoutSameArgs,
  withoutSection,
  type Golden,
} from './golden/golden-file.ts'
import { runInNode, type NodeOutcome } from './golden/oracle.ts'

const ROOT = join(import.meta.dirname, 'golden')
const UPDATE = process.env['ANRF_UPDATE'] === '1'

type Case = {
  readonly path: string
  readonly name: string
  readonly topic: string
  readonly text: string
  readonly golden: Golden
}

const cases: readonly Case[] = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md'))
  .sort()
  .map((file) => {
    const path = join(ROOT, file)
    const text = readFileSync(path, 'utf8')
    const [topic, name] = relative(ROOT, path).replace(/\.md$/, '').split('/') as [string, string]
    return { path, name, topic, text, golden: parse(path, text) }
  })

function parse(path: string, text: string): Golden {
  try {
    return parseGolden(text)
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error })
  }
}

// A case with calls is answered by Node even where ANRF refuses the program (then it has diagnostics as well).
const runnable = cases.filter(({ golden }) => golden.calls.length > 0)
const answers = await runInNode(runnable.map(({ golden }) => jobOf(golden)))
const nodeSays = new Map<Case, readonly NodeOutcome[]>(
  runnable.map((c, i) => [c, answers[i]!.map((outcome, k) => withoutSameArgs(outcome, c.golden.calls[k]!))]),
)

for (const topic of new Set(cases.map((c) => c.topic))) {
  describe(topic, () => {
    for (const c of cases.filter((other) => other.topic === topic)) test(c.name, () => (UPDATE ? update(c) : check(c)))
  })
}

function check(c: Case): void {
  const { golden } = c
  if (golden.calls.length > 0) {
    assert.deepEqual(
      toLines(nodeSays.get(c)!),
      toLines(golden.outcome),
      'Node no longer gives the answer that is stored',
    )
  }
  const { errors, outcomes } = runInAnrf(jobOf(golden))
  if (golden.diagnostics !== undefined || errors.length > 0) {
    assert.deepEqual(errors.map(diagnosticLine), golden.diagnostics ?? [], 'ANRF refuses the program otherwise')
    return
  }
  const answered = outcomes.map((outcome, i) => withoutSameArgs(outcome, golden.calls[i]!))
  const expected = golden.outcome.map((outcome, i) => {
    const trap = golden.traps.find(({ call }) => call === i)?.trap
    return trap === undefined ? outcome : { trap, ...(outcome.logs && { logs: outcome.logs }) }
  })
  assert.deepEqual(toLines(answered), toLines(expected), 'ANRF does not answer as Node')
}

/** As text, because the order of keys is part of an answer. */
const toLines = (outcomes: readonly object[]): string[] => outcomes.map((outcome) => JSON.stringify(outcome))

function update(c: Case): void {
  const answer = nodeSays.get(c)
  const text = answer === undefined ? c.text : replaceSection(c.text, 'outcome', 'jsonl', toLines(answer))
  writeFileSync(c.path, text)
  const { errors } = runInAnrf(jobOf(c.golden))
  const lines = errors.map(diagnosticLine)
  writeFileSync(
    c.path,
    lines.length > 0 ? replaceSection(text, 'diagnostics', 'text', lines) : withoutSection(text, 'diagnostics'),
  )
}
