// Assertions that are made from tables, answered by Node, and checked in every mode. The answers lie in test/conformance/answers/, one
// line for each expression; ANRF_UPDATE=1 writes them. Node is asked again in every run.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runInAnrf } from '../golden/anrf.ts'
import { runInNode, type NodeJob, type NodeOutcome } from '../golden/oracle.ts'
import { arrayExpressions } from './arrays.ts'
import { bytesExpressions } from './bytes.ts'
import { jsonExpressions } from './json.ts'
import { numberExpressions } from './numbers.ts'
import { regexpExpressions } from './regexps.ts'
import { stringExpressions } from './strings.ts'

const TOPICS: Readonly<Record<string, () => readonly string[]>> = {
  arrays: arrayExpressions,
  bytes: bytesExpressions,
  json: jsonExpressions,
  numbers: numberExpressions,
  regexps: regexpExpressions,
  strings: stringExpressions,
}
const UPDATE = process.env['ANRF_UPDATE'] === '1'
/** Assertions in one program. */
const BATCH = 60
/** What is asked for in all. */
const LEAST = 1_500

type Assertion = { readonly expression: string; readonly answer: NodeOutcome }

const pathOf = (topic: string): string => join(import.meta.dirname, 'answers', `${topic}.jsonl`)

/** A program with a function for each expression, and a call of each. */
function jobOf(expressions: readonly string[]): NodeJob {
  const functions = expressions.map((e, i) => `export function f${i}() {\n  return ${e}\n}\n`)
  const calls = expressions.map((_, i) => ({ entry: `f${i}`, args: [] }))
  return { main: 'main.ts', files: { 'main.ts': functions.join('') }, calls }
}

function batches(expressions: readonly string[]): string[][] {
  const count = Math.ceil(expressions.length / BATCH)
  return Array.from({ length: count }, (_, i) => expressions.slice(i * BATCH, (i + 1) * BATCH))
}

async function askNode(expressions: readonly string[]): Promise<readonly Assertion[]> {
  const answers = (await runInNode(batches(expressions).map(jobOf))).flat()
  return expressions.map((expression, i) => ({ expression, answer: withoutArguments(answers[i]!) }))
}

const withoutArguments = ({ ok, throw: thrown }: NodeOutcome): NodeOutcome =>
  thrown ? { throw: thrown } : ok === undefined ? {} : { ok }

function stored(topic: string): readonly Assertion[] {
  const lines = readFileSync(pathOf(topic), 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => {
    const [expression, answer] = JSON.parse(line) as [string, NodeOutcome]
    return { expression, answer }
  })
}

function store(topic: string, assertions: readonly Assertion[]): void {
  mkdirSync(join(import.meta.dirname, 'answers'), { recursive: true })
  const lines = assertions.map(({ expression, answer }) => `${JSON.stringify([expression, answer])}\n`)
  writeFileSync(pathOf(topic), lines.join(''))
}

/** Expressions that are written twice by the tables count once. */
const made = Object.entries(TOPICS).map(([topic, make]) => [topic, [...new Set(make())]] as const)

test(`there are at least ${LEAST} assertions`, () => {
  const counts = made.map(([topic, { length }]) => [topic, length])
  console.log(JSON.stringify(Object.fromEntries(counts)))
  assert.ok(made.reduce((sum, [, expressions]) => sum + expressions.length, 0) >= LEAST)
})

for (const [topic, expressions] of made)
  test(`${topic} answer as Node does`, async () => {
    const answered = await askNode(expressions)
    if (UPDATE) store(topic, answered)
    assert.deepEqual(stored(topic), answered, 'ANRF_UPDATE=1 writes what Node answers')
    for (const batch of batches(expressions)) checkBatch(answered, batch)
  })

function checkBatch(answered: readonly Assertion[], batch: readonly string[]): void {
  const report = runInAnrf(jobOf(batch))
  const refused = report.errors.map(({ location, message }) => `${batch[(lineOf(location) / 3) | 0]}: ${message}`)
  assert.deepEqual(refused, [])
  const wanted = new Map(answered.map(({ expression, answer }) => [expression, answer]))
  const wrong = batch.flatMap((expression, i) => {
    const given = withoutArguments(report.outcomes[i]!)
    return same(given, wanted.get(expression)!)
      ? []
      : [{ expression, node: wanted.get(expression), anrf: report.outcomes[i] }]
  })
  assert.deepEqual(wrong, [])
}

const lineOf = (location: { readonly start: { readonly line: number } } | undefined): number =>
  (location?.start.line ?? 1) - 1

const same = (a: NodeOutcome, b: NodeOutcome): boolean => JSON.stringify(a) === JSON.stringify(b)
