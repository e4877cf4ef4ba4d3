// Attacks from within the language: whole programs, in worker processes, in every mode. Each has a control, the same program
// where the move is permitted or harmless, so that none can pass because nothing works.
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { resolveLimits, type Encoded, type Limits, type Outcome } from '../../src/base/index.ts'
import { createBroker, readSecret, type Host } from '../../src/broker/index.ts'
import { parseGrants } from '../../src/effects/index.ts'
import { MODES } from '../../src/engine/index.ts'
import { memoryJournal, Session } from '../../src/journal/index.ts'
import { createPool, NO_ISOLATION } from '../../src/sandbox/index.ts'
import { openStore } from '../../src/store/index.ts'
import { compileText } from '../journal/programs.ts'
import { startServer } from './server.ts'

const PROGRAM = `
import { fetch, CapabilityError, EffectError } from 'anrf:http'
import { readText, writeText } from 'anrf:files'
import { secret } from 'anrf:secrets'
import { sleep } from 'anrf:clock'
import * as kv from 'anrf:kv'

function said(error: any): string {
  if (error instanceof CapabilityError) return 'denied: ' + error.capability
  return error instanceof EffectError ? 'failed: ' + error.code : 'threw ' + error.name
}
export async function load(url: string): Promise<string> {
  try {
    return await (await fetch(url)).text()
  } catch (error) {
    return said(error)
  }
}
/** Does not take no for an answer. */
export async function insist(urls: string[]): Promise<string[]> {
  const results: string[] = []
  for (const url of urls) results.push(await load(url))
  return results
}
export async function read(path: string): Promise<string> {
  try {
    return await readText(path)
  } catch (error) {
    return said(error)
  }
}
/** Whether what a server says changes what all objects are. */
export async function pollute(url: string): Promise<string> {
  const answer = await (await fetch(url)).json()
  const fresh: Record<string, number> = {}
  fresh['own'] = 1
  return [Object.keys(answer).length, Object.keys(fresh).join(), 'isAdmin' in fresh].join()
}
export async function nested(url: string): Promise<string> {
  try {
    return Object.keys(await (await fetch(url)).json()).join()
  } catch (error) {
    return said(error)
  }
}
export async function header(name: string, value: string, url: string): Promise<string> {
  try {
    return await (await fetch(url, { headers: { [name]: value } })).text()
  } catch (error) {
    return said(error)
  }
}
export async function match(url: string): Promise<boolean> {
  return /^(a+)+$/.test(await (await fetch(url)).text())
}
export async function exfiltrate(url: string): Promise<string> {
  const key = await secret('KEY')
  const echoed = await (await fetch(url, { headers: { authorization: 'Bearer ' + key } })).text()
  return [...echoed].map((letter) => letter.codePointAt(0)!.toString(16)).join(' ')
}
export async function flood(calls: number): Promise<number> {
  const all: Promise<void>[] = []
  for (let i = 0; i < calls; i++) all.push(sleep(0))
  await Promise.all(all)
  return all.length
}
export async function giant(kibibytes: number): Promise<string> {
  try {
    await writeText('data/giant.txt', 'x'.repeat(kibibytes * 1024))
    return 'written'
  } catch (error) {
    return said(error)
  }
}
export async function hoard(times: number): Promise<string> {
  try {
    for (let i = 0; i < times; i++) await kv.set('k' + i, 'x'.repeat(1_000_000))
    return 'kept'
  } catch (error) {
    return said(error)
  }
}
/** Leaves a request under way. */
export function abandon(url: string): string {
  void load(url)
  return 'gone'
}
export async function spin(url: string, rounds: number): Promise<number> {
  let n = 0
  await load(url)
  while (n < rounds) n++
  return n
}
`

const TREASURE = 'treasure-51c2'
const SECRET = 'the-k3y-itself'
const root = fs.mkdtempSync(join(tmpdir(), 'anrf-language-'))
fs.mkdirSync(join(root, 'data'))
fs.writeFileSync(join(root, 'data/mine.txt'), 'mine')
fs.writeFileSync(join(root, 'treasure.txt'), TREASURE)
fs.symlinkSync('../treasure.txt', join(root, 'data/link'))
const store = await openStore(join(root, 'store'))
const pool = createPool({ isolation: NO_ISOLATION, size: 1 })
after(async () => {
  await pool.close(0)
  store.close()
  fs.rmSync(root, { recursive: true })
})

