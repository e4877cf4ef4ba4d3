// Fields that hold nothing but constants and are compared: compiled code keeps them as numbers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findTags } from '../../src/passes/index.ts'
import { moduleOf } from './source.ts'

/** The names of fields that are tags, and their texts. */
function tagsOf(source: string): { names: string[]; texts: string[] } {
  const { names, numbers } = findTags(moduleOf(source))
  return { names: [...names], texts: [...numbers.keys()].toSorted() }
}

const NONE = { names: [], texts: [] }
const UNION = `type Shape = { kind: 'circle'; r: number } | { kind: 'square'; side: number }
  const shapes: Shape[] = [{ kind: 'circle', r: 1 }, { kind: 'square', side: 2 }]`

test('a switch over the kinds of a union, and a comparison with one of them', () => {
  const found = { names: ['kind'], texts: ['circle', 'square'] }
  const compared = `${UNION}\nexport const f = (): number => shapes.filter((s) => s.kind === 'circle').length`
  assert.deepEqual(tagsOf(compared), found)
  const chosen = `${UNION}\nexport function f(i: number): number { switch (shapes[i]!.kind) { case 'circle': return 1; default: return 2 } }`
  assert.deepEqual(tagsOf(chosen), found)
})

test('what nobody compares is a text', () => {
  assert.deepEqual(tagsOf(`${UNION}\nexport const f = (i: number): string => shapes[i]!.kind`), NONE)
})

test('choices between constants, and copies of tags', () => {
  const source = `interface Door { state: string; width: number }
    const toggle = (d: Door): Door => ({ ...d, state: d.state === 'open' ? 'shut' : 'open' })
    const wider = (d: Door): Door => ({ ...d, width: d.width + 1 })
    export const f = (n: number): string => wider(toggle({ state: n > 0 ? 'open' : 'stuck', width: n })).state`
  assert.deepEqual(tagsOf(source), { names: ['state'], texts: ['open', 'shut', 'stuck'] })
})

test('a text that is computed, empty or long makes its field no tag, in all objects that have one of the name', () => {
  for (const value of ['`${n}`', "''", `'${'x'.repeat(65)}'`]) {
    const source = `const a = { kind: 'a', n: 1 }
      export const f = (n: number): boolean => a.kind === 'a' && { kind: ${value}, m: [n] }.kind === 'a'`
    assert.deepEqual(tagsOf(source), NONE, value)
  }
})

test('arguments of entries and errors have any text', () => {
  const given = `type A = { kind: string }
    export const f = (a: A): boolean => a.kind === 'a' || { kind: 'b', n: 1 }.kind === 'b'`
  assert.deepEqual(tagsOf(given), NONE)
  const failed = `class Failure extends Error { kind = 'late' }
    export const f = (): boolean => new Failure('x').kind === 'late'`
  assert.deepEqual(tagsOf(failed), NONE)
})

test('a field that may be left out is no tag', () => {
  const source = `const all: { kind?: 'a' | 'b' }[] = [{ kind: 'a' }, {}]
    export const f = (): number => all.filter((x) => x.kind === 'a').length`
  assert.deepEqual(tagsOf(source), NONE)
})

test('parameters of functions that are called by their names', () => {
  const source = `type Kind = 'number' | 'name' | 'end'
    class Token { constructor(readonly kind: Kind, readonly text: string) {} }
    const make = (kind: Kind, text: string): Token => new Token(kind, text)
    export function f(text: string): number {
      const tokens = [make(text === '' ? 'end' : 'number', text), new Token('name', text)]
      return tokens.filter((token) => token.kind === 'number').length
    }`
  assert.deepEqual(tagsOf(source), { names: ['kind'], texts: ['end', 'name', 'number'] })
})

test('parameters of functions that are values or entries, and such as are set, are any text', () => {
  const used = "export const f = (n: number): boolean => make('a', n).kind === 'a'"
  const make = 'const make = (kind: string, n: number): { kind: string; n: number } => ({ kind, n })'
  const value = `${make}\nconst makers = [make]\nexport const g = (n: number): number => makers[n]!('b', n).n\n${used}`
  assert.deepEqual(tagsOf(value), NONE)
  assert.deepEqual(tagsOf(`export ${make}\n${used}`), NONE)
  const set = `function make(kind: string, n: number): { kind: string; n: number } { if (n > 0) kind = kind + n; return { kind, n } }\n${used}`
  assert.deepEqual(tagsOf(set), NONE)
})
