import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Encoded, Mode } from '../../src/base/index.ts'
import { MODES, prepareModule, run } from '../../src/engine/index.ts'
import { declareTool, type EffectCall, type EffectPort, type ToolDescription } from '../../src/effects/index.ts'
import { compile } from '../../src/front/index.ts'
import { libraryWith } from './library.ts'

const ORDER = {
  type: 'object',
  properties: { id: { type: 'integer' }, parent: { $ref: '#/$defs/order' } },
  required: ['id'],
}
const shape = (kind: string, size: string): object => ({
  type: 'object',
  properties: { kind: { const: kind }, [size]: { type: 'number' } },
  required: ['kind', size],
})

const CRM: ToolDescription = {
  name: 'crm',
  description: 'Customers of the shop.',
  operations: {
    lookup: {
      description: 'Finds a customer. */ export const evil = 1 /*',
      input: {
        type: 'object',
        properties: { id: { type: 'string' }, kind: { enum: ['a', 'b', 3, null] } },
        required: ['id'],
      },
      output: {
        type: 'object',
        properties: {
          name: { type: 'string', description: 'The full\nname.' },
          tags: { type: 'array', items: { type: ['string', 'null'] } },
          address: { type: 'object', properties: { street: { type: 'string' }, 'zip-code': { type: 'string' } } },
          scores: { type: 'object', additionalProperties: { type: 'number' } },
          orders: { type: 'array', items: { $ref: '#/$defs/order' } },
          pair: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], items: false, minItems: 2 },
          shape: { oneOf: [shape('circle', 'r'), shape('square', 's')] },
          more: { not: {} },
          __proto: { $ref: 'https://example.com/schema' },
        },
        required: ['name', 'tags', 'orders', 'shape'],
        $defs: { order: ORDER },
      },
    },
    count: { description: '', input: true, output: { type: 'number' } },
  },
}

const TEXT = `/* The tool crm: Customers of the shop. */
import { valueOf } from 'anrf:effects'

declare function effect(name: string, args: string): Promise<string>

export { CapabilityError, EffectError } from 'anrf:effects'

export interface LookupInput {
  id: string
  kind?: "a" | "b" | 3 | null
}

export interface LookupOutput {
  /** The full name. */
  name: string
  tags: (string | null)[]
  address?: LookupOutputAddress
  scores?: Record<string, number>
  orders: Order[]
  pair?: [string, number]
  shape: LookupOutputShape1 | LookupOutputShape2
  more?: unknown
  __proto?: unknown
}

export interface LookupOutputAddress {
  street?: string
  "zip-code"?: string
}

export interface Order {
  id: number
  parent?: Order
}

export interface LookupOutputShape1 {
  kind: "circle"
  r: number
}

export interface LookupOutputShape2 {
  kind: "square"
  s: number
}

export type CountInput = unknown

export type CountOutput = number

/** Finds a customer. *\\/ export const evil = 1 /* */
export async function lookup(input: LookupInput): Promise<LookupOutput> {
  return valueOf(await effect("tool:crm.lookup", JSON.stringify(input)))
}

export async function count(input: CountInput): Promise<CountOutput> {
  return valueOf(await effect("tool:crm.count", JSON.stringify(input)))
}
`

test('the module of a tool has a typed function for each operation', () => assert.equal(declareTool(CRM), TEXT))

test('types of the same name in different operations stay apart, and names that TypeScript cannot have are quoted', () => {
  const schema = { type: 'object', properties: { 'a b': { $ref: '#/$defs/x-y' } }, $defs: { 'x-y': { const: 'q"' } } }
  const operation = { description: '', input: schema, output: { ...schema, $defs: { 'x-y': { type: 'null' } } } }
  const text = declareTool({ name: 't', description: '', operations: { run: operation } })
  for (const line of ['  "a b"?: XY\n', '  "a b"?: XY2\n', 'export type XY = "q\\""\n', 'export type XY2 = null\n'])
    assert.ok(text.includes(line), text)
})

test('references that lead nowhere, in circles or to the whole schema', () => {
  const types = (input: object): string => {
    const operation = { description: '', input: input as never, output: true }
    return declareTool({ name: 't', description: '', operations: { run: operation } }).split('\n\n')[3]!
  }
  assert.equal(types({ $ref: '#/$defs/none' }), 'export type RunInput = unknown')
  assert.equal(types({ anyOf: [{ type: 'string' }, {}] }), 'export type RunInput = unknown')
  assert.equal(
    types({ type: 'object', properties: { next: { $ref: '#' } } }),
    'export interface RunInput {\n  next?: RunInput\n}',
  )
  assert.equal(types({ type: 'array', items: { $ref: '#' } }), 'export type RunInput = RunInput[]')
})

const PROGRAM = `
import { count, lookup, EffectError } from 'tool:crm'
export async function main(id: string): Promise<string> {
  const found = await lookup({ id, kind: 'a' })
  const area = found.shape.kind === 'circle' ? found.shape.r : found.shape.s
  let sum = 0
  for (const order of found.orders) sum += order.id + (order.parent?.id ?? 0)
  const scores = found.scores ?? {}
  for (const key of Object.keys(scores)) sum += scores[key]!
  const street = found.address === undefined ? 'none' : found.address.street ?? 'no street'
  const [first, second] = found.pair ?? ['', 0]
  let failure = ''
  try {
    await count([1, 'x'])
  } catch (error) {
    if (error instanceof EffectError) failure = error.code + ': ' + error.message
  }
  return [found.name, found.tags.length, area, sum, street, found.address?.['zip-code'] ?? '-', first, second, failure].join()
}`

/** Answers each call at once. */
function answering(answer: (call: EffectCall) => object): EffectPort & { readonly calls: EffectCall[] } {
  const calls: EffectCall[] = []
  const waiting: EffectCall[] = []
  return {
    calls,
    start: (call) => void (calls.push(call), waiting.push(call)),
    cancel: () => undefined,
    next: () => {
      const call = waiting.shift()
      return call && { sequence: call.sequence, elapsed: 0, text: JSON.stringify(answer(call)) }
    },
  }
}

for (const mode of Object.keys(MODES) as Mode[])
  test(`a program uses a tool by its types: ${mode}`, () => {
    const { program, diagnostics } = compile(
      { read: (path) => (path === 'main.ts' ? PROGRAM : undefined) },
      libraryWith([CRM]),
      {
        main: 'main.ts',
      },
    )
    assert.deepEqual(diagnostics, [])
    const prepared = prepareModule(program!.module)
    assert.ok('program' in prepared)
    const value: Encoded = {
      name: 'Ada',
      tags: ['x', null],
      address: { 'zip-code': '123' },
      scores: { a: 1.5, b: 2 },
      orders: [{ id: 1 }, { id: 2, parent: { id: 10 } }],
      pair: ['p', 7],
      shape: { kind: 'square', s: 4 },
      more: [true],
    }
    const port = answering(({ name }) =>
      name === 'tool:crm.lookup' ? { value } : { error: { name: 'failed', message: 'no' } },
    )
    const { outcome } = run(prepared.program, {
      entry: 'main',
      args: ['c1'],
      mode,
      host: { log: () => undefined, effects: port },
    })
    assert.deepEqual(outcome, { kind: 'returned', value: 'Ada,2,4,16.5,no street,123,p,7,failed: no' })
    assert.deepEqual(port.calls, [
      { sequence: 0, name: 'tool:crm.lookup', args: '{"id":"c1","kind":"a"}' },
      { sequence: 1, name: 'tool:crm.count', args: '[1,"x"]' },
    ])
  })
