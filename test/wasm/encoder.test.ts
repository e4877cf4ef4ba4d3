// The binary format, checked by two readers that share no code with us: V8 and Binaryen.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { compile } from '../../src/front/index.ts'
import { checkModule, type Module } from '../../src/ir/index.ts'
import { findCallCycles } from '../../src/passes/index.ts'
import { ByteWriter } from '../../src/wasm/encoder/index.ts'
import { lowerModule } from '../../src/wasm/lower/index.ts'
import { library } from '../golden/anrf.ts'
import { generateModule } from '../ir/generate.ts'
import { isValidForBinaryen } from './binaryen.ts'

const PROGRAMS = join(import.meta.dirname, '../../bench/programs')

function written(write: (out: ByteWriter) => void): number[] {
  const out = new ByteWriter()
  write(out)
  return [...out.bytes]
}

test('numbers are written as LEB128 (core spec 5.2.2)', () => {
  const unsigned = (value: number): number[] => written((out) => out.u32(value))
  const signed = (value: number): number[] => written((out) => out.s32(value))
  assert.deepEqual(unsigned(0), [0])
  assert.deepEqual(unsigned(127), [0x7f])
  assert.deepEqual(unsigned(128), [0x80, 1])
  assert.deepEqual(unsigned(624_485), [0xe5, 0x8e, 0x26])
  assert.deepEqual(unsigned(2 ** 32 - 1), [0xff, 0xff, 0xff, 0xff, 0x0f])
  assert.deepEqual(signed(63), [0x3f])
  assert.deepEqual(signed(64), [0xc0, 0])
  assert.deepEqual(signed(-64), [0x40])
  assert.deepEqual(signed(-123_456), [0xc0, 0xbb, 0x78])
  assert.deepEqual(signed(-(2 ** 31)), [0x80, 0x80, 0x80, 0x80, 0x78])
  assert.deepEqual(
    written((out) => out.s64(-1n)),
    [0x7f],
  )
  assert.deepEqual(
    written((out) => out.s64(2n ** 63n - 1n)),
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0],
  )
})

test('a writer grows without losing what was written', () => {
  const bytes = written((out) => {
    for (let i = 0; i < 100_000; i++) out.u8(i & 0xff)
    out.f64(-0)
    out.name('é')
  })
  assert.equal(bytes.length, 100_000 + 8 + 3)
  assert.equal(bytes[99_999], 99_999 & 0xff)
  assert.deepEqual(bytes.slice(-11), [0, 0, 0, 0, 0, 0, 0, 0x80, 2, 0xc3, 0xa9])
})

function bytesOf(module: Module): Uint8Array<ArrayBuffer> {
  return lowerModule(module, findCallCycles(module), { charges: true }).bytes
}

function assertValid(bytes: Uint8Array<ArrayBuffer>, what: string): void {
  assert.ok(WebAssembly.validate(bytes, { builtins: ['js-string'] }), `V8 refuses ${what}`)
  assert.ok(isValidForBinaryen(bytes), `Binaryen refuses ${what}`)
}

test('V8 and Binaryen take every benchmark program', () => {
  const files = readdirSync(PROGRAMS).filter((file) => file.endsWith('.ts'))
  assert.ok(files.length >= 10)
  for (const file of files) {
    const source = readFileSync(join(PROGRAMS, file), 'utf8')
    const compiled = compile({ read: (path) => (path === file ? source : undefined) }, library, { main: file })
    assert.ok(compiled.program, file)
    assertValid(bytesOf(compiled.program.module), file)
  }
})

test('V8 and Binaryen take random modules', () => {
  let count = 0
  for (let seed = 0; seed < 150; seed++) {
    const module = generateModule(seed)
    if (checkModule(module).length > 0) continue
    assertValid(bytesOf(module), `seed ${seed}`)
    count++
  }
  assert.ok(count > 100)
})

test('a byte that is changed is noticed, so that the two readers are no mere formality', () => {
  const bytes = bytesOf(generateModule(3))
  const broken = bytes.slice()
  // The first byte behind the header is the number of the section of types.
  broken[8] = 2
  assert.equal(WebAssembly.validate(broken, { builtins: ['js-string'] }), false)
  assert.throws(() => isValidForBinaryen(broken))
})

test('the same module gives the same bytes', () => {
  assert.deepEqual(bytesOf(generateModule(7)), bytesOf(generateModule(7)))
})

/** A reader of the unsigned LEB128 numbers of some bytes (core spec 5.2.2). */
function readerOf(bytes: Uint8Array): { at: number; u32(): number } {
  return {
    at: 0,
    u32() {
      let value = 0
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[this.at++]!
        value |= (byte & 0x7f) << shift
        if (byte < 0x80) return value >>> 0
      }
    },
  }
}

/** The bodies of the functions that a module defines, from where each declares its locals. */
function bodiesOf(bytes: Uint8Array): Uint8Array[] {
  const reader = readerOf(bytes)
  reader.at = 8
  for (;;) {
    const id = bytes[reader.at++]
    const size = reader.u32()
    if (id === 10) break
    reader.at += size
  }
  return Array.from({ length: reader.u32() }, () => {
    const size = reader.u32()
    reader.at += size
    return bytes.subarray(reader.at - size, reader.at)
  })
}

/** What the declarations of Node leave out of `WebAssembly.Module` (WebAssembly JavaScript Interface 5.1). */
const looks = WebAssembly.Module as unknown as {
  customSections(module: WebAssembly.Module, name: string): ArrayBuffer[]
  imports(module: WebAssembly.Module): { readonly kind: string }[]
}

test('hints of branches are at branches, in order, and stand before the code', () => {
  const IF = 0x04
  const BR_IF = 0x0d
  for (const seed of [1, 2, 3, 4, 5]) {
    const bytes = bytesOf(generateModule(seed))
    const compiled = new WebAssembly.Module(bytes)
    const [section] = looks.customSections(compiled, 'metadata.code.branch_hint')
    assert.ok(section)
    const bodies = bodiesOf(bytes)
    const imported = looks.imports(compiled).filter(({ kind }) => kind === 'function').length
    const hints = readerOf(new Uint8Array(section))
    let count = 0
    for (let funcs = hints.u32(); funcs > 0; funcs--) {
      const body = bodies[hints.u32() - imported]!
      for (let left = hints.u32(), last = -1; left > 0; left--, count++) {
        const offset = hints.u32()
        assert.ok(offset > last && [IF, BR_IF].includes(body[offset]!), `seed ${seed}: ${body[offset]} at ${offset}`)
        assert.deepEqual([hints.u32(), hints.u32() <= 1], [1, true])
        last = offset
      }
    }
    assert.equal(hints.at, section.byteLength)
    assert.ok(count > 10)
  }
})
