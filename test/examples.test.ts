// Every example runs in Node and in ANRF on each of its cases; both must give what cases.json says.
// ANRF_UPDATE=1 writes Node's answers into cases.json.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import ts from 'typescript'
import type { Encoded } from '../src/base/index.ts'
import { checkInputs } from '../src/engine/index.ts'
import { diagnosticLine, runInAnrf, type AnrfReport } from './golden/anrf.ts'
import { runInNode, type NodeJob, type NodeOutcome } from './golden/oracle.ts'

const ROOT = join(import.meta.dirname, '..', 'examples')
const UPDATE = process.env['ANRF_UPDATE'] === '1'

type Inputs = { readonly [name: string]: Encoded }
type ExampleCase = {
  readonly entry: string
  readonly inputs: Inputs
  readonly output?: { readonly result: Encoded }
  readonly error?: { readonly name: string; readonly message: string }
  readonly logs?: readonly string[]
}
type Example = {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  readonly cases: readonly ExampleCase[]
}

const examples: readonly Example[] = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({
    name,
    files: readSources(name),
    cases: JSON.parse(readFileSync(casesPath(name), 'utf8')) as ExampleCase[],
  }))
  .sort((a, b) => (a.name < b.name ? -1 : 1))

function casesPath(name: string): string {
  return join(ROOT, name, 'cases.json')
}

function readSources(name: string): Record<string, string> {
  const paths = readdirSync(join(ROOT, name), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  )
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(ROOT, name, path), 'utf8')]))
}

/** The parameter names of an exported function, since Node takes arguments by position. */
function parameterNames(example: Example, entry: string): string[] {
  const source = ts.createSourceFile('main.ts', example.files['main.ts']!, ts.ScriptTarget.ESNext)
  const found = source.statements.find(
    (s): s is ts.FunctionDeclaration => ts.isFunctionDeclaration(s) && s.name?.text === entry,
  )
  assert.ok(found, `${example.name} has no function ${entry}`)
  return found.parameters.map((p) => (p.name as ts.Identifier).text)
}

function toCall(example: Example, { entry, inputs }: ExampleCase): { entry: string; args: Encoded[] } {
  const names = parameterNames(example, entry)
  for (const name of Object.keys(inputs)) assert.ok(names.includes(name), `${entry} has no parameter ${name}`)
  return { entry, args: names.map((name) => inputs[name] ?? { $: 'undefined' }) }
}

/** An outcome in the form of cases.json; what is neither a value nor an exception stays as it is. */
function toExpected({ logs = [], ...outcome }: NodeOutcome): object {
  if (outcome.throw !== undefined) return { error: outcome.throw, logs }
  return outcome.ok === undefined ? outcome : { output: { result: outcome.ok }, logs }
}

const jobs: readonly NodeJob[] = examples.map((e) => ({
  main: 'main.ts',
  files: e.files,
  calls: e.cases.map((c) => toCall(e, c)),
}))
const answers = await runInNode(jobs)

for (const [i, example] of examples.entries()) {
  const fromNode = example.cases.map(({ entry, inputs }, k) => ({ entry, inputs, ...toExpected(answers[i]![k]!) }))
  if (UPDATE) writeFileSync(casesPath(example.name), `[\n${toLines(fromNode).join(',\n')}\n]\n`)
  describe(example.name, () => {
    test('has at least three cases', () => assert.ok(example.cases.length >= 3))
    test('gives in Node what cases.json says', () => {
      if (!UPDATE) assert.deepEqual(toLines(fromNode), toLines(example.cases))
    })
    test('gives in ANRF what Node gives', () => {
      const report = runExample(jobs[i]!, example)
      assert.deepEqual(report.errors.map(diagnosticLine), [], 'ANRF refuses the program')
      const fromAnrf = example.cases.map(({ entry, inputs }, k) => ({
        entry,
        inputs,
        ...toExpected(report.outcomes[k]!),
      }))
      assert.deepEqual(toLines(fromAnrf), toLines(fromNode))
    })
  })
}

/** As text, because the order of keys is part of an answer. */
function toLines(cases: readonly object[]): string[] {
  return cases.map((c) => `  ${JSON.stringify(c)}`)
}

function runExample(job: NodeJob, example: Example): AnrfReport {
  return runInAnrf(job, (program, { entry }, k) => checkInputs(program.module, entry, example.cases[k]!.inputs))
}

test('README.md lists every example', () => {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8')
  for (const { name } of examples) assert.ok(text.includes(`| [${name}](${name}/main.ts) |`), `${name} is missing`)
})
