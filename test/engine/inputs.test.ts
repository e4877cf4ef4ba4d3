import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkArguments, checkInputs, inputSchema, typeSchema } from '../../src/engine/index.ts'
import {
  ANY,
  arrayOf,
  BOOL,
  F64,
  NULL,
  objectOf,
  STRING,
  tupleOf,
  UNDEFINED,
  unionOf,
  type EntryParam,
  type Module,
  type ObjectDef,
  type Type,
} from '../../src/ir/index.ts'
import { func, module, ret } from '../interp/build.ts'

const ITEM: ObjectDef = {
  role: 'record',
  name: 'Item',
  fields: [
    { name: 'name', type: STRING },
    { name: 'price', type: F64 },
    { name: 'tags', type: arrayOf(STRING), optional: true },
  ],
}
const NODE: ObjectDef = { role: 'record', name: 'Node', fields: [{ name: 'next', type: unionOf([NULL, objectOf(2)]) }] }

function entryModule(params: Readonly<Record<string, Type | EntryParam>>): Module {
  const list = Object.entries(params).map(([name, type]): EntryParam =>
    'optional' in type ? { ...type, name } : { name, type, optional: false },
  )
  const base = module([func({ params: list.map((p) => p.type), result: UNDEFINED, body: [ret()] })], {
    objects: [ITEM, NODE],
  })
  return { ...base, entries: [{ name: 'main', func: 0, params: list, result: UNDEFINED }] }
}

/** Code, pointer and message of everything that is wrong. */
function wrong(params: Parameters<typeof entryModule>[0], inputs: unknown): string[] {
  const checked = checkInputs(entryModule(params), 'main', inputs)
  return 'args' in checked ? [] : checked.diagnostics.map((d) => `${d.code} ${d.pointer} ${d.message}`)
}

function accepted(type: Type, value: unknown): unknown {
  const checked = checkInputs(entryModule({ x: type }), 'main', { x: value })
  return 'args' in checked ? checked.args[0] : assert.fail(JSON.stringify(checked.diagnostics))
}

test('inputs that fit become arguments in the order of the parameters', () => {
  const checked = checkInputs(entryModule({ b: F64, a: STRING }), 'main', { a: 'x', b: 1 })
  assert.deepEqual(checked, { args: [1, 'x'] })
})

test('what does not fit is named with its place, what was expected and what came', () => {
  assert.deepEqual(wrong({ x: F64 }, { x: '1' }), ['ANRF4001 /x expected number, got the string "1"'])
  assert.deepEqual(wrong({ x: arrayOf(F64) }, { x: [1, null, 'a'] }), [
    'ANRF4001 /x/1 expected number, got null',
    'ANRF4001 /x/2 expected number, got the string "a"',
  ])
  assert.deepEqual(wrong({ x: tupleOf([F64, STRING]) }, { x: [1] }), [
    'ANRF4001 /x expected [number, string], 2 elements, got an array of 1',
  ])
  assert.deepEqual(wrong({ x: unionOf([F64, NULL]) }, { x: true }), ['ANRF4001 /x expected number | null, got true'])
  assert.deepEqual(wrong({ 'a/b~c': BOOL }, { 'a/b~c': 0 }), ['ANRF4001 /a~1b~0c expected boolean, got the number 0'])
})

test('every mistake is reported at once', () => {
  const items = { items: arrayOf(objectOf(1)), limit: F64 }
  assert.deepEqual(wrong(items, { items: [{ name: 1, price: 2 }, { price: 'x', colour: 1 }, 5], limt: 1 }), [
    'ANRF4003 /limt the entry main has no limt',
    'ANRF4001 /items/0/name expected string, got the number 1',
    'ANRF4001 /items/1/price expected number, got the string "x"',
    'ANRF4003 /items/1/colour Item has no colour',
    'ANRF4002 /items/1/name name of Item is missing; expected string',
    'ANRF4001 /items/2 expected Item, got the number 5',
    'ANRF4002 /limit limit of the entry main is missing; expected number',
  ])
})

test('inputs are an object, and the entry must be there', () => {
  for (const inputs of [null, 1, [1], 'x', undefined])
    assert.match(wrong({ x: F64 }, inputs)[0]!, /^ANRF4001  expected an object/)
  const checked = checkInputs(entryModule({}), 'other', {})
  assert.ok('diagnostics' in checked && checked.diagnostics[0]?.code === 'ANRF1105')
})

