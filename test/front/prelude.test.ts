// The prelude is TypeScript, so it also runs here, next to the built-ins whose members it stands for.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import * as array from '../../src/front/prelude/array.ts'
import * as math from '../../src/front/prelude/math.ts'
import * as sort from '../../src/front/prelude/sort.ts'
import * as string from '../../src/front/prelude/string.ts'
import { makeRandom, type Random } from './random.ts'

type Item = number | undefined
type Callback = (value: Item, index: number, self: Item[]) => number
type Folder = (sum: Item, value: Item, index: number, self: Item[]) => number
type Pair<F> = readonly [ours: (self: Item[], f: F) => unknown, theirs: (self: Item[], f: F) => unknown]

const CALLBACK_MEMBERS: Readonly<Record<string, Pair<Callback>>> = {
  forEach: [(xs, f) => array.array_forEach(xs, f), (xs, f) => xs.forEach(f)],
  map: [(xs, f) => array.array_map(xs, f), (xs, f) => xs.map(f)],
  filter: [(xs, f) => array.array_filter(xs, f), (xs, f) => xs.filter(f)],
  some: [(xs, f) => array.array_some(xs, f), (xs, f) => xs.some(f)],
  every: [(xs, f) => array.array_every(xs, f), (xs, f) => xs.every(f)],
  find: [(xs, f) => array.array_find(xs, f), (xs, f) => xs.find(f)],
  findIndex: [(xs, f) => array.array_findIndex(xs, f), (xs, f) => xs.findIndex(f)],
  findLast: [(xs, f) => array.array_findLast(xs, f), (xs, f) => xs.findLast(f)],
  findLastIndex: [(xs, f) => array.array_findLastIndex(xs, f), (xs, f) => xs.findLastIndex(f)],
  flatMap: [
    (xs, f) => array.array_flatMap(xs, (v, i, a) => parts(f(v, i, a))),
    (xs, f) => xs.flatMap((v, i, a) => parts(f(v, i, a))),
  ],
  'flatMap of values': [(xs, f) => array.array_flatMap(xs, f), (xs, f) => xs.flatMap(f)],
  'Array.from': [
    (xs, f) => array.array_from_map(xs, (v, i) => f(v, i, xs)),
    (xs, f) => Array.from(xs, (v, i) => f(v, i, xs)),
  ],
}

const FOLDER_MEMBERS: Readonly<Record<string, Pair<Folder>>> = {
  'reduce with an initial value': [(xs, f) => array.array_reduce_initial(xs, f, 7), (xs, f) => xs.reduce<Item>(f, 7)],
  'reduce without one': [(xs, f) => array.array_reduce_first(xs, f), (xs, f) => xs.reduce(f)],
  'reduceRight with an initial value': [
    (xs, f) => array.array_reduceRight_initial(xs, f, 7),
    (xs, f) => xs.reduceRight<Item>(f, 7),
  ],
  'reduceRight without one': [(xs, f) => array.array_reduceRight_first(xs, f), (xs, f) => xs.reduceRight(f)],
}

for (const [name, pair] of Object.entries(CALLBACK_MEMBERS))
  test(`${name} calls back as Node does, also on arrays with holes and when the callback changes the array`, (t) =>
    compareRuns(t.diagnostic.bind(t), pair, (random, log, self) => {
      const budget = { left: 300 }
      const answer = random.below(2)
      return (value, index, given) => {
        log.push([value, index, given === self])
        disturb(random, self, budget)
        return answer === 0 && random.below(3) === 0 ? 0 : random.below(2)
      }
    }))

for (const [name, pair] of Object.entries(FOLDER_MEMBERS))
  test(`${name} folds as Node does, also on arrays with holes and when the callback changes the array`, (t) =>
    compareRuns(t.diagnostic.bind(t), pair, (random, log, self) => {
      const budget = { left: 300 }
      return (sum, value, index, given) => {
        log.push([sum, value, index, given === self])
        disturb(random, self, budget)
        return (sum ?? 0) + (value ?? 1)
      }
    }))

