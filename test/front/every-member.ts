// Uses every member of src/front/lib/lib.anrf.d.ts once. It is typed twice: against that library by
// lib.test.ts, and against TypeScript's own with the rest of the project, so that both must agree.

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** Compiles when the value has exactly the type that is asked for. */
const has =
  <Expected>() =>
  <Found>(found: Found, ..._same: Same<Expected, Found> extends true ? [] : [never]): Found =>
    found

const numbers = has<number[]>()
const number = has<number>()
const text = has<string>()
const truth = has<boolean>()
const isText = (value: number | string): value is string => typeof value === 'string'

function* letters(): Generator<string, number, boolean> {
  truth(yield 'a')
  return 1
}
export function resumeGenerators(): number {
  const it = letters()
  has<Generator<string, number, boolean>>()(it[Symbol.iterator]())
  const first = it.next()
  text(first.done ? '' : first.value)
  const last = it.next(true)
  const end = it.return(2)
  try {
    it.throw(new Error('x'))
  } catch {
    return (last.done ? last.value : 0) + (end.done ? end.value : 0)
  }
  return 0
}

export const iterate = (text: string): string[] =>
  has<IteratorObject<string, undefined>>()(Iterator.from(text)).toArray()

class Price {
  [Symbol.toPrimitive](hint: string): string | number {
    return hint === 'number' ? 5 : 'five'
  }
  get [Symbol.toStringTag](): string {
    return 'Price'
  }
}
export const convert = (): unknown => [
  has<string | number>()(new Price()[Symbol.toPrimitive]('number')),
  text(new Price()[Symbol.toStringTag]),
]

async function* pages(): AsyncGenerator<string, number, boolean> {
  truth(yield 'a')
  return 1
}
export async function resumeAsyncGenerators(source: AsyncIterable<string>): Promise<void> {
  await source[Symbol.asyncIterator]().next()
  for await (const page of source) text(page)
  const it = pages()
  has<AsyncGenerator<string, number, boolean>>()(it[Symbol.asyncIterator]())
  await it.next(true)
  await it.return(1)
  await it.throw(new Error('a')).catch(() => undefined)
  has<Promise<string[]>>()(Array.fromAsync(source))
  has<Promise<number[]>>()(Array.fromAsync(source, async (page, i) => page.length + i))
}

export function usePromises(like: PromiseLike<number>): void {
  has<PromiseLike<string>>()(like.then((x) => String(x)))
  const one = Promise.resolve(1)
  has<Promise<void>>()(Promise.resolve())
  has<Promise<string>>()(one.then((x) => String(x)))
  has<Promise<number | string>>()(one.catch(() => 'a'))
  has<Promise<number>>()(one.finally(() => undefined))
  has<Promise<number>>()(new Promise<number>((resolve) => resolve(1)))
  has<Promise<[number, string]>>()(Promise.all([one, Promise.resolve('a')]))
  has<Promise<number[]>>()(Promise.all(new Array<Promise<number>>()))
  has<Promise<number | string>>()(Promise.any([one, Promise.resolve('a')]))
  has<Promise<number>>()(Promise.any(new Set([one])))
  number(new AggregateError(['a']).errors.length)
  text(AggregateError([one], 'a').message)
  has<Promise<number>>()(Promise.race([one, Promise.resolve(2)]))
  has<Promise<number>>()(Promise.race(new Array<Promise<number>>()))
  void Promise.allSettled([one]).then(([first]) => first.status)
  void Promise.allSettled(new Array<Promise<number>>()).then((all) => {
    for (const each of all) if (each.status === 'fulfilled') number(each.value)
    for (const each of all) if (each.status === 'rejected') has<string>()(each.status + each.reason)
  })
  Promise.reject(new Error('a')).catch(() => undefined)
  has<Promise<number>>()(Promise.try(() => 1))
  const parts = Promise.withResolvers<number>()
  has<Promise<number>>()(parts.promise)
  parts.resolve(1)
  parts.reject(new Error('a'))
}

