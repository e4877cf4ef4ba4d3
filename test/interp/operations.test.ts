import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { OPCODES } from '../../src/interp/opcodes.ts'
import { BIGINT, BOOL, F64, I32, OP_NAMES, opRow, STRING, unionOf, UNDEFINED, type Type } from '../../src/ir/index.ts'
import { findCallCycles } from '../../src/passes/index.ts'
import { compileModule, Machine } from '../../src/interp/index.ts'
import { Thrown } from '../../src/values/index.ts'
import { resolveLimits } from '../../src/base/index.ts'
import { func, get, module, op, ret } from './build.ts'

const EDGES: { readonly [kind: string]: readonly unknown[] } = {
  f64: [
    0,
    -0,
    1,
    -1,
    0.5,
    1.5,
    -2.5,
    3,
    31,
    32,
    100,
    1e21,
    5e-324,
    2 ** 31,
    2 ** 32 + 1,
    2 ** 53,
    NaN,
    Infinity,
    -Infinity,
  ],
  i32: [0, 1, -1, 31, 32, 2 ** 31 - 1, -(2 ** 31)],
  bool: [true, false],
  bigint: [0n, 1n, -1n, 3n, 64n, -(2n ** 63n), 2n ** 64n + 1n],
  string: ['', 'a', 'abcabc', ' 12 ', '0x1F', '-1e3', 'ß', '\ud800', '😀b', '$&$1', 'NFC', 'İ'],
}

const TYPES: { readonly [name: string]: Type } = {
  f64: F64,
  i32: I32,
  bool: BOOL,
  bigint: BIGINT,
  string: STRING,
  'f64?': unionOf([F64, UNDEFINED]),
  'string?': unionOf([STRING, UNDEFINED]),
}

/** Every combination of edge values for the operands; of three or more operands every seventh, so that tests stay quick. */
function combinations(kinds: readonly string[]): unknown[][] {
  let lists: unknown[][] = [[]]
  for (const kind of kinds) lists = lists.flatMap((list) => EDGES[kind]!.map((value) => [...list, value]))
  return kinds.length < 3 ? lists : lists.filter((_, i) => i % 7 === 0)
}

function expected(meaning: (...args: never[]) => unknown, args: readonly unknown[]): unknown {
  try {
    return { value: meaning(...(args as never[])) }
  } catch (error) {
    return { threw: `${(error as Error).name}: ${(error as Error).message}` }
  }
}

test('operations that have a meaning in the table give exactly it, by their own instruction and in the general way', () => {
  let ran = 0
  for (const name of OP_NAMES) {
    const { eval: meaning, sig } = opRow(name)
    const [, operands = '', result = ''] = /^\((.*)\) -> (.*)$/.exec(sig) ?? []
    const kinds = operands === '' ? [] : operands.split(', ')
    if (!meaning || !TYPES[result] || !kinds.every((kind) => TYPES[kind])) continue
    const params = kinds.map((kind) => TYPES[kind]!)
    const call = op(
      name,
      TYPES[result],
      params.map((type, i) => get(i, type)),
    )
    const program = module([func({ params, result: TYPES[result], body: [ret(call)] })])
    const codes = [true, false].map((plain) => compileModule(program, findCallCycles(program), { plain, debug: false }))
    for (const args of combinations(kinds)) {
      const wanted = expected(meaning, args)
      for (const code of codes) {
        const machine = new Machine(code, resolveLimits({ memory: 2 ** 31 }), { log: () => undefined })
        machine.start(0, args)
        const state = machine.resume()
        const failure = state.kind === 'failed' ? state.failure : undefined
        const got = failure instanceof Thrown ? { threw: String(failure.value) } : { value: machine.result(0) }
        assert.deepStrictEqual(got, wanted, `${name}(${args.map(String).join(', ')})`)
        ran++
      }
    }
  }
  assert.ok(ran > 10_000, `only ${ran} calls`)
})

test('every meaning in the table is reached by the test above', () => {
  const missed = OP_NAMES.filter((name) => {
    const { eval: meaning, sig } = opRow(name)
    const words = /^\((.*)\) -> (.*)$/.exec(sig)
    return meaning && (!words || !TYPES[words[2]!] || !words[1]!.split(', ').every((kind) => TYPES[kind]))
  })
  assert.deepStrictEqual(missed, [])
})

test('the dispatch loop has exactly the instructions of the table, by number and name', () => {
  const source = readFileSync(new URL('../../src/interp/loop.ts', import.meta.url), 'utf8')
  const found = [...source.matchAll(/case (\d+): \/\* (\w+) \*\//g)].map(([, number, name]) => [name, Number(number)])
  assert.deepStrictEqual(Object.fromEntries(found), { ...OPCODES })
  assert.equal(found.length, Object.keys(OPCODES).length)
  assert.deepStrictEqual(
    found.map(([, number]) => number),
    found.map((_, i) => i),
  )
})
