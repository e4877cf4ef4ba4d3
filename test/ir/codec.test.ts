import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BOUNDS,
  checkModule,
  decodeModule,
  encodeModule,
  ERROR_OBJECT,
  F64,
  printModule,
  tupleOf,
  UNDEFINED,
  type Expr,
  type Module,
  type Stmt,
  type Type,
} from '../../src/ir/index.ts'
import { generateModule } from './generate.ts'
import { makeRandom } from './random.ts'

const SPAN = { file: 0, start: 3, end: 9 }
const nothing: Expr = { kind: 'const', value: undefined, type: UNDEFINED, span: SPAN }

/** A module with one function of the given body. */
function moduleOf(body: readonly Stmt[], more: Partial<Module> = {}): Module {
  const func = { name: 'f', params: [], captures: [], locals: [], result: UNDEFINED, body, span: SPAN }
  return { files: [], objects: [ERROR_OBJECT], globals: [], funcs: [func], init: 0, entries: [], ...more }
}

function messageOf(bytes: Uint8Array): string {
  const decoded = decodeModule(bytes)
  assert.ok('diagnostics' in decoded, 'the bytes are a module')
  assert.deepEqual(
    decoded.diagnostics.map((d) => d.code),
    ['ANRF2001'],
  )
  return decoded.diagnostics[0]!.message
}

test('a module is the same after encoding and decoding', () => {
  for (let seed = 1000; seed < 1150; seed++) {
    const module = generateModule(seed)
    const decoded = decodeModule(encodeModule(module))
    assert.deepStrictEqual(decoded, { module }, `seed ${seed}`)
  }
})

test('equal modules have equal bytes, whoever holds their types', () => {
  for (let seed = 0; seed < 50; seed++) {
    const module = generateModule(seed)
    assert.deepEqual(encodeModule(structuredClone(module)), encodeModule(module), `seed ${seed}`)
  }
})

test('numbers keep their bits and strings their code units', () => {
  const values = [0, -0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53, 0.1, 5e-324, NaN, Infinity, -Infinity]
  const strings = ['', '\0', 'é', '😀', '\ud83d', '\ude00\ud83d', '\ufeffx', '\uffff']
  const consts = [...values, ...strings, true, false, null, undefined].map((value): Stmt => ({
    kind: 'expr',
    expr: { kind: 'const', value, type: F64, span: SPAN },
    span: SPAN,
  }))
  const module = moduleOf(consts)
  assert.deepStrictEqual(decodeModule(encodeModule(module)), { module })
})

test('every prefix of a module and every byte after its end is refused', () => {
  const bytes = encodeModule(generateModule(7))
  for (let length = 0; length < bytes.length; length++) messageOf(bytes.slice(0, length))
  assert.match(messageOf(Uint8Array.of(...bytes, 0)), /bytes follow the end/)
})

test('what is not canonical is refused', () => {
  const bytes = [...encodeModule(moduleOf([{ kind: 'return', value: nothing, span: SPAN }]))]
  const magic = bytes.slice(0, 5)
  assert.match(messageOf(Uint8Array.from([0, 97, 115, 109, ...bytes.slice(4)])), /not an IR module/)
  assert.match(messageOf(Uint8Array.from([...magic.slice(0, 4), 3, ...bytes.slice(5)])), /version/)
  const [count, ...rest] = bytes.slice(5)
  assert.match(messageOf(Uint8Array.from([...magic, count! + 128, 0, ...rest])), /needless digits/)
  // The same module with a string that nobody uses in front of the table.
  assert.match(messageOf(Uint8Array.from([...magic, count! + 1, 2, 65, ...rest])), /./)
})

test('forms of functions are in the second version only, and no others than there are', () => {
  const formed = (form: string): Uint8Array => {
    const module = moduleOf([{ kind: 'return', value: nothing, span: SPAN }])
    return encodeModule({ ...module, funcs: module.funcs.map((func) => ({ ...func, form })) })
  }
  const decoded = decodeModule(formed('class A'))
  assert.ok('module' in decoded)
  assert.equal(decoded.module.funcs[0]?.form, 'class A')
  assert.equal(formed('class A')[4], 2)
  assert.match(messageOf(formed('Function')), /no such form/)
  assert.match(messageOf(formed('')), /canonical/)
})