export function readArrays(xs: number[], fixed: readonly string[], mixed: (number | string)[]): void {
  for (const x of xs) number(x)
  for (const [i, s] of fixed.entries()) number(i + s.length)
  has<[number, number][]>()([...xs.entries()])
  numbers([...fixed.keys()])
  has<string[]>()([...fixed.values()])
  number(xs[0]! + xs.length + fixed.length)
  text(fixed[0]!)
  has<number | undefined>()(xs.at(-1))
  numbers(xs.slice().concat(1, xs, [2]).slice(1, -1))
  text(xs.join() + xs.join('-') + xs.toString())
  truth(xs.includes(1) || xs.includes(1, 2))
  number(xs.indexOf(1) + xs.indexOf(1, 2) + xs.lastIndexOf(1) + xs.lastIndexOf(1, 2))
  xs.forEach((value, index, array) => array[index] === value)
  has<string[]>()(xs.map((x) => String(x)))
  has<string[]>()(mixed.filter(isText))
  has<(number | string)[]>()(mixed.filter((x) => x !== 1))
  has<string[]>()(fixed.filter(Boolean))
  has<string | undefined>()(mixed.find(isText))
  has<number | undefined>()(xs.find((x) => x > 1))
  has<string | undefined>()(mixed.findLast(isText))
  has<number | undefined>()(xs.findLast((x) => x > 1))
  number(xs.findIndex((x) => x > 1) + xs.findLastIndex((x) => x > 1))
  truth(xs.some((x) => x > 1))
  if (mixed.every(isText)) has<string[]>()(mixed.slice())
  truth(xs.every((x) => x > 1) && fixed.every((s) => s !== ''))
  if (fixed.every((s) => s === 'a')) has<'a' | undefined>()(fixed.at(0))
}

export function foldArrays(xs: number[], rows: number[][], cubes: number[][][]): void {
  number(xs.reduce((sum, x) => sum + x) + xs.reduce((sum, x, i, all) => sum + x + i + all.length, 0))
  text(xs.reduce((out, x) => out + x, ''))
  number(xs.reduceRight((sum, x) => sum + x) + xs.reduceRight((sum, x) => sum + x, 0))
  has<string[]>()(xs.reduceRight<string[]>((out, x) => out.concat(String(x)), []))
  numbers(xs.flatMap((x) => [x, x]))
  numbers(xs.flatMap((x) => x))
  numbers(xs.flatMap((x) => (x > 1 ? [x] : x)))
  numbers(rows.flat())
  numbers(rows.flat(1))
  numbers(cubes.flat(2))
  numbers(cubes.flat(Infinity as number) as number[])
  numbers(
    xs
      .toReversed()
      .toSorted()
      .toSorted((a, b) => a - b),
  )
  numbers(xs.toSpliced(1).toSpliced(1, 1).toSpliced(0, 0, 1, 2).with(0, 1))
}

export function changeArrays(xs: number[]): void {
  xs.length = 0
  xs[0] = 1
  number(xs.push(1, 2) + xs.unshift(0) + (xs.pop() ?? 0) + (xs.shift() ?? 0))
  numbers(xs.splice(1))
  numbers(xs.splice(0, 1, 5, 6))
  numbers(xs.reverse())
  numbers(xs.sort().sort((a, b) => b - a))
  numbers(xs.fill(0).fill(1, 2).fill(1, 2, 3).copyWithin(0, 1).copyWithin(0, 1, 2))
}

export function makeArrays(n: number, word: string, known: unknown, like: ArrayLike<number>): void {
  number(like.length + like[0]!)
  numbers(new Array<number>(n))
  numbers(new Array(1, 2))
  number(new Array().length + Array().length)
  numbers(Array<number>(n))
  has<string[]>()(Array('a', 'b'))
  numbers(Array.of(1, 2))
  if (Array.isArray(known)) number(known.length)
  has<string[]>()(Array.from(word))
  numbers(Array.from([1, 2]))
  numbers(Array.from({ length: n }, (_, i) => i))
  numbers(Array.from(word, (c, i) => c.length + i))
  numbers(Array.from([1].keys(), (k) => k))
  const [a, ...rest] = [1, 2, 3]
  numbers([a, ...rest])
}

