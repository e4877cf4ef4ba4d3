import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkModule, parseModule, printFunc, printModule, type Module } from '../../src/ir/index.ts'
import { generateModule } from './generate.ts'
import { makeRandom } from './random.ts'

const EXAMPLE = `anrf ir 1
error 0 Error { name!: string, message!: string }
record 1 Item { price: f64, note?: string }
global 0 count: f64

fn init#0() -> undefined { // main.ts:1
  do global.set[count#0](0)
  return undefined
} spans [0:0+60 5+9 5+9 13+1 - -]

fn total#1(items#0: array<object 1>) -> f64 {
  var sum#1: f64
  var i#2: f64
  loop $0 while f64.lt(i#2, array.length(items#0)) {
    if object.has[Item#1, note#1](array.get(items#0, i#2)) {
      continue $0
    }
    sum#1 = f64.add(sum#1, object.get[Item#1, price#0](array.get(items#0, i#2)))
  } update {
    i#2 = f64.add(i#2, 1)
  }
  return (f64.is_nan(sum#1) ? -0 : sum#1)
} spans [-]

init #0
entry total #1 (items: array<object 1>) -> f64

file 0 "main.ts" [0, 15, 40]
`

function parse(text: string): Module {
  const parsed = parseModule(text)
  assert.ok('module' in parsed, JSON.stringify('diagnostics' in parsed && parsed.diagnostics))
  return parsed.module
}

test('a module is the same after printing and parsing', () => {
  for (let seed = 2000; seed < 2150; seed++) {
    const module = generateModule(seed)
    assert.deepStrictEqual(parseModule(printModule(module)), { module }, `seed ${seed}`)
  }
})

test('the text form reads well and is printed as it is written by hand', () => {
  const text = EXAMPLE.replaceAll(' spans [-]', '')
  const module = parse(text)
  assert.deepEqual(checkModule(module), [])
  assert.equal(printModule(module, { spans: false }), text.replaceAll(/ spans \[.*\]/g, ''))
  const expected = text.slice(text.indexOf('fn total'), text.indexOf('init #0')).trimEnd()
  assert.equal(printFunc(module, 1, undefined, { spans: false }), expected)
})

test('spans are read in the order of the text, and are none when they are left out', () => {
  const module = parse(EXAMPLE.replaceAll(' spans [-]', ''))
  assert.deepEqual(module.funcs[0]!.span, { file: 0, start: 0, end: 60 })
  assert.deepEqual(module.funcs[0]!.body[0]!.span, { file: 0, start: 5, end: 14 })
  assert.deepEqual(module.funcs[0]!.body[1]!.span, { file: -1, start: 0, end: 0 })
  assert.deepEqual(module.funcs[1]!.span, { file: -1, start: 0, end: 0 })
})

test('a type that does not follow is written, so that broken modules print and parse as well', () => {
  const text = EXAMPLE.replaceAll(' spans [-]', '').replace('global.set[count#0](0)', '(global.set[count#0]("") : any)')
  const module = parse(text)
  assert.equal(checkModule(module).length, 1)
  assert.deepStrictEqual(parse(printModule(module)), module)
})

/** What is replaced in the example by what, and the message that answers. */
const FAULTS: readonly (readonly [from: string, to: string, message: string, line: number])[] = [
  ['anrf ir 1', 'anrf ir 2', 'this build reads version 1 of the text form', 1],
  ['anrf ir 1', 'wasm', 'expected anrf, found wasm', 1],
  ['file 0', 'file 1', 'this is number 0', 28],
  ['[0, 15, 40]', '[0, 1.5]', 'expected an unsigned integer', 28],
  ['price: f64', 'price: number', 'number is no type', 3],
  ['price: f64', 'price: array<f64', 'expected >, found ,', 3],
  ['"main.ts"', '"main.ts', 'expected a name, found "main.ts [0, 15, 40]', 28],
  ['do global', 'perform global', 'perform begins no statement', 7],
  ['(0)', '(0n)', 'expected ,, found n', 7],
  ['count#0](0)', 'counter#0](0)', 'global 0 is not called counter', 7],
  ['count#0](0)', '#7](0)', 'no type follows here: immediate: there is no global 7', 7],
  ['count#0](0)', 'count#0](1i)', 'no type follows here: operands: operand 1 is of type i32, not f64', 7],
  ['count#0](0)', 'count#0](0.5i)', 'this is no integer of 32 bits', 7],
  ['global.set', 'global.put', 'global.put is no operation', 7],
  ['13+1 -', '13+1', 'init has 5 spans for 6 places', 9],
  ['fn total#1', 'fn total#2', 'this is function 1', 11],
  ['var sum#1', 'var sum#3', 'this is local 1', 12],
  ['$0 while', 'L while', 'expected a label as $number, found L', 14],
  ['init #0', '', 'the module has no init', 29],
  ['init #0', 'start #0', 'start begins no item', 25],
  ['return undefined', 'return §', 'expected an expression', 8],
]

test('what does not follow the grammar is named with its place', () => {
  for (const [from, to, message, line] of FAULTS) {
    const text = EXAMPLE.replaceAll(' spans [-]', '').replace(from, to)
    const parsed = parseModule(text, 'x.ir')
    assert.ok('diagnostics' in parsed, to)
    const [first] = parsed.diagnostics
    assert.deepEqual([first!.code, first!.message, first!.location?.path], ['ANRF2002', message, 'x.ir'])
    assert.equal(first!.location?.start.line, line, message)
  }
})

test('each item and each body may report its own fault', () => {
  const items = EXAMPLE.replace('record 1 Item {', 'record 1 Item [').replace('count: f64', 'count f64')
  const bodies = EXAMPLE.replace('return undefined', 'return').replace('-0 :', '-0 ;')
  for (const text of [items, bodies]) {
    const parsed = parseModule(text)
    assert.equal('diagnostics' in parsed && parsed.diagnostics.length, 2)
  }
})

test('changed texts give a module or diagnostics', () => {
  const seed = 77
  const random = makeRandom(seed)
  const originals = Array.from({ length: 20 }, (_, i) =>
    printModule(generateModule(i, [{ funcs: 1, stmts: 2, depth: 2, applied: 8 }])),
  )
  const pieces = [
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    '<',
    '>',
    '"',
    '#',
    '$',
    '0',
    '-',
    ',',
    ' ',
    '\n',
    '//',
    '1e400',
    'seq',
    '\ud800',
  ]
  let accepted = 0
  for (let round = 0; round < 5000; round++) {
    const original = random.pick(originals)
    const at = random.int(original.length)
    const text = original.slice(0, at) + random.pick(pieces) + original.slice(at + random.int(3))
    const parsed = parseModule(text)
    if ('diagnostics' in parsed) {
      assert.ok(parsed.diagnostics.length > 0)
      continue
    }
    accepted++
    assert.deepStrictEqual(parseModule(printModule(parsed.module)), parsed, `seed ${seed} round ${round}`)
  }
  assert.ok(accepted > 100)
})

test('deep nesting and endless brackets are refused without exhausting the stack', () => {
  for (const piece of ['(', 'bool.not(', 'if true { ', 'array<', 'seq { do ', 'invoke ', 'tuple.new[tuple<']) {
    const parsed = parseModule(EXAMPLE.replace('return undefined', piece.repeat(50_000)))
    assert.ok('diagnostics' in parsed, piece)
  }
})
