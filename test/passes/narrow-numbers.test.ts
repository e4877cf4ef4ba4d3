import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolveLimits, type Encoded } from '../../src/base/index.ts'
import { INTERPRET } from '../../src/engine/interpret.ts'
import { checkModule, eachExpr, parseModule, printModule, type Module } from '../../src/ir/index.ts'
import { findCallCycles, narrowNumbers } from '../../src/passes/index.ts'
import { generateModule } from '../ir/generate.ts'
import { STILL_WORLD } from '../../src/effects/index.ts'
import { makeLoopProgram } from './loop-programs.ts'

/** Everything that a run shows, in the mode that takes modules as they are. */
function observe(module: Module, entry: string, args: readonly Encoded[], fuel: number): unknown {
  const logs: string[] = []
  const host = { log: (level: string, line: string): void => void logs.push(`${level} ${line}`) }
  const limits = resolveLimits({ fuel, memory: 2 ** 28 })
  const report = INTERPRET.compile(module, findCallCycles(module)).run({
    entry,
    args,
    limits,
    world: STILL_WORLD,
    host,
  })
  return { ...report, usage: { ...report.usage, wallMs: 0 }, logs }
}

const ARGUMENTS: readonly (readonly Encoded[])[] = [
  [0, 3],
  [10, -1],
  [2 ** 31 - 1, -(2 ** 31)],
  [{ $: 'NaN' }, 0.5],
  [{ $: '-0' }, { $: 'Infinity' }],
  [2 ** 53, 3002399751580331],
  [16, -0.2],
]

/** How many operations of a module are on i32. */
function countBits(module: Module): number {
  let count = 0
  for (const func of module.funcs)
    for (const e of eachExpr(func.body)) if (e.kind === 'op' && e.op.startsWith('i32.')) count++
  return count
}

test('random loops over numbers run the same after the pass', () => {
  let narrowed = 0
  for (let seed = 1; seed <= 1500; seed++) {
    const module = makeLoopProgram(seed)
    const fuel = [50, 400, 2000][seed % 3]!
    const after = narrowNumbers(module, fuel)
    assert.deepEqual(checkModule(after), [], `seed ${seed}`)
    if (countBits(after) !== countBits(module)) narrowed++
    for (const args of ARGUMENTS)
      assert.deepEqual(observe(after, 'main', args, fuel), observe(module, 'main', args, fuel), `seed ${seed}`)
  }
  assert.ok(narrowed > 500, `only ${narrowed} programs were changed`)
})

test('random modules of every operation are accepted after the pass', () => {
  for (let seed = 1; seed <= 300; seed++)
    assert.deepEqual(checkModule(narrowNumbers(generateModule(seed), 2 ** 31 - 2)), [], `seed ${seed}`)
})

/** The function of a module with one function and one initialiser, after the pass. */
function narrowText(body: string, fuelMax: number): string {
  return printModule(narrowNumbers(moduleOf(body), fuelMax)).split('\n\n')[1]!
}

/** A module with one function and one initialiser. */
function moduleOf(body: string): Module {
  const parsed = parseModule(`anrf ir 1
error 0 Error { name!: string, message!: string }

${body}

fn init#1() -> undefined {
  return undefined
}

init #1
entry main #0 (list: array<f64>, n: f64) -> f64
`)
  if (!('module' in parsed)) throw new Error(JSON.stringify(parsed))
  return parsed.module
}

const COUNTING = `fn main#0(list#0: array<f64>, n#1: f64) -> f64 {
  var i#2: f64
  var sum#3: f64
  loop $0 while f64.lt(i#2, n#1) {
    sum#3 = f64.add(sum#3, array.get(list#0, i#2))
  } update {
    i#2 = f64.add(i#2, 1)
  }
  return sum#3
}`