test('copies and indices of arrays are those of Node', (t) => {
  const random = seeded(t.diagnostic.bind(t))
  for (let round = 0; round < 300; round++) {
    const xs = sparse(random)
    const rows = Array.from({ length: random.below(5) }, () => sparse(random))
    if (random.below(3) === 0) rows.length += 1
    const a = random.below(12) - 6
    same(array.array_flat(rows), rows.flat())
    same(array.array_flat_none(xs), xs.flat())
    same(array.array_toReversed(xs), xs.toReversed())
    same(array.array_read(xs), Array.from(xs))
    same(array.array_entries(xs), [...xs.entries()])
    same(array.array_keys(xs), [...xs.keys()])
    same(array.array_values(xs), [...xs.values()])
    for (const index of [a, a + 0.5, NaN, -0, -0.5, Infinity])
      sameOutcome(
        () => array.array_with(xs, index, 9),
        () => xs.with(index, 9),
      )
  }
})

test('Array.from of a length takes any number as ToLength does', () => {
  for (const length of [0, 3, 2.9, -1, -0, NaN, 2 ** 32, 1e300, Infinity, -Infinity]) {
    sameOutcome(
      () => array.array_from_length(length, (value, i) => [value, i]),
      () => Array.from({ length }, (value, i) => [value, i]),
    )
    sameOutcome(
      () => array.array_from_length_only(length),
      () => Array.from({ length }),
    )
  }
})

test('sort compares the pairs that Node compares, in its order, whatever the comparator says', (t) => {
  const random = seeded(t.diagnostic.bind(t))
  for (let round = 0; round < 1500; round++) {
    const xs = shaped(random, round < 200 ? round % 70 : Math.floor(random.fraction() ** 3 * 2001))
    const [kind, salt] = [random.below(7), random.below(1000)]
    const run = (sorted: (xs: number[], compare: (a: number, b: number) => number) => number[]): unknown[] => {
      const log: number[] = []
      const compare = comparator(kind, salt)
      const self = [...xs]
      const result = sorted(self, (a, b) => (log.push(a, b), compare(a, b)))
      return [result === self, self, result, log]
    }
    assert.deepEqual(
      run(sort.array_sort),
      run((self, compare) => self.sort(compare)),
    )
    if (round % 5 > 0) continue
    assert.deepEqual(
      run(sort.array_toSorted),
      run((self, compare) => self.toSorted(compare)),
    )
  }
})

test('sort answers every possible comparator of up to six elements as Node does', () => {
  for (let length = 0; length <= 6; length++)
    for (let answers = 0; answers < 2 ** 11; answers++) {
      const run = (sorted: (xs: number[], compare: (a: number, b: number) => number) => number[]): number[][] => {
        const log: number[] = []
        let asked = 0
        const self = Array.from({ length }, (_, i) => i)
        sorted(self, (a, b) => (log.push(a, b), (answers >> asked++) & 1 ? -1 : 1))
        return [self, log]
      }
      assert.deepEqual(
        run(sort.array_sort),
        run((self, compare) => self.sort(compare)),
      )
    }
})

test('sort puts undefined last and holes after it, and keeps what the comparator does to the array', (t) => {
  const random = seeded(t.diagnostic.bind(t))
  const by = (a: Item, b: Item): number => a! - b!
  for (let round = 0; round < 300; round++) {
    const xs = sparse(random)
    same(sort.array_sort([...xs], by), [...xs].sort(by))
    same(sort.array_sort(xs.slice(), by), xs.slice().sort(by))
    same(sort.array_toSorted(xs, by), xs.toSorted(by))
    const seed = random.below(1e6)
    const disturbed = (sorted: (self: Item[], compare: (a: Item, b: Item) => number) => unknown): Item[] => {
      const self = xs.slice()
      const own = makeRandom(seed)
      let left = 2
      sorted(self, (a, b) => {
        if (own.below(4) === 0 && left-- > 0) self.length = Math.max(0, self.length + own.below(7) - 3)
        return by(a, b)
      })
      return self
    }
    same(
      disturbed((self, compare) => sort.array_sort(self, compare)),
      disturbed((self, compare) => self.sort(compare)),
    )
  }
})