let isHere = Promise.withResolvers<void>()
let isGone = Promise.withResolvers<void>()
const inner = await startServer((_, response) => response.end(TREASURE))
const outer = await startServer((request, response) => {
  const { pathname } = new URL(request.url!, 'http://x')
  if (pathname === '/pollute')
    response.end('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}')
  else if (pathname === '/plain') response.end('{"a":{"isAdmin":true},"b":1}')
  else if (pathname === '/nested') response.end('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000))
  else if (pathname === '/bomb') response.end(`${'a'.repeat(60)}!`)
  else if (pathname === '/harmless') response.end('a'.repeat(60))
  else if (pathname === '/echo') response.end(request.headers.authorization)
  else if (pathname === '/slow') {
    isHere.resolve()
    response.on('close', () => isGone.resolve())
  } else if (pathname === '/to') response.writeHead(302, { location: `http://127.0.0.1:${inner.port}/` }).end()
  else response.end('outer')
})
const OUTER = `http://127.0.0.1:${outer.port}`
const INNER = `http://127.0.0.1:${inner.port}`
const inside = `http=+private ${INNER}`
const GRANTED = [`http=+private ${OUTER}`, 'http=http://*:*', 'files=./data', 'kv', 'secrets=KEY']
const SPELLINGS = [
  INNER,
  `http://localhost:${inner.port}`,
  `http://2130706433:${inner.port}`,
  `http://[::ffff:127.0.0.1]:${inner.port}`,
  `${OUTER}/to`,
]

const program = compileText(PROGRAM)
let executions = 0

type Ran = { readonly outcome: Outcome; readonly effects: number }

async function run(
  mode: string,
  entry: string,
  args: readonly Encoded[],
  grants: readonly string[],
  limits: Partial<Limits>,
  signal?: AbortSignal,
): Promise<Ran> {
  const parsed = parseGrants(grants)
  const secret = readSecret('KEY', SECRET, [OUTER])
  assert.ok('grants' in parsed && 'secret' in secret)
  const executionId = `language-${executions++}`
  const host: Host = { root, secrets: [secret.secret], kv: { sql: store.sql, principal: executionId, program: 'p' } }
  const resolved = resolveLimits({ memory: 128 * 2 ** 20, ...limits })
  const performer = createBroker({ executionId, grants: parsed.grants, limits: resolved, host })
  const { writer } = memoryJournal()
  const rest = { journal: writer, past: [], isRepeatable: () => true, elapsed: () => 0 }
  const session = new Session({ performer, limits: resolved, ...rest })
  const request = {
    ...program,
    entry,
    args,
    limits: resolved,
    mode,
    principal: 'tester',
    executionId,
    effects: session,
  }
  const report = await pool.execute(request, signal)
  assert.ok('outcome' in report, JSON.stringify(report))
  return { outcome: report.outcome, effects: report.usage.effects }
}

type Move = {
  readonly args: readonly Encoded[]
  readonly grants?: readonly string[]
  readonly limits?: Partial<Limits>
  readonly is: Encoded
}
type Row = { readonly attack: string; readonly entry: string; readonly move: Move; readonly control: Move }

const row = (attack: string, entry: string, move: Move, control: Move): Row => ({ attack, entry, move, control })

const codes = (text: string): string => [...text].map((letter) => letter.codePointAt(0)!.toString(16)).join(' ')

/** `is` is the value that came, or what ended the run. */
const ROWS: readonly Row[] = [
  row(
    'asks for an inner service in every spelling',
    'insist',
    { args: [SPELLINGS], is: SPELLINGS.map(() => 'denied: http') },
    {
      args: [[INNER, `${OUTER}/to`]],
      grants: [...GRANTED, inside],
      is: [TREASURE, TREASURE],
    },
  ),
  row(
    'reads above its folder',
    'read',
    { args: ['data/../treasure.txt'], is: 'failed: arguments' },
    { args: ['data/mine.txt'], is: 'mine' },
  ),
  row(
    'reads through a link',
    'read',
    { args: ['data/link'], is: 'failed: conflict' },
    { args: ['data/mine.txt'], is: 'mine' },
  ),
  row(
    'reads a folder that was not granted',
    'read',
    { args: ['etc/passwd'], is: 'denied: files' },
    { args: ['data/mine.txt'], is: 'mine' },
  ),
  row(
    'is told by a server what all objects are',
    'pollute',
    { args: [`${OUTER}/pollute`], is: '2,own,false' },
    {
      args: [`${OUTER}/plain`],
      is: '2,own,false',
    },
  ),
  row(
    'is sent JSON without an end of nesting',
    'nested',
    { args: [`${OUTER}/nested`], is: 'limited depth' },
    {
      args: [`${OUTER}/plain`],
      is: 'a,b',
    },
  ),
  row(
    'splits a request by a header',
    'header',
    { args: ['x-a', 'b\r\nx-injected: c', OUTER], is: 'failed: arguments' },
    {
      args: ['x-a', 'b', OUTER],
      is: 'outer',
    },
  ),
  row(
    'asks for another method by a header',
    'header',
    { args: ['X-HTTP-Method-Override', 'DELETE', OUTER], is: 'failed: arguments' },
    {
      args: ['X-Method', 'DELETE', OUTER],
      is: 'outer',
    },
  ),
  row(
    'is sent a text on which a pattern works for ever',
    'match',
    { args: [`${OUTER}/bomb`], limits: { fuel: 5_000_000 }, is: 'limited fuel' },
    {
      args: [`${OUTER}/harmless`],
      limits: { fuel: 5_000_000 },
      is: true,
    },
  ),
  row(
    'spells the secret out that a server echoes',
    'exfiltrate',
    { args: [`${OUTER}/echo`], is: 'gainless' },
    {
      args: [`${OUTER}/`],
      is: codes('outer'),
    },
  ),
  row(
    'calls more effects than it may',
    'flood',
    { args: [200], limits: { effects: 100 }, is: 'limited effects' },
    {
      args: [100],
      limits: { effects: 100 },
      is: 100,
    },
  ),
  row(
    'sends one giant call',
    'giant',
    { args: [40_000], limits: { io: 2 ** 20 }, is: 'limited io' },
    {
      args: [100],
      limits: { io: 2 ** 20 },
      is: 'written',
    },
  ),
  row(
    'sends a call above all bounds of frames',
    'giant',
    { args: [90_000], limits: { memory: 2 ** 30 }, is: 'limited io' },
    {
      args: [100],
      is: 'written',
    },
  ),
  row('keeps more than its space', 'hoard', { args: [20], is: 'failed: quota' }, { args: [3], is: 'kept' }),
  row(
    'works on after an answer',
    'spin',
    { args: [OUTER, 1e12], limits: { fuel: 1_000_000 }, is: 'limited fuel' },
    {
      args: [OUTER, 1000],
      limits: { fuel: 1_000_000 },
      is: 1000,
    },
  ),
]

function resultOf({ outcome }: Ran): Encoded {
  if (outcome.kind === 'returned') return outcome.value
  return outcome.kind === 'limited' ? `limited ${outcome.limit}` : `${outcome.kind} ${JSON.stringify(outcome)}`
}

for (const mode of Object.keys(MODES))
  for (const { attack, entry, move, control } of ROWS)
    test(`a program that ${attack} gains nothing: ${mode}`, async () => {
      const hits = inner.seen.length
      const result = resultOf(await run(mode, entry, move.args, move.grants ?? GRANTED, move.limits ?? {}))
      if (move.is !== 'gainless') assert.deepEqual(result, move.is)
      const shown = JSON.stringify(result)
      for (const hidden of [SECRET, codes(SECRET), TREASURE]) assert.ok(!shown.includes(hidden), shown.slice(0, 500))
      assert.equal(inner.seen.length, hits, 'the inner service was reached')
      const allowed = await run(mode, entry, control.args, control.grants ?? GRANTED, control.limits ?? {})
      assert.deepEqual(resultOf(allowed), control.is)
    })

for (const mode of Object.keys(MODES))
  test(`what a program leaves under way ends with it: ${mode}`, async () => {
    isHere = Promise.withResolvers()
    isGone = Promise.withResolvers()
    const controller = new AbortController()
    const running = run(mode, 'abandon', [`${OUTER}/slow`], GRANTED, {}, controller.signal)
    await isHere.promise
    controller.abort()
    assert.equal((await running).outcome.kind, 'cancelled')
    await isGone.promise
  })
