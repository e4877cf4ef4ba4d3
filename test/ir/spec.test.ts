import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { TRAPS } from '../../src/base/index.ts'
import { OP_NAMES, opRow } from '../../src/ir/index.ts'
import { OP_RULES } from '../../src/ir/check/op-rules.ts'
import { signatureOf } from '../../src/ir/signature.ts'
import { printOpRules, printOpsTables, printRules } from '../../src/ir/spec.ts'

const spec = join(import.meta.dirname, '../../spec')

/** What is printed from the code, between two comments of a chapter. `ANRF_UPDATE=1` rewrites it. */
const PRINTED = [
  ['ops.md', 'ops', printOpsTables],
  ['checking.md', 'rules', printRules],
  ['checking.md', 'op-rules', printOpRules],
] as const

for (const [file, mark, print] of PRINTED) {
  test(`the ${mark} of spec/${file} are those of the code`, () => {
    const path = join(spec, file)
    const text = readFileSync(path, 'utf8')
    const expected = text.replace(
      new RegExp(`(<!-- ${mark} -->\n)[^]*?(<!-- end -->)`),
      (_, open: string, close: string) => `${open}\n${print()}\n\n${close}`,
    )
    if (process.env['ANRF_UPDATE'] === '1') writeFileSync(path, expected)
    else assert.equal(text, expected, 'ANRF_UPDATE=1 rewrites the chapter')
  })
}

test('operations have distinct codes, a meaning and a signature', () => {
  const codes = new Set(OP_NAMES.map((name) => opRow(name).code))
  assert.equal(codes.size, OP_NAMES.length)
  for (const name of OP_NAMES) {
    const row = opRow(name)
    assert.match(name, /^[a-z][a-z0-9]*(\.[a-z][a-z0-9_]*)?$/)
    assert.ok(row.doc.length >= 3 && !row.doc.endsWith('.') && !row.doc.includes('|'), name)
    assert.ok(signatureOf(name).params.length <= 4, name)
    for (const trap of row.traps ?? []) assert.ok(Object.hasOwn(TRAPS, trap))
  }
})

test('what a signature leaves open a rule decides', () => {
  for (const name of OP_NAMES) if (opRow(name).sig.includes('*')) assert.ok(Object.hasOwn(OP_RULES, name), name)
})

test('what an operation evaluates to is of its result type, and it throws only what its row says', () => {
  const samples = {
    f64: [0, -0, 1.5, NaN, -Infinity, 2 ** 32],
    i32: [0, -1, 5],
    bool: [true, false],
    string: ['', 'a\ud800', '0x10'],
    bigint: [0n, -1n, 70n, -(2n ** 64n)],
  }
  const kinds = { f64: 'number', i32: 'number', bool: 'boolean', string: 'string', bigint: 'bigint' }
  const isScalar = (kind: string): kind is keyof typeof samples => Object.hasOwn(samples, kind)
  for (const name of OP_NAMES) {
    const row = opRow(name)
    if (!row.eval) continue
    const { params, result } = signatureOf(name)
    const types = params.map((p) => (p.kind === 'plain' ? p.type.kind : 'none')).filter(isScalar)
    assert.equal(types.length, params.length, name)
    const inputs = types.reduce<unknown[][]>(
      (all, kind) => all.flatMap((args) => samples[kind].map((v) => [...args, v])),
      [[]],
    )
    for (const args of inputs) {
      try {
        const value = row.eval(...(args as never[]))
        const inner = result.kind === 'optional' ? result.of : result
        if (value === undefined) assert.equal(result.kind, 'optional', name)
        else if (inner.kind === 'plain' && isScalar(inner.type.kind))
          assert.equal(typeof value, kinds[inner.type.kind], name)
        if (inner.kind === 'plain' && inner.type.kind === 'i32') assert.equal((value as number) | 0, value, name)
      } catch (error) {
        assert.ok(
          error instanceof Error && row.throws?.some((thrown) => thrown === error.name),
          `${name}: ${String(error)}`,
        )
      }
    }
  }
})