export function readTexts(s: string): void {
  for (const c of s) text(c)
  has<string[]>()([...s])
  has<string | undefined>()(s.at(-1))
  has<number | undefined>()(s.codePointAt(0))
  number(s.length + s.charCodeAt(0) + s.indexOf('a') + s.indexOf('a', 1) + s.lastIndexOf('a') + s.lastIndexOf('a', 1))
  number(s.localeCompare('b'))
  truth(s.endsWith('a') || s.endsWith('a', 2) || s.startsWith('a') || s.startsWith('a', 2))
  truth(s.includes('a') || s.includes('a', 2) || s.isWellFormed())
  has<string[]>()(s.split(',').concat(s.split('', 3)))
}

export function makeTexts(s: string): string {
  const parts = [
    s[0]!,
    s.charAt(1),
    s.concat('a', 'b'),
    s.normalize() + s.normalize('NFD'),
    s.padEnd(3) + s.padEnd(3, 'x') + s.padStart(3) + s.padStart(3, 'x') + s.repeat(2),
    s.replace('a', 'b') + s.replace('a', (found, index: number, whole: string) => found + index + whole),
    s.replaceAll('a', 'b') + s.replaceAll('a', (found) => found.toUpperCase()),
    s.slice() + s.slice(1) + s.slice(1, 2) + s.substring(1) + s.substring(1, 2) + s.substr(1) + s.substr(1, 2),
    s.toLowerCase() + s.toUpperCase() + s.toLocaleLowerCase() + s.toLocaleUpperCase(),
    s.trim() + s.trimEnd() + s.trimStart() + s.toString() + s.valueOf() + s.toWellFormed(),
    String() + String(1) + String.fromCharCode(97, 98) + String.fromCodePoint(0x1f600) + String.raw`a`,
  ]
  return parts.map(String).join('')
}

export function readNumbers(x: number, s: string): void {
  text(
    x.toFixed() +
      x.toLocaleString() +
      x.toFixed(2) +
      x.toExponential(2) +
      x.toPrecision(3) +
      x.toString() +
      x.toString(16),
  )
  number(x.valueOf() + Number(s) + Number() + [s].map(Number).length)
  number(Number.EPSILON + Number.MAX_SAFE_INTEGER + Number.MAX_VALUE + Number.MIN_SAFE_INTEGER + Number.MIN_VALUE)
  number(Number.NEGATIVE_INFINITY + Number.NaN + Number.POSITIVE_INFINITY + Infinity + NaN)
  truth(Number.isFinite(x) || Number.isInteger(x) || Number.isNaN(x) || Number.isSafeInteger(x))
  truth(isFinite(x) || isNaN(x) || Boolean(s))
  number(parseFloat(s) + parseInt(s) + parseInt(s, 10) + Number.parseFloat(s) + Number.parseInt(s, 2))
  text(encodeURIComponent(s) + decodeURIComponent(s) + encodeURI(s) + decodeURI(s) + btoa(s) + atob(s))
  text(true.toString())
  truth(false.valueOf())
}

export function calculate(x: number): number {
  const constants = [Math.E, Math.LN10, Math.LN2, Math.LOG10E, Math.LOG2E, Math.PI, Math.SQRT1_2, Math.SQRT2]
  const curves = [Math.acos(x), Math.acosh(x), Math.asin(x), Math.asinh(x), Math.atan(x), Math.atan2(x, 1)]
  const waves = [Math.atanh(x), Math.cos(x), Math.cosh(x), Math.sin(x), Math.sinh(x), Math.tan(x), Math.tanh(x)]
  const powers = [Math.cbrt(x), Math.exp(x), Math.expm1(x), Math.hypot(x, 1), Math.pow(x, 2), Math.sqrt(x)]
  const logs = [Math.log(x), Math.log10(x), Math.log1p(x), Math.log2(x)]
  const rounded = [Math.abs(x), Math.ceil(x), Math.floor(x), Math.fround(x), Math.round(x), Math.sign(x), Math.trunc(x)]
  const bits = [Math.clz32(x), Math.imul(x, 3)]
  return Math.max(...constants, ...curves, ...waves, ...powers) + Math.min(...logs, ...rounded, ...bits)
}

