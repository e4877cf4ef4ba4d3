// What a program does four times as often costs about four times as much: the prelude keeps nothing that only grows, and goes
// through nothing that it could look up. Work is counted in fuel and in bytes, which all machines agree on.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '../../src/front/index.ts'
import { prepareModule, run, type Program } from '../../src/engine/index.ts'
import { library } from '../golden/anrf.ts'
import { scriptedPort } from '../golden/scripted-port.ts'

/** Bodies of functions that do something `n` times. */
const REPEATED: Readonly<Record<string, string>> = {
  'listeners are added to a signal and removed': `
    const { signal } = new AbortController()
    for (let i = 0; i < n; i++) {
      const heard = () => {}
      signal.addEventListener('abort', heard)
      signal.removeEventListener('abort', heard)
    }`,
  'keys are added to a map and deleted': `
    const m = new Map<number, number>()
    for (let i = 0; i < n; i++) {
      m.set(i, i)
      m.delete(i - 8)
    }`,
  'a set is gone through while it grows and shrinks': `
    const s = new Set([0])
    for (const x of s) {
      s.delete(x)
      if (x < n) s.add(x + 1)
    }`,
  'properties are added to a dictionary and deleted': `
    const d: Record<string, number> = {}
    for (let i = 0; i < n; i++) {
      d['k' + i] = i
      delete d['k' + (i - 8)]
    }`,
  'a short queue takes and gives': `
    const q = [1, 2, 3]
    for (let i = 0; i < n; i++) {
      q.push(i)
      q.shift()
    }`,
  'a text is put together': `
    let s = ''
    for (let i = 0; i < n; i++) s += 'word '
    if (s.length !== 5 * n) throw new Error()`,
  'words are taken from a text': `
    const word = /[a-z]+\\s*/y
    const text = 'word '.repeat(n)
    let count = 0
    while (word.test(text)) count++
    if (count !== n) throw new Error()`,
  'what has been there is awaited': `
    for (let i = 0; i < n; i++) await i`,
  'promises wait for one another': `
    let p = Promise.resolve(0)
    for (let i = 0; i < n; i++) p = p.then((x) => x + 1)
    if ((await p) !== n) throw new Error()`,
  'timers are set and cleared': `
    for (let i = 0; i < n; i++) clearTimeout(setTimeout(() => {}, 1000))`,
  'a generator is gone through': `
    function* count() { for (let i = 0; i < n; i++) yield i }
    for (const x of count()) if (x < 0) throw new Error()`,
  'a list is sorted that is in order': `
    Array.from({ length: n }, (_, i) => i).sort((a, b) => a - b)`,
}

const FEW = 64
const MORE = 4
/** A list is sorted in n log n; a step of what doubles may lie between. Once more for each that came before would be sixteen. */
const MOST = 7

function prepare(body: string): Program {
  const source = `export async function main(n: number): Promise<void> {${body}\n}\n`
  const { program, diagnostics } = compile({ read: () => source }, library, { main: 'main.ts' })
  assert.ok(program, JSON.stringify(diagnostics))
  const prepared = prepareModule(program.module)
  assert.ok('program' in prepared)
  return prepared.program
}

function workOf(program: Program, n: number): { fuel: number; bytes: number } {
  const host = { log: () => {}, effects: scriptedPort() }
  const { outcome, usage } = run(program, { entry: 'main', args: [n], mode: 'interpret', host })
  assert.equal(outcome.kind, 'returned')
  return { fuel: usage.fuel, bytes: usage.allocatedBytes }
}

for (const [what, body] of Object.entries(REPEATED))
  test(`${what}: ${MORE} times as often is about ${MORE} times the work`, () => {
    const program = prepare(body)
    const few = workOf(program, FEW)
    const many = workOf(program, FEW * MORE)
    assert.ok(many.fuel <= few.fuel * MOST, `fuel ${few.fuel} and ${many.fuel}`)
    assert.ok(many.bytes <= few.bytes * MOST, `bytes ${few.bytes} and ${many.bytes}`)
  })

test('work that is done again for all that came before is told apart', () => {
  const program = prepare('const xs: number[] = []\nfor (let i = 0; i < n; i++) { xs.push(i); xs.indexOf(-1) }')
  assert.ok(workOf(program, FEW * MORE).fuel > workOf(program, FEW).fuel * MOST)
})
