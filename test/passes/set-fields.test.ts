// Fields that are there whenever somebody reads them: what constructors set before they show the instance to anybody.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findSetFields } from '../../src/passes/index.ts'
import { moduleOf } from './source.ts'

/** By class, the names of the fields that are always set. */
function setFieldsOf(source: string): Record<string, string[]> {
  const module = moduleOf(source)
  const found = findSetFields(module)
  const classes = module.objects.flatMap((def, id) => (def.role === 'class' ? [{ def, id }] : []))
  return Object.fromEntries(
    classes.map(({ def, id }) => [def.name, [...found[id]!].toSorted((a, b) => a - b).map((i) => def.fields[i]!.name)]),
  )
}

test('a constructor may read what it has set', () => {
  const source = `class A { a = 1; b = this.a + 1; c: number; constructor(n: number) { this.c = n > this.b ? this.a : n } }
    export const f = (n: number): number => new A(n).c`
  assert.deepEqual(setFieldsOf(source), { A: ['a', 'b', 'c'] })
})

test('what the constructor of the base class sets counts, as long as it shows the instance to nobody', () => {
  const hidden = `class A { a: number; constructor(n: number) { this.a = n } } class B extends A { b: number; constructor(n: number) { super(n); this.b = n } }
    export const f = (n: number): number => new B(n).b + new A(n).a`
  assert.deepEqual(setFieldsOf(hidden), { A: ['a'], B: ['a', 'b'] })
  const shown = `const all: A[] = []
    class A { a: number; late = 0; constructor(n: number) { this.a = n; all.push(this); this.late = n } }
    class B extends A { b: number; constructor(n: number) { super(n); this.b = n } }
    export const f = (n: number): number => new B(n).b + new A(n).late + all.length`
  assert.deepEqual(setFieldsOf(shown), { A: ['a', 'late'], B: ['a', 'late'] })
})

test('a method that the constructor calls sees what is not set yet', () => {
  const source = `class A { a = 1; b: number; constructor() { this.tell(); this.b = 2 } tell(): void { console.log(this.a) } }
    export const f = (): number => new A().b`
  assert.deepEqual(setFieldsOf(source), { A: ['a'] })
})

test('nothing counts behind a condition that sets fields, or behind a return', () => {
  const source = `class A { a: number; b: number | undefined; constructor(n: number) { if (n > 0) this.b = n; this.a = n } }
    class C { a = 0; b: number; constructor(n: number) { if (n > 0) { this.b = 1; return } this.b = n } }
    export const f = (n: number): number => new A(n).a + new C(n).a + new C(n).b`
  // A field that may be undefined is so from the start.
  assert.deepEqual(setFieldsOf(source), { A: ['b'], C: ['a'] })
})

test('methods that call others twice, forty deep, are looked at once each', () => {
  const methods = Array.from({ length: 40 }, (_, i) => `m${i}(): void { this.m${i + 1}(); this.m${i + 1}() }`)
  const source = `class A { a: number; constructor(n: number) { this.m0(); this.a = n } ${methods.join(' ')} m40(): void {} }
    export const f = (n: number): number => new A(n).a`
  assert.deepEqual(setFieldsOf(source), { A: ['a'] })
})
