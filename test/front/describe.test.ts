// Goal: what a program says of itself reaches its document: names, types, places and JSDoc of its
// declarations, and what of the module was made from each.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '../../src/front/index.ts'
import type { Declaration, FunctionDescription, ProgramDescription } from '../../src/document/index.ts'
import type { Module } from '../../src/ir/index.ts'
import { BARE_LIBRARY } from './program.ts'

const SOURCE = `/** Accounts. @tags money, bank */
/**
 * Adds interest.
 * @param amount - what is there
 * @param rate a share of it
 * @returns what is there then
 * @requires amount >= 0
 * @ensures result >= amount
 * @deprecated use something else
 */
export function grow(amount: number, rate = 0.1): number {
  return amount + amount * rate + FEE
}
const FEE = 0
/** A place for money. */
class Account {
  constructor(public total: number) {}
  /** Puts money in. */
  put(n: number): void { this.total += n }
  static open(): Account { return new Account(0) }
}
interface Step { n: number }
/** Puts in one step. */
export const run = (s: Step): number => {
  const a = Account.open()
  a.put(s.n)
  return a.total
}
function unused(): void {}`

function describe(source: string): { program: ProgramDescription; module: Module } {
  const result = compile({ read: (path) => (path === 'main.ts' ? source : undefined) }, BARE_LIBRARY, {
    main: 'main.ts',
  })
  if (!result.program) throw new Error(JSON.stringify(result.diagnostics))
  return { program: result.program.describe(), module: result.program.module }
}

const { program, module } = describe(SOURCE)
const named = <K extends Declaration['kind']>(kind: K, name: string): Extract<Declaration, { kind: K }> => {
  const found = program.declarations.find((d) => d.kind === kind && d.name === name)
  if (!found) throw new Error(`no ${kind} ${name}`)
  return found as Extract<Declaration, { kind: K }>
}
const madeFrom = (f: FunctionDescription): string[] => f.funcs.map((i) => module.funcs[i]?.name ?? '')

test('a file speaks of itself in a comment of its own', () => {
  assert.deepEqual(program.intent, { description: 'Accounts.', tags: ['money', 'bank'] })
  assert.deepEqual(describe('/** Of f. */\nexport function f() {}').program.intent, { description: '', tags: [] })
})

test('declarations stand in the order of the source', () => {
  assert.deepEqual(
    program.declarations.map((d) => [d.kind, d.name, d.exported]),
    [
      ['function', 'grow', true],
      ['variable', 'FEE', false],
      ['class', 'Account', false],
      ['record', 'Step', false],
      ['function', 'run', true],
      ['function', 'unused', false],
    ],
  )
})

test('JSDoc becomes description, contracts and tags', () => {
  const grow = named('function', 'grow')
  assert.equal(grow.docs?.description, 'Adds interest.')
  assert.equal(grow.docs?.returns, 'what is there then')
  assert.deepEqual(grow.docs?.contracts, [
    { kind: 'requires', formalSpec: 'amount >= 0' },
    { kind: 'ensures', formalSpec: 'result >= amount' },
  ])
  assert.deepEqual(grow.docs?.tags, [{ name: 'deprecated', text: 'use something else' }])
  assert.deepEqual(
    grow.params.map((p) => [p.name, p.description, p.optional ?? false]),
    [
      ['amount', 'what is there', false],
      ['rate', 'a share of it', true],
    ],
  )
})

test('functions name what was made from them, and have the types of that', () => {
  assert.deepEqual(madeFrom(named('function', 'grow')), ['grow'])
  assert.deepEqual(named('function', 'grow').result, { kind: 'f64' })
  assert.deepEqual(named('function', 'unused').funcs, [])
  assert.equal(named('function', 'run').docs?.description, 'Puts in one step.')
})

test('classes name their objects and methods', () => {
  const account = named('class', 'Account')
  assert.deepEqual(
    account.objects.map((i) => module.objects[i]?.name),
    ['Account'],
  )
  assert.deepEqual(
    account.methods.map((m) => m.name),
    ['constructor', 'put', 'static open'],
  )
  const put = account.methods[1]
  assert.equal(put?.docs?.description, 'Puts money in.')
  assert.deepEqual(put?.params, [{ name: 'n', type: { kind: 'f64' } }])
})

test('module variables name their global', () => {
  const fee = named('variable', 'FEE')
  assert.equal(fee.constant, true)
  assert.equal(module.globals[fee.global ?? -1]?.name, 'FEE')
})