export function askRecords(record: { a: number; b: number }): void {
  has<string[]>()(Object.keys(record))
  numbers(Object.values(record))
  has<[string, number][]>()(Object.entries(record))
  has<{ a: number; b: number } & { c: string }>()(Object.assign(record, { c: '' }))
  has<{} & { a: number } & { b: string }>()(Object.assign({}, { a: 1 }, { b: '' }))
  Object.assign({}, ...[{ a: 1 }])
  truth(Object.is(record, record))
  truth(Object.isExtensible(record) && !Object.isFrozen(record) && !Object.isSealed(record))
  has<Readonly<{ a: number }>>()(Object.freeze({ a: 1 } as { a: number }))
  text(record.toString())
}

class Setup extends Error {
  constructor(message: string) {
    super(message)
    Object.setPrototypeOf(this, Setup.prototype)
  }
}

export function fail(kind: number): string {
  const options: ErrorOptions = {}
  Error.captureStackTrace(options)
  options.cause = kind
  try {
    if (kind === 0) throw new EvalError('a')
    if (kind === 1) throw new RangeError()
    if (kind === 2) throw new ReferenceError('a')
    if (kind === 3) throw new SyntaxError('a')
    if (kind === 4) throw new TypeError('a')
    if (kind === 5) throw new URIError('a')
    if (kind === 6) throw Error('without new', options)
    if (kind === 7) throw new Setup('s')
  } catch (error) {
    if (error instanceof TypeError) return has<TypeError>()(error).message
    if (error instanceof Error) return error.name + error.message + String(error.cause)
  }
  const rest = [EvalError('a'), RangeError(), ReferenceError(), SyntaxError(), TypeError(), URIError(), new Error('b')]
  console.debug(rest.length)
  console.error('e', 1)
  console.info()
  console.warn({ a: 1 })
  console.log('done', rest)
  console.assert(rest.length >= 0, 'never')
  console.clear()
  console.count('a')
  console.countReset('a')
  console.dir({ a: 1 }, { depth: 0 })
  console.dirxml(rest)
  console.group('g')
  console.groupCollapsed()
  console.groupEnd()
  console.groupEnd()
  console.table([{ a: 1 }], ['a'])
  console.time('t')
  console.timeLog('t', 1)
  console.timeEnd('t')
  return ''
}

type Point = { x: number; y?: string }
type Made = [
  Partial<Point>,
  Required<Point>,
  Readonly<Point>,
  Pick<Point, 'x'>,
  Omit<Point, 'x'>,
  Record<'a' | 'b', number>,
  Exclude<'a' | 'b', 'a'>,
  Extract<'a' | 'b', 'a'>,
  NonNullable<string | null>,
  PropertyKey,
  Uppercase<'a'>,
  Lowercase<'A'>,
  Capitalize<'a'>,
  Uncapitalize<'A'>,
  NoInfer<string>,
  Iterable<number>,
  IterableIterator<number>,
  ArrayLike<number>,
]
class Box {
  readonly size: number
  constructor(size: number, _name: string) {
    this.size = size
  }
}
const derived: [
  Same<Parameters<typeof fail>, [kind: number]>,
  Same<ReturnType<typeof fail>, string>,
  Same<ConstructorParameters<typeof Box>, [size: number, _name: string]>,
  Same<InstanceType<typeof Box>, Box>,
] = [true, true, true, true]
export function useTypes(made: readonly Made[]): readonly boolean[] {
  return made.length === 0 ? derived : []
}
export function useJson(value: unknown): readonly string[] {
  return [
    JSON.stringify(value, (key, part: unknown) => (key === 'a' ? undefined : part)),
    JSON.stringify(value, ['a']),
    text(String(JSON.parse('1', (_key, part: unknown) => part))),
    JSON.stringify(value),
    JSON.stringify(JSON.parse('[1]')),
    JSON.stringify(value, null),
    JSON.stringify(value, null, 2),
    JSON.stringify(value, null, '\t'),
  ]
}

