import assert from 'node:assert/strict'
import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import type { Encoded } from '../../src/base/index.ts'
import {
  ANY,
  arrayOf,
  BOOL,
  F64,
  funcOf,
  NULL,
  objectOf,
  STRING,
  tupleOf,
  UNDEFINED,
  unionOf,
  type Expr,
  type ObjectDef,
  type Stmt,
  type Type,
} from '../../src/ir/index.ts'
import { bool, count, exec, func, get, log, module, num, op, ret, set, str, undef } from './build.ts'
import { runModule, valueOf } from './run.ts'

const NUMBERS = arrayOf(F64)
const nothing: Expr = { kind: 'const', value: null, type: NULL, span: undef.span }

const record = (name: string, fields: Readonly<Record<string, Type>>, more: Partial<ObjectDef> = {}): ObjectDef => ({
  role: 'record',
  name,
  fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
  ...more,
})

/** What an entry without parameters returns that gives `value`. */
const encodedOf = (
  value: Expr,
  objects: readonly ObjectDef[] = [],
  locals: readonly Type[] = [],
  before: readonly Stmt[] = [],
) => valueOf(module([func({ result: value.type, locals, body: [...before, ret(value)] })], { objects }))

test('values that JSON cannot hold are tagged', () => {
  const numbers = op('array.new', NUMBERS, [NaN, Infinity, -Infinity, -0, 1.5].map(num), [F64])
  assert.deepEqual(encodedOf(numbers), [{ $: 'NaN' }, { $: 'Infinity' }, { $: '-Infinity' }, { $: '-0' }, 1.5])
  assert.deepEqual(encodedOf(undef), { $: 'undefined' })
  assert.deepEqual(encodedOf(op('array.holes', NUMBERS, [num(2)], [F64])), [{ $: 'hole' }, { $: 'hole' }])
  assert.deepEqual(encodedOf(op('error.new', objectOf(0), [str('no')], [0, 'RangeError'])), {
    $: 'Error',
    name: 'RangeError',
    message: 'no',
  })
})

test('keys keep the order in which they were set, integer keys first', () => {
  const def = record('R', { 2: F64, 10: F64, b: F64, a: F64 })
  const made = op('object.new', objectOf(1), [num(1), num(2), num(3), num(4)], [1, [3, 1, 2, 0]])
  assert.equal(JSON.stringify(encodedOf(made, [def])), '{"2":4,"10":2,"a":1,"b":3}')
  const keys = op('object.keys', arrayOf(STRING), [made], [1])
  assert.deepEqual(encodedOf(keys, [def]), ['2', '10', 'a', 'b'])
})

test('optional fields are absent until they are set, and become the last key', () => {
  const def: ObjectDef = {
    role: 'record',
    name: '',
    fields: [
      { name: 'x', type: F64, optional: true },
      { name: 'y', type: F64 },
    ],
  }
  const made = [set(0, op('object.new', objectOf(1), [num(1)], [1, [1]]))]
  assert.deepEqual(encodedOf(get(0, objectOf(1)), [def], [objectOf(1)], made), { y: 1 })
  const late = [...made, exec(op('object.set', UNDEFINED, [get(0, objectOf(1)), num(2)], [1, 0]))]
  assert.equal(JSON.stringify(encodedOf(get(0, objectOf(1)), [def], [objectOf(1)], late)), '{"y":1,"x":2}')
  assert.equal(encodedOf(op('object.has', BOOL, [get(0, objectOf(1))], [1, 0]), [def], [objectOf(1)], made), false)
})

test('class instances carry their name, and hidden fields stay inside', () => {
  const fields = [
    { name: 'x', type: F64 },
    { name: '#y', type: F64, hidden: true },
  ]
  const made = op('object.new', objectOf(1), [num(1), num(2)], [1, [0, 1]])
  assert.deepEqual(encodedOf(made, [{ role: 'class', name: 'Point', fields }]), { $: 'class', n: 'Point', v: { x: 1 } })
})

test('a record with a key $ or __proto__ is told apart from a tag', () => {
  const made = op('object.new', objectOf(1), [str('hole'), num(1)], [1, [0, 1]])
  const text = JSON.stringify(encodedOf(made, [record('', { $: STRING, ['__proto__']: F64 })]))
  assert.equal(
    text,
    text.includes('__proto__') ? '{"$":"obj","v":{"$":"hole","__proto__":1}}' : '{"$":"obj","v":{"$":"hole"}}',
  )
})