test('optional parameters may be left out, optional fields too', () => {
  const optional = { name: '', type: unionOf([F64, UNDEFINED]), optional: true }
  assert.deepEqual(checkInputs(entryModule({ x: optional }), 'main', {}), { args: [{ $: 'undefined' }] })
  assert.deepEqual(accepted(objectOf(1), { price: 1, name: 'a' }), { price: 1, name: 'a' })
})

test('numbers that JSON cannot hold come tagged or as they are', () => {
  assert.deepEqual(accepted(arrayOf(F64), [NaN, -0, { $: 'Infinity' }, { $: 'hole' }]), [
    { $: 'NaN' },
    { $: '-0' },
    { $: 'Infinity' },
    { $: 'hole' },
  ])
  assert.equal(wrong({ x: F64 }, { x: { $: 'bigint', v: '1' } }).length, 1)
})

test('an any takes what needs no declaration', () => {
  assert.deepEqual(accepted(ANY, [1, 'a', null, [true]]), [1, 'a', null, [true]])
  assert.equal(wrong({ x: ANY }, { x: { a: 1 } }).length, 1)
})

test('of several records the one is meant whose fields fit', () => {
  const either = unionOf([objectOf(1), objectOf(2)])
  assert.deepEqual(accepted(either, { next: null }), { next: null })
  assert.deepEqual(wrong({ x: either }, { x: { name: 'a', price: null } }), [
    'ANRF4001 /x/price expected number, got null',
  ])
})

test('deep and huge inputs are answered, not suffered', () => {
  let deep: unknown = null
  for (let i = 0; i < 100_000; i++) deep = { next: deep }
  assert.deepEqual(wrong({ x: unionOf([NULL, objectOf(2)]) }, { x: deep }).length, 1)
  const huge = Array.from({ length: 300_000 }, (_, i) => (i % 2 ? i : 'x'))
  assert.equal(wrong({ x: arrayOf(F64) }, { x: huge }).length, 100)
  assert.equal(
    (
      accepted(
        arrayOf(F64),
        Array.from({ length: 300_000 }, (_, i) => i),
      ) as number[]
    ).length,
    300_000,
  )
})

test('keys of Object.prototype are no inputs', () => {
  assert.match(wrong({ toString: F64 }, {})[0]!, /^ANRF4002/)
  assert.match(wrong({ x: F64 }, JSON.parse('{"x":1,"__proto__":2}'))[0]!, /^ANRF4003 \/__proto__/)
  assert.match(
    wrong({ x: objectOf(1) }, { x: JSON.parse('{"name":"a","__proto__":{"price":1}}') }).join(),
    /price of Item is missing/,
  )
})

test('arguments by position follow JavaScript: surplus ones are ignored', () => {
  const two = entryModule({ a: F64, b: unionOf([F64, UNDEFINED]) })
  assert.deepEqual(checkArguments(two, 'main', [1, 2, 3]), { args: [1, 2] })
  assert.deepEqual(checkArguments(two, 'main', [1]), { args: [1, { $: 'undefined' }] })
  assert.ok('diagnostics' in checkArguments(two, 'main', []))
})

test('the schema of the inputs says what the check demands', () => {
  const schema = inputSchema(entryModule({ items: arrayOf(objectOf(1)), node: unionOf([NULL, objectOf(2)]) }), 'main')
  assert.deepEqual(schema, {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      items: { type: 'array', items: { $ref: '#/$defs/object1' } },
      node: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/object2' }] },
    },
    required: ['items', 'node'],
    additionalProperties: false,
    $defs: {
      object1: {
        title: 'Item',
        type: 'object',
        properties: {
          name: { type: 'string' },
          price: { type: 'number' },
          tags: { type: 'array', items: { type: 'string' } },
        },
        required: ['name', 'price'],
        additionalProperties: false,
      },
      object2: {
        title: 'Node',
        type: 'object',
        properties: { next: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/object2' }] } },
        required: ['next'],
        additionalProperties: false,
      },
    },
  })
  assert.deepEqual(typeSchema(entryModule({}), { kind: 'nested', members: [arrayOf({ kind: 'self' }), F64] }), {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $ref: '#/$defs/nested0',
    $defs: { nested0: { anyOf: [{ type: 'array', items: { $ref: '#/$defs/nested0' } }, { type: 'number' }] } },
  })
  assert.deepEqual(typeSchema(entryModule({}), tupleOf([F64, BOOL])), {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'array',
    prefixItems: [{ type: 'number' }, { type: 'boolean' }],
    items: false,
    minItems: 2,
  })
})
