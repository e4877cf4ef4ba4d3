// Requests for a route: as its schemas want them, nearly so, and not at all.
import type { Random } from '../../ir/random.ts'
import type { Route } from '../../../src/service/routes/route.ts'
import { troubleDocumentBytes } from '../programs.ts'
import type { Tenant, World } from './world.ts'

export type Request = {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | undefined
  /** Whose text must not be in the answer. */
  readonly foreign: readonly string[]
}

export function makeRequest(random: Random, world: World, route: Route): Request {
  const own = random.pick(world.tenants)
  const other = world.tenants.find((tenant) => tenant !== own)!
  const asOperator = route.scope === 'operate' && random.oneIn(2)
  const body = route.body === undefined ? undefined : makeBody(random, route)
  const type = body === undefined ? undefined : makeType(random, route)
  const key = asOperator ? `Bearer ${world.operator}` : makeKey(random, own)
  const path = route.path.replaceAll(/:(\w+)/g, () => segment(random, route, own, other, asOperator))
  return {
    method: route.method,
    target: `${path}${makeQuery(random, route, other)}`,
    headers: {
      ...(key !== undefined && { authorization: key }),
      ...(type !== undefined && { 'content-type': type }),
      ...extraHeaders(random),
    },
    body,
    // Who operates the service may see its tenants; everybody else only the own one, and nobody without a key any.
    foreign: asOperator ? [] : key?.includes('anrf_') ? [other.marker] : world.tenants.map(({ marker }) => marker),
  }
}

function makeKey(random: Random, { keys }: Tenant): string | undefined {
  // The first may do everything in its tenant: behind a refusal there is little to find.
  const key = random.oneIn(2) ? keys[0]! : random.pick(keys)
  if (!random.oneIn(8)) return `Bearer ${key}`
  return random.pick([
    undefined,
    '',
    'Bearer',
    'Basic YTpi',
    `Bearer ${key.slice(0, -1)}`,
    `Bearer x.y.z`,
    'Bearer \u00e9',
  ])
}

const STRANGE = [
  '..',
  '.',
  '%00',
  '%2e%2e%2f',
  '__proto__',
  "'--",
  '%F0%9F%98%80',
  '0',
  '-1',
  '1e9',
  'null',
  '*',
  'a'.repeat(290),
]

function segment(random: Random, route: Route, own: Tenant, other: Tenant, asOperator: boolean): string {
  if (random.oneIn(5)) return random.oneIn(2) ? random.pick(STRANGE) : encodeURIComponent(text(random))
  const topic = route.path.split('/')[1] ?? ''
  if (topic === 'tenants') return random.pick(asOperator ? ['gamma', 'delta', 'nobody'] : [own.id, other.id])
  const kind = topic === 'execute' || topic === 'verify' ? 'artifacts' : topic === 'traces' ? 'executions' : topic
  const ids = own.ids as Readonly<Record<string, readonly string[]>>
  const others = other.ids as Readonly<Record<string, readonly string[]>>
  const known = random.oneIn(2) ? ids[kind] : others[kind]
  return encodeURIComponent(known ? random.pick(known) : random.pick(['0', '1', '2', '7', 'nothing']))
}

function makeQuery(random: Random, { query }: Route, other: Tenant): string {
  if (random.oneIn(3)) return ''
  const names = Object.keys((query as { properties?: object } | undefined)?.properties ?? {})
  const properties = (query as { properties?: Record<string, Schema> } | undefined)?.properties ?? {}
  const pairs = names
    .filter(() => random.oneIn(2))
    .map((name) => [name, name === 'tenant' ? other.id : String(valueOf(random, properties[name]!))] as const)
  if (random.oneIn(5)) pairs.push([text(random), text(random)])
  if (random.oneIn(9)) return `?${random.pick(['%', '&&&', 'a=b=c', 'after[]=1', 'limit=1&limit=2', '__proto__=1'])}`
  return `?${new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString()}`
}

/** As much of JSON Schema as the routes use. */
type Schema = {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly pattern?: string
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
}

function makeBody(random: Random, { body, path }: Route): Buffer {
  if (random.oneIn(8)) return junk(random)
  if (body === 'document') return documentOf(random)
  const value = valueOf(random, body as Schema)
  if (path.startsWith('/execute/') && !random.oneIn(4)) return Buffer.from(JSON.stringify(executeBody(random)))
  if (path === '/batches' && !random.oneIn(4)) return Buffer.from(JSON.stringify(batchBody(random)))
  return Buffer.from(JSON.stringify(random.oneIn(4) ? disturb(random, value) : value) ?? '')
}

/** Calls that run, each in its way. */
const CALLS: readonly (readonly [entry: string, inputs: (random: Random) => object])[] = [
  ['add', () => ({ a: 1, b: 2 })],
  ['echo', (random) => ({ text: text(random) })],
  ['fail', (random) => ({ message: text(random) })],
  ['huge', (random) => ({ n: random.int(100) })],
  ['recurse', (random) => ({ n: random.int(100) })],
  ...['count', 'trap', 'spin', 'chatter'].map((entry) => [entry, () => ({})] as const),
]

function executeBody(random: Random): object {
  const [entry, inputs] = random.pick(CALLS)
  const limits = { fuel: 1 + random.int(20_000), wall: 1 + random.int(500) }
  if (!random.oneIn(3)) return { entry, inputs: inputs(random), limits }
  return {
    entry: random.pick([entry, 'none', '']),
    inputs: random.pick([{ a: 1, b: 2 }, { text: text(random) }, {}, 7]),
    limits,
  }
}