test('cycles refer to an enclosing object, and deep values end', () => {
  const node = objectOf(1)
  const next = unionOf([node, NULL])
  const def: ObjectDef = record('', { next })
  const cyclic = [
    set(0, op('object.new', node, [op('dyn.box', next, [nothing], [next])], [1, [0]])),
    exec(op('object.set', UNDEFINED, [get(0, node), op('dyn.box', next, [get(0, node)], [next])], [1, 0])),
  ]
  assert.deepEqual(encodedOf(get(0, node), [def], [node], cyclic), { next: { $: 'ref', v: 0 } })
  const chain = [
    set(0, op('object.new', node, [op('dyn.box', next, [nothing], [next])], [1, [0]])),
    ...count(1, num(100_000), [
      set(0, op('object.new', node, [op('dyn.box', next, [get(0, node)], [next])], [1, [0]])),
    ]),
  ]
  let value = encodedOf(get(0, node), [def], [node, F64], chain) as { [key: string]: Encoded }
  let depth = 0
  for (; value.next; depth++) value = value.next as { [key: string]: Encoded }
  assert.deepEqual(value, { $: 'deep' })
  assert.equal(depth, 201)
})

test('arguments arrive as the program declares them and come back after the call', () => {
  const person = objectOf(1)
  const def: ObjectDef = {
    role: 'record',
    name: 'Person',
    fields: [
      { name: 'name', type: STRING },
      { name: 'age', type: F64, optional: true },
    ],
  }
  const types = [F64, STRING, BOOL, NUMBERS, tupleOf([F64, STRING]), person, unionOf([NULL, STRING, person]), ANY]
  const args: Encoded[] = [
    { $: '-0' },
    'a',
    true,
    [1, { $: 'hole' }, { $: 'NaN' }],
    [1, 'x'],
    { age: 3, name: 'Ann' },
    { name: 'Bob' },
    [1, 'b', null],
  ]
  const main = func({ params: types, result: UNDEFINED, body: [ret()] })
  assert.deepEqual(runModule(module([main], { objects: [def] }), args).args, args)
  for (const [i, type] of types.entries()) {
    const same = func({ params: [type], result: type, body: [ret(get(0, type))] })
    assert.equal(JSON.stringify(valueOf(module([same], { objects: [def] }), [args[i]!])), JSON.stringify(args[i]))
  }
})

/** What Node's console prints. */
function printed(...values: unknown[]): string {
  let text = ''
  const sink = new Writable({ write: (chunk, _encoding, done) => ((text += String(chunk)), done()) })
  new Console({ stdout: sink, colorMode: false }).log(...values)
  return text.replace(/\n$/, '')
}

test('the log is what Node prints', () => {
  class Point {
    x = 1
    tags = ['a']
  }
  const objects: ObjectDef[] = [
    {
      role: 'class',
      name: 'Point',
      fields: [
        { name: 'x', type: F64 },
        { name: 'tags', type: arrayOf(STRING) },
      ],
    },
    record('', { a: NUMBERS, b: BOOL }),
  ]
  const list = (...values: number[]): Expr => op('array.new', NUMBERS, values.map(num), [F64])
  const point = op(
    'object.new',
    objectOf(1),
    [num(1), op('array.new', arrayOf(STRING), [str('a')], [STRING])],
    [1, [0, 1]],
  )
  const plain = op('object.new', objectOf(2), [list(1, -0, NaN), bool(true)], [2, [0, 1]])
  const long = Array.from({ length: 120 }, (_, i) => i)
  const callback = op('closure.new', funcOf([], F64), [], [0])
  const main = func({
    result: UNDEFINED,
    body: [
      log(str('%s is %d'), str('x'), num(1.5), bool(true)),
      log(point, plain, list()),
      log(list(...long)),
      log(op('array.holes', NUMBERS, [num(3)], [F64]), nothing, undef),
      log(op('error.new', objectOf(0), [str('bad')], [0, 'TypeError'])),
      log(callback),
      log(op('array.holes', NUMBERS, [num(300)], [F64])),
      log(),
      ret(),
    ],
  })
  const { lines } = runModule(module([func({ name: 'helper', body: [ret(num(1))] }), main], { objects }))
  const helper = (): number => 1
  const expected = [
    printed('%s is %d', 'x', 1.5, true),
    printed(new Point(), { a: [1, -0, NaN], b: true }, []),
    printed(long),
    printed(Array.from({ length: 3 }).fill(0) && new Array(3), null, undefined),
    '[TypeError: bad]',
    printed(helper),
    printed(new Array(300)),
    '',
  ]
  assert.deepEqual(lines, expected)
})

test('a value with a cycle and shared parts prints like Node prints it', () => {
  const node = objectOf(1)
  const next = unionOf([node, NULL])
  const def: ObjectDef = record('', { next })
  const main = func({
    result: UNDEFINED,
    locals: [node],
    body: [
      set(0, op('object.new', node, [op('dyn.box', next, [nothing], [next])], [1, [0]])),
      exec(op('object.set', UNDEFINED, [get(0, node), op('dyn.box', next, [get(0, node)], [next])], [1, 0])),
      log(get(0, node)),
      ret(),
    ],
  })
  const same: { next: unknown } = { next: null }
  same.next = same
  assert.deepEqual(runModule(module([main], { objects: [def] })).lines, [printed(same)])
})