test('sort lets an error of the comparator through and leaves the array as it was', () => {
  const self = [3, 1, 2]
  const fail = (): number => {
    throw new Error('no order')
  }
  assert.throws(() => sort.array_sort(self, fail), /no order/)
  assert.deepEqual(self, [3, 1, 2])
})

test('sort without a comparator orders by the texts of the elements', (t) => {
  const random = seeded(t.diagnostic.bind(t))
  const numbers = [0, -0, 1, 10, 9, -1, -10, 1e21, 1e-7, NaN, Infinity, -Infinity, 0.5, 100, 80]
  const texts = ['', 'a', 'B', 'b', 'ab', 'ä', '10', '9', '\ud83d\ude00', '\uffff', '\ud83d', 'z']
  for (let round = 0; round < 300; round++) {
    const length = random.below(40)
    const ns: Item[] = Array.from({ length }, () => numbers[random.below(numbers.length)])
    const ts = Array.from({ length }, () => texts[random.below(texts.length)])
    same(sort.array_sort_default([...ns]), [...ns].sort())
    same(sort.array_sort_default([...ts]), [...ts].sort())
    same(sort.array_toSorted_default(ns), ns.toSorted())
    const xs = sparse(random)
    same(sort.array_sort_default(xs.slice()), xs.slice().sort())
  }
})

test('sort without a comparator asks objects for their texts as often and in the order that Node does', (t) => {
  const random = seeded(t.diagnostic.bind(t))
  for (let round = 0; round < 200; round++) {
    const keys = Array.from({ length: random.below(round < 100 ? 12 : 200) }, () => random.below(50))
    const asked = (sorted: (self: { toString: () => string }[]) => unknown[]): unknown[] => {
      const log: number[] = []
      const self = keys.map((key, at) => ({ at, toString: () => (log.push(at), String(key)) }))
      return [sorted(self).map((value) => self.indexOf(value as (typeof self)[0])), log]
    }
    same(
      asked(sort.array_sort_default),
      asked((self) => self.sort()),
    )
    same(
      asked(sort.array_toSorted_default),
      asked((self) => self.toSorted()),
    )
  }
})

test('replacing with a function finds the places that Node finds', (t) => {
  const random = seeded(t.diagnostic.bind(t))
  const word = (most: number): string =>
    Array.from({ length: random.below(most) }, () => 'aab$\ud83d\ude00'.charAt(random.below(6))).join('')
  for (let round = 0; round < 1000; round++) {
    const [text, search] = [word(12), word(3)]
    const replacer = (found: string, index: number, whole: string): string => `<${found}$&${index}${whole.length}>`
    same(string.string_replace_with(text, search, replacer), text.replace(search, replacer))
    same(string.string_replaceAll_with(text, search, replacer), text.replaceAll(search, replacer))
    same(string.string_isWellFormed(text), text.isWellFormed())
    same(string.string_toWellFormed(text), text.toWellFormed())
  }
})

test('strings of codes and code points are those of Node', () => {
  const codes = [97, 0xd83d, 0xde00, 65_633, -1, 0.5, NaN]
  same(string.string_from_codes(codes), String.fromCharCode(...codes))
  same(string.string_from_codes([]), '')
  const points = [97, 0x1f600, 0x10ffff, 0xd83d]
  same(string.string_from_code_points(points), String.fromCodePoint(...points))
  for (const point of [-1, 1.5, 0x110000, NaN])
    sameOutcome(
      () => string.string_from_code_points([point]),
      () => String.fromCodePoint(point),
    )
})

test('max and min of any number of values treat NaN, signed zeros and nothing as Node does', (t) => {
  const random = seeded(t.diagnostic.bind(t))
  const values = [0, -0, 1, -1, NaN, Infinity, -Infinity, 0.5]
  for (let round = 0; round < 300; round++) {
    const some = Array.from({ length: random.below(4) }, () => values[random.below(values.length)]!)
    same(math.math_max(some), Math.max(...some))
    same(math.math_min(some), Math.min(...some))
  }
})

