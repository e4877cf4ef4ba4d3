// A small share of what `npm run fuzz` does for as long as it is let: random modules in every engine, which must agree.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkModule, eachNode, isExpr, OP_NAMES, type Module } from '../../src/ir/index.ts'
import { generateModule } from '../ir/generate.ts'
import { SEEDED_BUGS } from './bugs/list.ts'
import { huntBug, huntLibrary } from './bugs/hunt.ts'
import { LIBRARY_BUGS, withLibraryBug } from './bugs/library.ts'
import { library } from '../golden/anrf.ts'
import { ENGINES } from './engines.ts'
import { describeFinding } from './report.ts'
import { fuzzSeed } from './session.ts'
import { emptyTally } from './tally.ts'

const SEED = Number(process.env['ANRF_FUZZ_SEED'] ?? 1)
const PROGRAMS = 1000
/** Modules in which everything that can be in a module must turn up. */
const MODULES = 1200

test('every engine says the same of random modules', () => {
  const tally = emptyTally()
  for (let seed = SEED; seed < SEED + PROGRAMS; seed++) {
    const found = fuzzSeed(seed, ENGINES, tally)
    if (found) assert.fail(describeFinding(found, ENGINES, false).text)
  }
  assert.ok(tally.runs > 2 * PROGRAMS)
  assert.ok(tally.inconclusive < tally.runs / 100, `${tally.inconclusive} of ${tally.runs} told nothing`)
  assert.ok(tally.ends['returned']! > tally.runs / 3, JSON.stringify(tally.ends))
  for (const end of ['threw', 'limited fuel', 'limited allocation', 'limited depth', 'trapped index-out-of-bounds'])
    assert.ok(tally.ends[end]! > 5, `${end} ${tally.ends[end]}`)
})

test('every operation, kind of type, statement and expression is generated', () => {
  const seen = new Set<string>()
  for (let seed = 0; seed < MODULES; seed++) noteParts(generateModule(seed), seen)
  const kinds = [
    'undefined',
    'null',
    'bool',
    'i32',
    'f64',
    'string',
    'bigint',
    'any',
    'array',
    'tuple',
    'object',
    'func',
    'cell',
    'union',
    'json',
    'nested',
    'map',
    'set',
    'dict',
  ]
  const nodes = [
    'const',
    'local',
    'op',
    'call',
    'invoke',
    'cond',
    'seq',
    'expr',
    'set',
    'if',
    'block',
    'loop',
    'switch',
  ]
  const more = [
    'break',
    'continue',
    'return',
    'throw',
    'try',
    'catch',
    'finally',
    'catch and finally',
    'post',
    'without test',
  ]
  const wanted = [
    ...OP_NAMES,
    ...kinds.map((kind) => `type ${kind}`),
    ...nodes,
    ...more,
    'class',
    'record',
    'optional',
    'hidden',
  ]
  assert.deepEqual(
    wanted.filter((part) => !seen.has(part)),
    [],
  )
})

function noteParts(module: Module, seen: Set<string>): void {
  for (const def of module.objects) {
    seen.add(def.role)
    for (const field of def.fields) {
      if (field.optional) seen.add('optional')
      if (field.hidden) seen.add('hidden')
    }
  }
  for (const node of module.funcs.flatMap((func) => [...eachNode(func.body)])) {
    seen.add(node.kind === 'op' ? node.op : node.kind)
    if (node.kind === 'op') seen.add('op')
    if (isExpr(node)) seen.add(`type ${node.type.kind}`)
    if (node.kind === 'loop') seen.add(node.test ? (node.post ? 'post' : 'loop') : 'without test')
    if (node.kind === 'try') seen.add([node.catch && 'catch', node.finally && 'finally'].filter(Boolean).join(' and '))
  }
}

test('modules with seeded bugs are valid, and there are many bugs', () => {
  const modules = Array.from({ length: 8 }, (_, seed) => generateModule(seed))
  for (const { name, mutate } of SEEDED_BUGS)
    for (const module of modules) assert.deepEqual(checkModule(mutate?.(module) ?? module), [], name)
  assert.equal(new Set(SEEDED_BUGS.map((bug) => bug.name)).size, SEEDED_BUGS.length)
  assert.ok(SEEDED_BUGS.length >= 100)
})

test('a seeded bug of each area is found in few programs', () => {
  for (const area of new Set(SEEDED_BUGS.map((bug) => bug.area))) {
    const { isFound, programs } = huntBug(
      SEEDED_BUGS.find((bug) => bug.area === area)!,
      { programs: 4000 },
    )
    assert.ok(isFound, `${area}: not in ${programs} programs`)
  }
})

const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], { encoding: 'utf8' })

test('the command ends by itself, with a summary', () => {
  const { status, stdout, stderr } = run('--seed', '1', '--count', '20')
  assert.equal(status, 0, stderr)
  assert.equal(stdout, '')
  assert.match(stderr, /: 20 programs \(/)
})

test('the command shows what it finds, small, and says so by its exit code', () => {
  const { status, stdout } = run('--seed', '1', '--only', 'interpret,bug:f64.lt is f64.le')
  assert.equal(status, 1)
  assert.match(stdout, /^engines disagree at seed \d+/)
  assert.match(stdout, /with the bug/)
  assert.match(stdout, /f64\.lt/)
  assert.ok(stdout.split('\n').length < 80, stdout)
})

test('the command goes on until it has found as much as it is asked for', () => {
  const { status, stdout } = run('--seed', '1', '--findings', '3', '--only', 'interpret,bug:f64.lt is f64.le')
  assert.equal(status, 1)
  const seeds = [...stdout.matchAll(/^engines disagree at seed (\d+)/gm)].map(([, seed]) => seed)
  assert.ok(seeds.length >= 3 && new Set(seeds).size === seeds.length, stdout)
})

test('the command refuses what it does not know', () => {
  assert.equal(run('--only', 'abacus').status, 64)
  assert.equal(run('--kind', 'prose').status, 64)
})

test('random programs of TypeScript find a defect of each area of the library', () => {
  for (const bug of LIBRARY_BUGS)
    assert.notDeepEqual(withLibraryBug(bug).prelude, library.prelude, `the library has no place for '${bug.name}'`)
  for (const area of new Set(LIBRARY_BUGS.map((bug) => bug.area))) {
    const bug = LIBRARY_BUGS.find((other) => other.area === area)!
    assert.ok(huntLibrary(bug, { programs: 400 }).isFound, `${bug.name} is not found`)
  }
})