test('a counter is an i32 when fuel ends the run before it leaves them', () => {
  assert.match(narrowText(COUNTING, 2 ** 31 - 2), /var i#2: i32/)
  assert.match(
    narrowText(COUNTING.replace('sum#3 = f64.add(sum#3, array.get(list#0, i#2))', ''), 2 ** 31 - 2),
    /var i#2: i32/,
  )
})

test('a counter stays a number when the run may go on for longer', () => {
  const free = COUNTING.replace('array.get(list#0, i#2)', 'i#2')
  assert.match(narrowText(free, 2 ** 40), /var i#2: f64/)
})

test('an index that did not trap is bounded by what an array can hold', () => {
  assert.match(narrowText(COUNTING, 2 ** 40), /var i#2: i32/)
})

test('a local that may be -0, NaN or a fraction stays a number', () => {
  for (const value of ['f64.neg(i#2)', 'f64.rem(i#2, 0)', 'f64.div(i#2, 2)']) {
    const body = COUNTING.replace('i#2 = f64.add(i#2, 1)', `i#2 = ${value}`)
    assert.match(narrowText(body, 1000), /var i#2: f64/, value)
  }
})

/** A function that counts up while a comparison holds, and counts the rounds. */
const countingWhile = (test: string, body = ''): string => `fn main#0(list#0: array<f64>, n#1: f64) -> f64 {
  var i#2: f64
  var rounds#3: f64
  var last#4: f64
  last#4 = n#1
  loop $0 while ${test} {
    rounds#3 = f64.add(rounds#3, 1)
    ${body}
  } update {
    i#2 = f64.add(i#2, 1)
  }
  return rounds#3
}`

const BOUNDED_TESTS = ['f64.lt(i#2, n#1)', 'f64.le(i#2, n#1)', 'f64.gt(n#1, i#2)', 'f64.ge(f64.sub(n#1, 2), i#2)']

test('a counter is compared with a number as an i32 where the loop does not change the number', () => {
  for (const tested of BOUNDED_TESTS)
    assert.match(narrowText(countingWhile(tested), 2 ** 31 - 2 ** 16), /while i32\.lt\(i#2, bound#5\)/, tested)
  const changing = countingWhile('f64.lt(i#2, last#4)', 'last#4 = f64.div(last#4, 2)')
  assert.match(narrowText(changing, 2 ** 31 - 2 ** 16), /while f64\.lt\(f64\.from_i32\(i#2\), last#4\)/)
})

test('a counter that may be the greatest i32 is compared as a number', () => {
  assert.match(narrowText(countingWhile(BOUNDED_TESTS[0]!), 2 ** 31 - 1), /while f64\.lt/)
})

test('a loop ends where its bound is no number, is less than 0, lies between integers or beyond all of them', () => {
  const bounds: readonly Encoded[] = [
    { $: 'NaN' },
    { $: 'Infinity' },
    { $: '-Infinity' },
    { $: '-0' },
    0,
    1,
    3,
    2.5,
    -0.5,
    -1,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 53,
    -(2 ** 40),
  ]
  for (const tested of BOUNDED_TESTS) {
    const module = moduleOf(countingWhile(tested))
    const after = narrowNumbers(module, 1000)
    for (const n of bounds)
      assert.deepEqual(
        observe(after, 'main', [[], n], 1000),
        observe(module, 'main', [[], n], 1000),
        `${tested} of ${JSON.stringify(n)}`,
      )
  }
})

const FLIPPING = `fn main#0(list#0: array<f64>, n#1: f64) -> f64 {
  var own#2: array<f64>
  var i#3: f64
  own#2 = array.new[f64](2, 1, 0)
  loop $0 while f64.ne(i#3, n#1) {
    i#3 = array.get(own#2, i#3)
    do array.set(own#2, i#3, f64.from_i32(i32.xor(f64.to_i32(i#3), 1i)))
  }
  return i#3
}`

test('a list of integers that does not leave its function holds them as i32', () => {
  const text = narrowText(FLIPPING, 1000)
  assert.match(text, /var own#2: array<i32>/)
  assert.match(text, /i#3 = array.get\(own#2, f64.from_i32\(i#3\)\)/)
})

test('a list holds numbers when one of them may be none of 32 bits, or when others see it', () => {
  for (const [from, to] of [
    ['array.new[f64](2, 1, 0)', 'array.new[f64](2, 1, 0.5)'],
    ['array.new[f64](2, 1, 0)', 'array.new[f64](2, 1, -0)'],
    ['array.new[f64](2, 1, 0)', 'list#0'],
    ['f64.from_i32(i32.xor(f64.to_i32(i#3), 1i))', 'f64.add(i#3, 1)'],
    ['return i#3', 'return array.index_of(own#2, 1, 0)'],
  ] as const) {
    assert.ok(FLIPPING.includes(from))
    assert.match(narrowText(FLIPPING.replace(from, to), 1000), /var own#2: array<f64>/, to)
  }
})

test('a list that is filled is one of integers when what fills it is', () => {
  const filled = FLIPPING.replace('array.new[f64](2, 1, 0)', 'array.fill(array.holes[f64](n#1), 7, 0, Infinity)')
  assert.match(narrowText(filled, 1000), /own#2 = array.fill\(array.holes\[i32\]\(n#1\), 7i, 0, Infinity\)/)
})

test('what is nearly exact is not taken for exact', () => {
  const clamped = (done: string, high: string): string => `fn main#0(list#0: array<f64>, n#1: f64) -> f64 {
  var x#2: f64
  x#2 = math.floor(n#1)
  if (f64.ge(x#2, 0) ? f64.le(x#2, ${high}) : false) {
    return f64.from_i32(f64.to_i32(${done}))
  }
  return 0
}`
  for (const [done, high] of [
    ['f64.add(x#2, 1)', '9007199254740992'],
    ['f64.mul(x#2, 3)', '3002399751580331'],
    ['f64.div(x#2, 16.000000000000004)', '1000'],
  ] as const)
    assert.doesNotMatch(narrowText(clamped(done, high), 1000), /i32.(add|mul|shr)/, done)
  assert.match(narrowText(clamped('f64.add(x#2, 1)', '9007199254740990'), 1000), /i32.add/)
  assert.match(narrowText(clamped('f64.div(x#2, 16)', '1000'), 1000), /i32.shr/)
})

test('a test of x + 0 tells nothing about the sign of 0', () => {
  const body = `fn main#0(list#0: array<f64>, n#1: f64) -> f64 {
  var x#2: f64
  x#2 = math.ceil(n#1)
  if f64.eq(f64.add(x#2, 0), 0) {
    return f64.div(1, f64.from_i32(f64.to_i32(x#2)))
  }
  return 0
}`
  assert.match(narrowText(body, 1000), /f64.div\(1, f64.from_i32\(f64.to_i32\(x#2\)\)\)/)
})