test('a short input never claims a long list', () => {
  const head = [0, 0x61, 0x69, 0x72, 1]
  for (const claim of [[255, 255, 255, 255, 15], [255, 255, 255, 255, 255, 255, 255, 15], Array<number>(9).fill(255)])
    assert.match(messageOf(Uint8Array.from([...head, ...claim])), /longer than the bytes|too l/)
})

test('types that double in size with each entry are refused', () => {
  let type: Type = F64
  for (let i = 0; i < 31; i++) type = tupleOf([type, type])
  assert.match(messageOf(encodeModule(moduleOf([], { globals: [{ name: 'g', type }] }))), /type is too large/)
})

test('nesting is read up to the bound and refused beyond it', () => {
  const nest = (depth: number): Module => {
    let expr: Expr = { kind: 'const', value: true, type: { kind: 'bool' }, span: SPAN }
    for (let i = 2; i < depth; i++)
      expr = { kind: 'op', op: 'bool.not', imm: [], args: [expr], type: expr.type, span: SPAN }
    return moduleOf([{ kind: 'expr', expr, span: SPAN }])
  }
  const deep = nest(BOUNDS.depth)
  assert.deepStrictEqual(
    checkModule(deep).map((d) => d.message.split(':')[0]),
    ['path'],
  )
  assert.ok('module' in decodeModule(encodeModule(deep)))
  assert.match(messageOf(encodeModule(nest(BOUNDS.depth + 1))), /deeper/)
})

test('changed bytes are refused or are another module with these bytes', () => {
  const seed = 20_260
  const random = makeRandom(seed)
  // Small ones, since most time goes into what is accepted.
  const originals = Array.from({ length: 150 }, (_, i) =>
    encodeModule(generateModule(i, [{ funcs: 1, stmts: 1 + (i % 2), depth: 1 + (i % 2), applied: 8 }])),
  )
  originals.sort((a, b) => a.length - b.length).splice(60)
  let accepted = 0
  const count = 200_000
  for (let round = 0; round < count; round++) {
    const bytes = mutate(random.pick(originals), random)
    const decoded = decodeModule(bytes)
    if ('diagnostics' in decoded) continue
    accepted++
    assert.deepEqual(encodeModule(decoded.module), bytes, `seed ${seed} round ${round}`)
    // What follows decoding must also stand any module that was decoded.
    const faults = checkModule(decoded.module)
    if (accepted % 20 === 0) assert.ok(printModule(decoded.module).length > 0 && faults.length <= BOUNDS.diagnostics)
  }
  assert.ok(accepted > count / 100, `only ${accepted} of ${count} were modules`)
})

/** Flips bits, removes, inserts or cuts bytes, or makes them up behind a true beginning. */
function mutate(original: Uint8Array, random: ReturnType<typeof makeRandom>): Uint8Array {
  const { int } = random
  const at = int(original.length)
  const join = (head: Uint8Array, tail: Uint8Array): Uint8Array => {
    const joined = new Uint8Array(head.length + tail.length)
    joined.set(head)
    joined.set(tail, head.length)
    return joined
  }
  switch (int(6)) {
    case 0:
      return original.slice(0, at)
    case 1:
      return join(join(original.subarray(0, at), Uint8Array.of(int(256))), original.subarray(at))
    case 2:
      return join(original.subarray(0, at), original.subarray(at + 1 + int(4)))
    case 3:
      return join(
        original.subarray(0, int(40)),
        new Uint8Array(int(20)).map(() => int(256)),
      )
    default: {
      const changed = original.slice()
      for (let i = 0; i <= int(2); i++) changed[int(changed.length)]! ^= 1 << int(8)
      return changed
    }
  }
}