/** Runs a member and its built-in on equal arrays with equal callbacks: same calls, results and arrays after. */
function compareRuns<F>(
  say: (text: string) => void,
  pair: Pair<F>,
  makeCallback: (random: Random, log: unknown[], self: Item[]) => F,
): void {
  const random = seeded(say)
  for (let round = 0; round < 400; round++) {
    const xs = sparse(random)
    const seed = random.below(1e9)
    const [ours, theirs] = pair.map((run) => {
      const log: unknown[] = []
      const self = xs.slice()
      const callback = makeCallback(makeRandom(seed), log, self)
      const result = outcome(() => run(self, callback))
      return { log, self, result }
    })
    same(ours, theirs)
  }
}

/** Sometimes changes an array as a callback might. The budget keeps a walk that sees appended elements finite. */
function disturb(random: Random, self: Item[], budget: { left: number }): void {
  if (random.below(6) > 0 || budget.left-- <= 0) return
  const choice = random.below(6)
  if (choice === 0) self.push(random.below(9))
  if (choice === 1) self.pop()
  if (choice === 2) self.shift()
  if (choice === 3) self.length = random.below(self.length + 2)
  if (choice === 4) self[random.below(self.length + 1)] = 100 + random.below(9)
  if (choice === 5) self.reverse()
}

function parts(value: number): number[] {
  const found = [value, value + 1]
  if (value === 0) found.length = 4
  return found
}

/** A short array that has undefined elements and holes among its numbers. */
function sparse(random: Random): Item[] {
  const xs: Item[] = []
  const holes = random.below(3) === 0
  const length = random.below(25)
  for (let i = 0; i < length; i++) {
    const choice = random.below(10)
    if (choice === 0 && holes) xs.length++
    else xs.push(choice === 1 ? undefined : random.below(20))
  }
  return xs
}

/** Numbers in random order, sorted, reversed, nearly sorted, in two halves or in runs. */
function shaped(random: Random, length: number): number[] {
  const range = [2, 10, 100, 1e6][random.below(4)]!
  const xs = Array.from({ length }, () => random.below(range))
  const shape = random.below(6)
  const up = (a: number, b: number): number => a - b
  if (shape === 1 || shape === 3) xs.sort(up)
  if (shape === 2) xs.sort((a, b) => b - a)
  if (shape === 3) for (let k = Math.min(5, length); k > 0; k--) xs[random.below(length)] = random.below(range)
  if (shape === 4) return [...xs.slice(0, length >> 1).sort(up), ...xs.slice(length >> 1).sort(up)]
  if (shape === 5) {
    const runs: number[] = []
    while (runs.length < length) {
      const end = runs.length + 1 + random.below(200)
      runs.push(...xs.slice(runs.length, end).sort(up))
    }
    return runs
  }
  return xs
}

/** Comparators from sensible to senseless; each is a function of its arguments and of how often it was asked. */
function comparator(kind: number, salt: number): (a: number, b: number) => number {
  let asked = salt
  return (a, b) => {
    asked++
    if (kind === 2) return ((a * 7919 + b * 104_729 + salt) % 7) - 3
    if (kind === 3) return (((asked * 2_654_435_761) >>> 0) % 3) - 1
    if (kind === 4) return asked % 5 === 0 ? NaN : a - b
    if (kind === 5) return Number(a > b)
    if (kind === 6) return -Number(a < b)
    return a - b
  }
}

function seeded(say: (text: string) => void): Random {
  const seed = Number(process.env['ANRF_SEED'] ?? 20_261_123)
  say(`ANRF_SEED=${seed}`)
  return makeRandom(seed)
}

function outcome(run: () => unknown): unknown {
  try {
    return { value: run() }
  } catch (error) {
    assert.ok(error instanceof Error)
    return { name: error.name, message: error.message }
  }
}

function sameOutcome(ours: () => unknown, theirs: () => unknown): void {
  same(outcome(ours), outcome(theirs))
}

/** Equality that tells holes from undefined and 0 from -0. */
function same(ours: unknown, theirs: unknown): void {
  const show = (value: unknown): string => inspect(value, { depth: null, maxArrayLength: null, breakLength: Infinity })
  assert.equal(show(ours), show(theirs))
}