export function useObjects(values: { readonly [key: string]: number }): readonly string[] {
  const bare = Object.create(null)
  bare.x = 1
  const made = Object.fromEntries([['a', 1]])
  const groups = Object.groupBy([1, 2], (n) => (n > 1 ? 'many' : 'one'))
  return [
    Object.hasOwn(values, 'a') ? 'a' : 'b',
    values.hasOwnProperty('a') ? 'a' : 'b',
    ...Object.keys(made),
    ...Object.keys(groups),
    bare.x,
  ]
}
export function useMaps(given: ReadonlyMap<string, number>): number {
  const map = new Map<string, number>([['a', 1]])
  const empty = new Map()
  const groups = Map.groupBy([1, 2], (n) => n % 2)
  map.set('b', 2).delete('a')
  given.forEach((value, key, all) => map.set(key, value + all.size))
  map.forEach((value, key, all) => empty.set(key, value + all.size))
  for (const [key, value] of given) map.set(key, value)
  for (const [key, value] of given[Symbol.iterator]()) map.set(key, value)
  for (const [key, value] of given.entries()) map.set(key, value)
  for (const key of given.keys()) map.set(key, 1)
  for (const value of given.values()) map.set('v', value)
  map.clear()
  return (given.get('a') ?? 0) + (given.has('a') ? 1 : 0) + groups.size + empty.size
}
export function useWeak(): boolean {
  const key = {}
  const map = new WeakMap<object, number>([[key, 1]])
  const set = new WeakSet<object>([key])
  map.set(key, (map.get(key) ?? 0) + 1).delete(key)
  return map.has(key) || set.add(key).has(key) || set.delete(key)
}
export function useSignals(): string {
  const controller = new AbortController()
  const signal = controller.signal
  const made = AbortSignal.any([signal, AbortSignal.abort('before')])
  let told = ''
  const tell = (): void => {
    told += 'told'
  }
  signal.addEventListener('abort', tell, { once: true })
  signal.removeEventListener('abort', tell)
  // oxlint-disable-next-line unicorn/prefer-add-event-listener
  signal.onabort = (event) => (told += `${text(event.type)}${event.target === signal}`)
  controller.abort(new DOMException('text', 'AbortError'))
  try {
    signal.throwIfAborted()
  } catch (error) {
    return `${(error as DOMException).code}${truth(made.aborted)}${signal.reason === error}${signal.onabort === null}${told}`
  }
  return ''
}
export function useUrls(): string {
  const url = URL.canParse('/a', 'https://b.c') ? new URL('/a', 'https://b.c') : URL.parse('https://d.e')!
  url.protocol = 'http:'
  url.username = 'u'
  url.password = 'p'
  url.host = 'h:1'
  url.hostname = 'i'
  url.port = '2'
  url.pathname = '/x'
  url.search = '?y=1'
  url.hash = '#z'
  url.searchParams.set('y', '2')
  const shown = [url.href, url.origin, url.protocol, url.username, url.password, url.host, url.hostname, url.port]
  url.href = 'https://f.g/'
  return [...shown, url.pathname, url.search, url.hash, text(url.toString()), text(url.toJSON())].join(' ')
}
export function useSearchParams(): string {
  const params = new URLSearchParams('a=1')
  params.append('b', '2')
  params.set('c', '3')
  params.delete('a')
  params.sort()
  params.forEach((value, name, all) => all.has(name, value))
  for (const [name] of params) params.has(name)
  for (const [name] of params[Symbol.iterator]()) params.has(name)
  for (const [name] of params.entries()) params.has(name)
  const names = [...params.keys(), ...params.values(), ...params.getAll('b')]
  return `${params.toString()}${params.size}${params.get('b')}${names.length}`
}
export function useSets(given: ReadonlySet<number>): boolean {
  const set = new Set<number>([1])
  set.add(2).delete(1)
  given.forEach((value, _, all) => set.add(value + all.size))
  set.forEach((value, _, all) => all.has(value))
  for (const value of given) set.add(value)
  for (const value of given[Symbol.iterator]()) set.add(value)
  for (const [value] of given.entries()) set.add(value)
  for (const value of given.keys()) set.add(value)
  for (const value of given.values()) set.add(value)
  set.clear()
  const all = [given.union(set), given.intersection(set), given.difference(set), given.symmetricDifference(set)]
  return (
    all.length === given.size &&
    given.isSubsetOf(set) &&
    given.isSupersetOf(set) &&
    given.isDisjointFrom(set) &&
    given.has(1)
  )
}
export function useBigint(): readonly unknown[] {
  return [BigInt(1), BigInt.asIntN(8, 1n), BigInt.asUintN(8, 1n), 1n.toString(2), 1n.toLocaleString(), 2n.valueOf()]
}
export function useDates(date: Date): readonly unknown[] {
  return [
    new Date(),
    new Date(1),
    new Date(2020, 1),
    Date.parse('2020-01-01'),
    Date.UTC(2020),
    date.getFullYear(),
    date.getUTCFullYear(),
    date.getMonth(),
    date.getUTCMonth(),
    date.getDate(),
    date.getUTCDate(),
    date.getHours(),
    date.getUTCHours(),
    date.getMinutes(),
    date.getUTCMinutes(),
    date.getSeconds(),
    date.getUTCSeconds(),
    date.getMilliseconds(),
    date.getUTCMilliseconds(),
    date.setFullYear(1),
    date.setUTCFullYear(1),
    date.setMonth(1),
    date.setUTCMonth(1),
    date.setDate(1),
    date.setUTCDate(1),
    date.setHours(1),
    date.setUTCHours(1),
    date.setMinutes(1),
    date.setUTCMinutes(1),
    date.setSeconds(1),
    date.setUTCSeconds(1),
    date.setMilliseconds(1),
    date.setUTCMilliseconds(1),
    date.getDay(),
    date.getUTCDay(),
    date.getTime(),
    date.getTimezoneOffset(),
    date.setTime(1),
    date.toDateString(),
    date.toISOString(),
    date.toJSON(),
    date.toLocaleDateString('en-US', { month: 'long', day: 'numeric', timeZone: 'UTC' }),
    date.toLocaleString(),
    date.toLocaleTimeString('en-GB'),
    new Intl.DateTimeFormat('en-US', { dateStyle: 'medium' }).format(date),
    Intl.DateTimeFormat().format(0),
    new Intl.NumberFormat('en-US', { style: 'currency', currency: 'EUR' }).format(1.5),
    Intl.NumberFormat().format(1),
    date.toString(),
    date.toTimeString(),
    date.toUTCString(),
    date.valueOf(),
  ]
}
function useTyped<T extends Int8Array | Float64Array>(typed: T): readonly unknown[] {
  const a = typed as Int8Array
  a.set([1], 0)
  a.set(a, 0)
  a.forEach((x) => number(x))
  const same = [a.copyWithin(0, 1), a.fill(1), a.reverse(), a.sort(), a.sort((x, y) => x - y)]
  const copies = [
    a.filter((x) => x > 0),
    a.map((x) => x),
    a.slice(),
    a.subarray(0),
    a.toReversed(),
    a.toSorted(),
    a.toSorted((x, y) => y - x),
    a.with(0, 1),
  ]
  const found = [
    a.at(0),
    a.find((x) => x > 1),
    a.findIndex((x) => x > 1),
    a.findLast((x) => x > 1),
    a.findLastIndex((x) => x > 1),
    a.includes(1),
    a.indexOf(1),
    a.lastIndexOf(1),
  ]
  const sums = [
    a.reduce((x, y) => x + y),
    a.reduce((x, y) => x + y, ''),
    a.reduceRight((x, y) => x + y),
    a.reduceRight((x, y) => x + y, ''),
  ]
  const lists = [
    [...a],
    [...a[Symbol.iterator]()],
    [...a.entries()],
    [...a.keys()],
    [...a.values()],
    a.join(),
    a.toString(),
  ]
  const sizes = [a.length, a.byteLength, a.byteOffset, a.BYTES_PER_ELEMENT, a[0]]
  return [same, copies, found, sums, lists, sizes, a.every((x) => x > 0), a.some((x) => x > 0)]
}
export function useBytes(): readonly unknown[] {
  const buffer = new ArrayBuffer(16)
  const view = new DataView(buffer, 0, 8)
  view.setInt8(0, 1)
  view.setUint8(0, 1)
  view.setInt16(0, 1, true)
  view.setUint16(0, 1)
  view.setInt32(0, 1)
  view.setUint32(0, 1)
  view.setFloat32(0, 1)
  view.setFloat64(0, 1)
  view.setBigInt64(0, 1n)
  view.setBigUint64(0, 1n, true)
  const read = [view.getInt8(0), view.getUint8(0), view.getInt16(0), view.getUint16(0, true), view.getInt32(0)]
  read.push(view.getUint32(0), view.getFloat32(0), view.getFloat64(0), view.byteLength, view.byteOffset)
  read.push(Number(view.getBigInt64(0) + view.getBigUint64(0)))
  const made = [
    new Int8Array(1),
    Int8Array.from([1]),
    Int8Array.of(1),
    new Uint8Array(buffer),
    Uint8Array.from([1, 2]),
    Uint8Array.of(1),
    new Uint8ClampedArray([1]),
    Uint8ClampedArray.from([1]),
    Uint8ClampedArray.of(1),
    new Int16Array(1),
    Int16Array.from([1]),
    Int16Array.of(1),
    new Uint16Array(1),
    Uint16Array.from([1]),
    Uint16Array.of(1),
    new Int32Array(1),
    Int32Array.from([1]),
    Int32Array.of(1),
    new Uint32Array(1),
    Uint32Array.from([1]),
    Uint32Array.of(1),
    new Float32Array(1),
    Float32Array.from([1]),
    Float32Array.of(1),
    new Float64Array(1),
    Float64Array.from([1], (x) => x),
    Float64Array.of(1),
  ]
  const sizes = [
    Int8Array.BYTES_PER_ELEMENT,
    buffer.byteLength,
    buffer.slice(1, 2).byteLength,
    ArrayBuffer.isView(view),
  ]
  return [
    read,
    made,
    sizes,
    view.buffer === buffer,
    made[0]?.buffer,
    useTyped(new Int8Array(4)),
    useTyped(new Float64Array(4)),
  ]
}
export function useClone(): { readonly a: readonly number[] } {
  return structuredClone({ a: [1] })
}
export function useCoders(): string {
  const bytes = new TextEncoder().encode('a')
  return new TextDecoder().decode(bytes) + new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
}
export function useWorld(): readonly [number, number, number, string] {
  const timers = [setTimeout(() => {}, 1), setInterval(() => {}, 1)]
  clearTimeout(timers[0])
  clearInterval(timers[1])
  queueMicrotask(() => {})
  return [Date.now(), Math.random(), performance.now(), crypto.randomUUID()]
}
export function usePatterns(text: string): readonly unknown[] {
  const re = has<RegExp>()(/a(b)?/g)
  const made = [new RegExp('a'), new RegExp(re, 'i'), RegExp('a', 'y'), RegExp(re)]
  has<RegExpExecArray | null>()(re.exec(text))
  re.lastIndex = 0
  const first = /b/.exec(text)
  if (first) number(first.index + first.input.length + first[0].length + first.length)
  const found = has<RegExpMatchArray | null>()(text.match(re))
  text.match('a')
  const names = [first?.groups?.['a'], found?.groups?.['a']]
  const place = has<(number | string | undefined)[]>()([found?.index, found?.input, found?.[0]])
  const all = [...has<RegExpStringIterator<RegExpExecArray>>()(text.matchAll(re))]
  number(text.search(re) + text.search('b') + re.lastIndex)
  has<string[]>()(text.split(/,/).concat(text.split(/,/, 2)))
  const swapped = [
    text.replace(re, '$1'),
    text.replace(re, (whole, part) => `${whole}${part}`),
    text.replaceAll(re, '-'),
    text.replaceAll(re, () => '-'),
  ]
  const flags = [
    re.hasIndices,
    re.global,
    re.ignoreCase,
    re.multiline,
    re.dotAll,
    re.unicode,
    re.unicodeSets,
    re.sticky,
  ]
  truth(re.test(text) && re instanceof RegExp)
  return [re.source, re.flags, re.toString(), made, place, names, all, swapped, flags]
}
export function nameSymbols(): readonly unknown[] {
  const one: symbol = Symbol('one')
  const known = Symbol.for('known')
  truth(one === one.valueOf())
  return [
    text(one.toString()),
    has<string | undefined>()(one.description),
    has<string | undefined>()(Symbol.keyFor(known)),
  ]
}
export function callFunctions(add: (a: number, b: number) => number): readonly number[] {
  const one = (): number => 1
  const bound = add.bind(undefined)
  const partial = add.bind(undefined, 3)
  const called = numbers([one.apply(undefined), add.call([], 1, 2), add.apply([], [2, 3]), one.name.length, one.length])
  return [...called, number(partial(4)), number(bound(4, 5))]
}