function batchBody(random: Random): object {
  const [entry, inputs] = random.pick(CALLS)
  const limits = { fuel: 1 + random.int(20_000), wall: 1 + random.int(500) }
  const items = Array.from({ length: random.int(4) }, () => (random.oneIn(6) ? {} : inputs(random)))
  return { program: random.pick(['trouble', 'trouble@1.0.0', 'trouble@^2']), entry, inputs: items, limits }
}

function documentOf(random: Random): Buffer {
  const bytes = Buffer.from(troubleDocumentBytes(`2.0.${random.int(20)}`, `of a fuzzer ${random.int(3)}`))
  if (random.oneIn(3)) return bytes
  for (let i = 0; i <= random.int(4); i++) bytes[random.int(bytes.length)] = random.int(256)
  return random.oneIn(3) ? bytes.subarray(0, random.int(bytes.length)) : bytes
}

function makeType(random: Random, { body }: Route): string | undefined {
  if (random.oneIn(10))
    return random.pick([undefined, 'text/plain', 'application/json; charset=x', 'multipart/form-data', '/'])
  return body === 'document' ? random.pick(['application/octet-stream', 'application/json']) : 'application/json'
}

function extraHeaders(random: Random): Record<string, string> {
  const all: Record<string, string> = {
    prefer: random.pick(['respond-async', 'wait=1', 'respond-async, wait=0', 'wait=-1', '=;,', 'return=minimal']),
    'idempotency-key': random.pick([`"${text(random, 'abc123')}"`, '""', 'x'.repeat(300), '"same"']),
    traceparent: random.pick(['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'nonsense']),
    'x-forwarded-for': random.pick(['127.0.0.1', 'x, y', '::1']),
    origin: 'https://evil.example.com',
    accept: random.pick(['application/json', 'text/event-stream', '*/*', 'text/html;q=x']),
    'last-event-id': random.pick(['0', '-1', '1e99', 'x']),
    'if-none-match': '*',
    expect: random.pick(['100-continue']),
  }
  return Object.fromEntries(Object.entries(all).filter(() => random.oneIn(6)))
}

function valueOf(random: Random, schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return random.pick(schema.enum)
  if (schema.anyOf) return valueOf(random, random.pick(schema.anyOf))
  if (schema.type === 'object') return objectOf(random, schema)
  if (schema.type === 'array') return Array.from({ length: random.int(4) }, () => valueOf(random, schema.items ?? {}))
  if (schema.type === 'boolean') return random.oneIn(2)
  if (schema.type === 'integer' || schema.type === 'number') return numberOf(random, schema)
  if (schema.type === 'null') return null
  if (schema.type === 'string') return stringOf(random, schema)
  return anything(random, 2)
}

function objectOf(random: Random, { properties = {}, required = [] }: Schema): object {
  const names = Object.keys(properties).filter((name) => required.includes(name) || random.oneIn(2))
  return Object.fromEntries(names.map((name) => [name, valueOf(random, properties[name]!)]))
}

function numberOf(random: Random, { minimum = 0, maximum = 2 ** 40 }: Schema): number {
  if (random.oneIn(6)) return random.pick([minimum - 1, maximum + 1])
  return random.pick([minimum, Math.min(maximum, minimum + random.int(1000)), maximum])
}

function stringOf(random: Random, { format, pattern, maxLength = 100 }: Schema): string {
  if (format === 'date-time')
    return random.pick(['2099-01-01T00:00:00Z', '2020-01-01T00:00:00Z', '2099-13-01T00:00:00Z'])
  if (pattern !== undefined) return random.pick(['1', '10', 'gamma', 'sha256:00', '999'])
  return random.oneIn(10) ? 'x'.repeat(maxLength + random.int(2)) : text(random)
}

const LETTERS = 'abcxyz019 _-/.:@"\\\'\n\u0000\u00e9\u{1f600}$%{}[]<>'

function text(random: Random, letters = LETTERS): string {
  const all = [...letters]
  return Array.from({ length: random.int(12) }, () => random.pick(all)).join('')
}

function anything(random: Random, depth: number): unknown {
  const plain = [null, true, 0, -0, 1e308, 2 ** 53, text(random), '', '__proto__', { $: 'NaN' }, { $: 'nothing' }]
  if (depth === 0 || random.oneIn(2)) return random.pick(plain)
  if (random.oneIn(2)) return Array.from({ length: random.int(3) }, () => anything(random, depth - 1))
  return { [text(random)]: anything(random, depth - 1), a: anything(random, depth - 1) }
}

/** Something at one place that the schema does not want there. */
function disturb(random: Random, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || random.oneIn(3)) return anything(random, 2)
  const names = [...Object.keys(value), text(random)]
  return { ...value, [random.pick(names)]: anything(random, 2) }
}

function junk(random: Random): Buffer {
  const deep = '['.repeat(2000)
  const texts = ['', '{', 'null', '"', '{"a":1}{', '[1,]', deep, '{"a":1,"a":2}', '\ufeff{}', '{"\\ud800":1}', '1e999']
  if (random.oneIn(2)) return Buffer.from(random.pick(texts))
  return Buffer.from(Array.from({ length: random.int(200) }, () => random.int(256)))
}
