// Every file below test/golden is a small program with the answers that Node gives. The test asks Node again
// (so that a stored answer is never an opinion) and then ANRF, and compares the three.
// ANRF_UPDATE=1 writes what Node and the front end answer into the files; the review reads the difference.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, test } from 'node:test'
import { jobOf, parseGolden, replaceSection, withoutSameArgs, type Golden } from './golden/golden-file.ts'
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

const runnable = cases.filter(({ golden }) => golden.diagnostics === undefined)
const answers = await runInNode(runnable.map(({ golden }) => jobOf(golden)))
const nodeSays = new Map<Case, readonly NodeOutcome[]>(
  runnable.map((c, i) => [c, answers[i]!.map((outcome, k) => withoutSameArgs(outcome, c.golden.calls[k]!))]),
)

const updated = (c: Case): string =>
  replaceSection(
    c.text,
    'outcome',
    'jsonl',
    nodeSays.get(c)!.map((o) => JSON.stringify(o)),
  )

if (UPDATE) for (const c of runnable) writeFileSync(c.path, updated(c))

for (const topic of new Set(cases.map((c) => c.topic))) {
  describe(topic, () => {
    for (const c of cases.filter((other) => other.topic === topic && runnable.includes(other))) {
      test(c.name, () => {
        const expected = UPDATE ? nodeSays.get(c)! : c.golden.outcome
        assert.deepEqual(nodeSays.get(c), expected, 'Node no longer gives the answer that is stored')
      })
    }
  })
}
