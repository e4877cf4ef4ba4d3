// The standard library as programs see it: the members that this version runs and nothing else, with
// the meaning that ECMA-262 gives them. The type checker reads this file instead of its own library, so
// a member that is not here is an error where it is used.

// What the type checker itself asks for.

interface Object {
  constructor: ObjectMaker
  hasOwnProperty(key: PropertyKey): boolean
  toString(): string
}
interface Function {
  readonly length: number
  readonly name: string
  [Symbol.hasInstance](value: unknown): boolean
}
/** What an object has as `constructor`: a class of the program, or what stands for one of the library. */
interface ObjectMaker extends Function {}
interface CallableFunction extends Function {
  apply<T, R>(this: (this: T) => R, self: T): R
  apply<T, A extends any[], R>(this: (this: T, ...args: A) => R, self: T, args: A): R
  bind<F>(this: F, self: ThisParameterType<F>): OmitThisParameter<F>
  bind<T, A extends any[], B extends any[], R>(
    this: (this: T, ...args: [...A, ...B]) => R,
    self: T,
    ...args: A
  ): (...args: B) => R
  call<T, A extends any[], R>(this: (this: T, ...args: A) => R, self: T, ...args: A): R
}
interface NewableFunction extends Function {}
interface IArguments extends ReadonlyArray<any> {}
interface Symbol {
  readonly description: string | undefined
  toString(): string
  valueOf(): symbol
}
interface SymbolConstructor {
  (description?: string | number): symbol
  for(key: string): symbol
  keyFor(symbol: symbol): string | undefined
  readonly hasInstance: unique symbol
  readonly iterator: unique symbol
  readonly asyncIterator: unique symbol
  readonly toPrimitive: unique symbol
  readonly toStringTag: unique symbol
}
declare var Symbol: SymbolConstructor
interface TemplateStringsArray extends ReadonlyArray<string> {
  readonly raw: readonly string[]
}

// Iteration: for-of, spread and array patterns of arrays, strings and what `keys`, `values` and `entries` give.

interface IteratorYieldResult<T> {
  done?: false
  value: T
}
interface IteratorReturnResult<R> {
  done: true
  value: R
}
type IteratorResult<T, R = any> = IteratorYieldResult<T> | IteratorReturnResult<R>
type BuiltinIteratorReturn = intrinsic
interface Iterator<T, R = any, N = any> {
  next(...[value]: [] | [N]): IteratorResult<T, R>
  return?(value?: R): IteratorResult<T, R>
  throw?(error?: any): IteratorResult<T, R>
}
interface IteratorObject<T, R = unknown, N = unknown> extends Iterator<T, R, N> {
  [Symbol.iterator](): IteratorObject<T, R, N>
  drop(count: number): IteratorObject<T, undefined, unknown>
  every(callback: (value: T, index: number) => unknown): boolean
  filter<S extends T>(callback: (value: T, index: number) => value is S): IteratorObject<S, undefined, unknown>
  filter(callback: (value: T, index: number) => unknown): IteratorObject<T, undefined, unknown>
  find<S extends T>(callback: (value: T, index: number) => value is S): S | undefined
  find(callback: (value: T, index: number) => unknown): T | undefined
  flatMap<U>(callback: (value: T, index: number) => Iterable<U>): IteratorObject<U, undefined, unknown>
  forEach(callback: (value: T, index: number) => void): void
  map<U>(callback: (value: T, index: number) => U): IteratorObject<U, undefined, unknown>
  reduce(callback: (sum: T, value: T, index: number) => T): T
  reduce<U>(callback: (sum: U, value: T, index: number) => U, initial: U): U
  some(callback: (value: T, index: number) => unknown): boolean
  take(count: number): IteratorObject<T, undefined, unknown>
  toArray(): T[]
}
interface IteratorConstructor {
  from<T>(
    value: Iterator<T, unknown, undefined> | Iterable<T, unknown, undefined>,
  ): IteratorObject<T, undefined, unknown>
}
declare var Iterator: IteratorConstructor
interface Generator<T = unknown, R = any, N = any> extends IteratorObject<T, R, N> {
  next(...[value]: [] | [N]): IteratorResult<T, R>
  return(value: R): IteratorResult<T, R>
  throw(error: any): IteratorResult<T, R>
  [Symbol.iterator](): Generator<T, R, N>
}
interface GeneratorFunction {}
interface Iterable<T, R = any, N = any> {
  [Symbol.iterator](): Iterator<T, R, N>
}
interface IterableIterator<T, R = any, N = any> extends Iterator<T, R, N> {
  [Symbol.iterator](): IterableIterator<T, R, N>
}
interface ArrayIterator<T> extends IteratorObject<T, BuiltinIteratorReturn, unknown> {
  [Symbol.iterator](): ArrayIterator<T>
}

// Promises.

interface PromiseLike<T> {
  then<U = T, V = never>(
    onValue?: ((value: T) => U | PromiseLike<U>) | null,
    onError?: ((reason: any) => V | PromiseLike<V>) | null,
  ): PromiseLike<U | V>
}
interface Promise<T> {
  then<U = T, V = never>(
    onValue?: ((value: T) => U | PromiseLike<U>) | null,
    onError?: ((reason: any) => V | PromiseLike<V>) | null,
  ): Promise<U | V>
  catch<V = never>(onError?: ((reason: any) => V | PromiseLike<V>) | null): Promise<T | V>
  finally(onEnd?: (() => void) | null): Promise<T>
}
type Awaited<T> = T extends null | undefined
  ? T
  : T extends object & { then(onValue: infer F, ...rest: infer _): any }
    ? F extends (value: infer V, ...rest: infer _) => any
      ? Awaited<V>
      : never
    : T
interface PromiseFulfilledResult<T> {
  status: 'fulfilled'
  value: T
}
interface PromiseRejectedResult {
  status: 'rejected'
  reason: any
}
type PromiseSettledResult<T> = PromiseFulfilledResult<T> | PromiseRejectedResult
interface PromiseWithResolvers<T> {
  promise: Promise<T>
  resolve: (value: T | PromiseLike<T>) => void
  reject: (reason?: any) => void
}
interface PromiseConstructor {
  new <T>(executor: (resolve: (value: T | PromiseLike<T>) => void, reject: (reason?: any) => void) => void): Promise<T>
  all<T extends readonly unknown[] | []>(items: T): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }>
  all<T>(items: Iterable<T | PromiseLike<T>>): Promise<Awaited<T>[]>
  allSettled<T extends readonly unknown[] | []>(
    items: T,
  ): Promise<{ -readonly [P in keyof T]: PromiseSettledResult<Awaited<T[P]>> }>
  allSettled<T>(items: Iterable<T | PromiseLike<T>>): Promise<PromiseSettledResult<Awaited<T>>[]>
  any<T extends readonly unknown[] | []>(items: T): Promise<Awaited<T[number]>>
  any<T>(items: Iterable<T | PromiseLike<T>>): Promise<Awaited<T>>
  race<T extends readonly unknown[] | []>(items: T): Promise<Awaited<T[number]>>
  race<T>(items: Iterable<T | PromiseLike<T>>): Promise<Awaited<T>>
  reject<T = never>(reason?: any): Promise<T>
  resolve(): Promise<void>
  resolve<T>(value: T | PromiseLike<T>): Promise<Awaited<T>>
  try<T>(callback: () => T | PromiseLike<T>): Promise<Awaited<T>>
  withResolvers<T>(): PromiseWithResolvers<T>
}
declare var Promise: PromiseConstructor

interface AsyncIterator<T, R = any, N = any> {
  next(...[value]: [] | [N]): Promise<IteratorResult<T, R>>
  return?(value?: R | PromiseLike<R>): Promise<IteratorResult<T, R>>
  throw?(error?: any): Promise<IteratorResult<T, R>>
}
interface AsyncIterable<T, R = any, N = any> {
  [Symbol.asyncIterator](): AsyncIterator<T, R, N>
}
interface AsyncIterableIterator<T, R = any, N = any> extends AsyncIterator<T, R, N> {
  [Symbol.asyncIterator](): AsyncIterableIterator<T, R, N>
}
interface AsyncIteratorObject<T, R = unknown, N = unknown> extends AsyncIterator<T, R, N> {
  [Symbol.asyncIterator](): AsyncIteratorObject<T, R, N>
}
interface AsyncGenerator<T = unknown, R = any, N = any> extends AsyncIteratorObject<T, R, N> {
  next(...[value]: [] | [N]): Promise<IteratorResult<T, R>>
  return(value: R | PromiseLike<R>): Promise<IteratorResult<T, R>>
  throw(error: any): Promise<IteratorResult<T, R>>
  [Symbol.asyncIterator](): AsyncGenerator<T, R, N>
}

// Types made from types.

type PropertyKey = string | number | symbol
type Partial<T> = { [K in keyof T]?: T[K] }
type Required<T> = { [K in keyof T]-?: T[K] }
type Readonly<T> = { readonly [K in keyof T]: T[K] }
type Pick<T, K extends keyof T> = { [P in K]: T[P] }
type Omit<T, K extends PropertyKey> = Pick<T, Exclude<keyof T, K>>
type Record<K extends PropertyKey, T> = { [P in K]: T }
type Exclude<T, U> = T extends U ? never : T
type Extract<T, U> = T extends U ? T : never
type NonNullable<T> = T & {}
type Parameters<F extends (...args: any) => unknown> = F extends (...args: infer P) => unknown ? P : never
type ThisParameterType<F> = F extends (this: infer T, ...args: never) => unknown ? T : unknown
type OmitThisParameter<F> =
  unknown extends ThisParameterType<F> ? F : F extends (...args: infer A) => infer R ? (...args: A) => R : F
type ReturnType<F extends (...args: any) => unknown> = F extends (...args: any) => infer R ? R : never
type ConstructorParameters<C extends abstract new (...args: any) => unknown> = C extends abstract new (
  ...args: infer P
) => unknown
  ? P
  : never
type InstanceType<C extends abstract new (...args: any) => unknown> = C extends abstract new (...args: any) => infer I
  ? I
  : never
type Uppercase<S extends string> = intrinsic
type Lowercase<S extends string> = intrinsic
type Capitalize<S extends string> = intrinsic
type Uncapitalize<S extends string> = intrinsic
type NoInfer<T> = intrinsic

// Arrays. `A` is the array as callbacks get it.

interface ArrayLike<T> {
  readonly length: number
  readonly [index: number]: T
}
/** What `flat` leaves of an element. */
type Flattened<T> = T extends readonly (infer U)[] ? U : T
type FlattenedFully<T> = T extends readonly (infer U)[] ? FlattenedFully<U> : T

interface ArrayReading<T, A> {
  [Symbol.iterator](): ArrayIterator<T>
  entries(): ArrayIterator<[number, T]>
  keys(): ArrayIterator<number>
  values(): ArrayIterator<T>

  at(index: number): T | undefined
  slice(start?: number, end?: number): T[]
  concat(...items: (T | readonly T[])[]): T[]
  join(separator?: string): string
  toString(): string
  includes(search: T, from?: number): boolean
  indexOf(search: T, from?: number): number
  lastIndexOf(search: T, from?: number): number

  forEach(callback: (value: T, index: number, array: A) => void): void
  map<U>(callback: (value: T, index: number, array: A) => U): U[]
  filter<S extends T>(test: (value: T, index: number, array: A) => value is S): S[]
  filter(test: (value: T, index: number, array: A) => unknown): T[]
  find<S extends T>(test: (value: T, index: number, array: A) => value is S): S | undefined
  find(test: (value: T, index: number, array: A) => unknown): T | undefined
  findIndex(test: (value: T, index: number, array: A) => unknown): number
  findLast<S extends T>(test: (value: T, index: number, array: A) => value is S): S | undefined
  findLast(test: (value: T, index: number, array: A) => unknown): T | undefined
  findLastIndex(test: (value: T, index: number, array: A) => unknown): number
  some(test: (value: T, index: number, array: A) => unknown): boolean
  reduce(callback: (sum: T, value: T, index: number, array: A) => T): T
  reduce(callback: (sum: T, value: T, index: number, array: A) => T, initial: T): T
  reduce<U>(callback: (sum: U, value: T, index: number, array: A) => U, initial: U): U
  reduceRight(callback: (sum: T, value: T, index: number, array: A) => T): T
  reduceRight(callback: (sum: T, value: T, index: number, array: A) => T, initial: T): T
  reduceRight<U>(callback: (sum: U, value: T, index: number, array: A) => U, initial: U): U
  flatMap<U>(callback: (value: T, index: number, array: A) => U | readonly U[]): U[]
  flat(depth?: 1): Flattened<T>[]
  flat(depth: 2): Flattened<Flattened<T>>[]
  flat(depth: number): FlattenedFully<T>[]

  toReversed(): T[]
  toSorted(compare?: (a: T, b: T) => number): T[]
  toSpliced(start: number, count?: number): T[]
  toSpliced(start: number, count: number, ...items: T[]): T[]
  with(index: number, value: T): T[]
}
interface ReadonlyArray<T> extends ArrayReading<T, readonly T[]> {
  readonly [index: number]: T
  readonly length: number
  every<S extends T>(test: (value: T, index: number, array: readonly T[]) => value is S): this is readonly S[]
  every(test: (value: T, index: number, array: readonly T[]) => unknown): boolean
}
interface Array<T> extends ArrayReading<T, T[]> {
  [index: number]: T
  length: number
  every<S extends T>(test: (value: T, index: number, array: T[]) => value is S): this is S[]
  every(test: (value: T, index: number, array: T[]) => unknown): boolean

  push(...items: T[]): number
  pop(): T | undefined
  shift(): T | undefined
  unshift(...items: T[]): number
  splice(start: number, count?: number): T[]
  splice(start: number, count: number, ...items: T[]): T[]
  reverse(): T[]
  sort(compare?: (a: T, b: T) => number): this
  fill(value: T, start?: number, end?: number): this
  copyWithin(target: number, start: number, end?: number): this
}
interface ArrayConstructor {
  new (length?: number): any[]
  new <T>(length: number): T[]
  new <T>(...items: T[]): T[]
  (length?: number): any[]
  <T>(length: number): T[]
  <T>(...items: T[]): T[]
  isArray(value: unknown): value is any[]
  of<T>(...items: T[]): T[]
  from<T>(source: Iterable<T> | ArrayLike<T>): T[]
  from<T, U>(source: Iterable<T> | ArrayLike<T>, callback: (value: T, index: number) => U): U[]
  fromAsync<T>(source: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): Promise<T[]>
  fromAsync<T, U>(
    source: AsyncIterable<T> | Iterable<T>,
    callback: (value: Awaited<T>, index: number) => U,
  ): Promise<Awaited<U>[]>
}
declare var Array: ArrayConstructor

// Strings.

interface String {
  readonly [index: number]: string
  readonly length: number
  [Symbol.iterator](): ArrayIterator<string>
  at(index: number): string | undefined
  charAt(index: number): string
  charCodeAt(index: number): number
  codePointAt(index: number): number | undefined
  concat(...parts: string[]): string
  endsWith(search: string, end?: number): boolean
  includes(search: string, from?: number): boolean
  indexOf(search: string, from?: number): number
  isWellFormed(): boolean
  lastIndexOf(search: string, from?: number): number
  localeCompare(that: string, locales?: string | readonly string[], options?: Intl.CollatorOptions): number
  normalize(form?: 'NFC' | 'NFD' | 'NFKC' | 'NFKD'): string
  padEnd(length: number, fill?: string): string
  padStart(length: number, fill?: string): string
  match(pattern: string | RegExp): RegExpMatchArray | null
  matchAll(pattern: RegExp): RegExpStringIterator<RegExpExecArray>
  repeat(count: number): string
  replace(search: string | RegExp, replacement: string): string
  replace(search: string | RegExp, replacer: (found: string, ...parts: any[]) => string): string
  replaceAll(search: string | RegExp, replacement: string): string
  replaceAll(search: string | RegExp, replacer: (found: string, ...parts: any[]) => string): string
  search(pattern: string | RegExp): number
  slice(start?: number, end?: number): string
  split(separator: string | RegExp, limit?: number): string[]
  startsWith(search: string, from?: number): boolean
  substr(start: number, length?: number): string
  substring(start: number, end?: number): string
  toLocaleLowerCase(locales?: string | readonly string[]): string
  toLocaleUpperCase(locales?: string | readonly string[]): string
  toLowerCase(): string
  toString(): string
  toUpperCase(): string
  toWellFormed(): string
  trim(): string
  trimEnd(): string
  trimStart(): string
  valueOf(): string
}
interface StringConstructor {
  (value?: unknown): string
  fromCharCode(...units: number[]): string
  fromCodePoint(...points: number[]): string
  raw(template: TemplateStringsArray, ...values: unknown[]): string
}
declare var String: StringConstructor

// Regular expressions.

interface RegExp {
  readonly source: string
  readonly flags: string
  readonly hasIndices: boolean
  readonly global: boolean
  readonly ignoreCase: boolean
  readonly multiline: boolean
  readonly dotAll: boolean
  readonly unicode: boolean
  readonly unicodeSets: boolean
  readonly sticky: boolean
  lastIndex: number
  exec(text: string): RegExpExecArray | null
  test(text: string): boolean
  toString(): string
}
interface RegExpMatchArray extends Array<string> {
  index?: number
  input?: string
  groups?: { [name: string]: string }
}
interface RegExpExecArray extends Array<string> {
  index: number
  input: string
  groups?: { [name: string]: string }
}
interface RegExpStringIterator<T> extends IteratorObject<T, BuiltinIteratorReturn, unknown> {
  [Symbol.iterator](): RegExpStringIterator<T>
}
interface RegExpConstructor {
  new (pattern: RegExp | string, flags?: string): RegExp
  (pattern: RegExp | string, flags?: string): RegExp
}
declare var RegExp: RegExpConstructor

// Numbers and booleans.

declare namespace Intl {
  type CollatorOptions = { caseFirst?: string; ignorePunctuation?: boolean; numeric?: boolean; sensitivity?: string }
  type NumberFormatOptions = {
    [K in 'currency' | 'currencyDisplay' | 'notation' | 'signDisplay' | 'style']?: string
  } & {
    [K in `${'maximum' | 'minimum'}${'Fraction' | 'Integer' | 'Significant'}Digits`]?: number
  } & {
    useGrouping?: boolean | string
    compactDisplay?: string
    currencySign?: string
    unit?: string
    unitDisplay?: string
  }
  type DateTimeFormatOptions = {
    [K in 'calendar' | 'dateStyle' | 'day' | 'dayPeriod' | 'era' | 'formatMatcher' | 'hour' | 'hourCycle']?: string
  } & {
    [K in 'localeMatcher' | 'minute' | 'month' | 'numberingSystem' | 'second' | 'timeStyle' | 'timeZone']?: string
  } & { timeZoneName?: string; weekday?: string; year?: string; hour12?: boolean; fractionalSecondDigits?: number }
  interface NumberFormat {
    format(value: number): string
  }
  interface DateTimeFormat {
    format(date?: Date | number): string
  }
  const NumberFormat: {
    new (locales?: string | readonly string[], options?: NumberFormatOptions): NumberFormat
    (locales?: string | readonly string[], options?: NumberFormatOptions): NumberFormat
  }
  const DateTimeFormat: {
    new (locales?: string | readonly string[], options?: DateTimeFormatOptions): DateTimeFormat
    (locales?: string | readonly string[], options?: DateTimeFormatOptions): DateTimeFormat
  }
}
interface Number {
  toExponential(digits?: number): string
  toFixed(digits?: number): string
  toLocaleString(locales?: string | readonly string[], options?: Intl.NumberFormatOptions): string
  toPrecision(digits?: number): string
  toString(radix?: number): string
  valueOf(): number
}
interface NumberConstructor {
  (value?: unknown): number
  readonly EPSILON: number
  readonly MAX_SAFE_INTEGER: number
  readonly MAX_VALUE: number
  readonly MIN_SAFE_INTEGER: number
  readonly MIN_VALUE: number
  readonly NEGATIVE_INFINITY: number
  readonly NaN: number
  readonly POSITIVE_INFINITY: number
  isFinite(value: unknown): boolean
  isInteger(value: unknown): boolean
  isNaN(value: unknown): boolean
  isSafeInteger(value: unknown): boolean
  parseFloat(text: string): number
  parseInt(text: string, radix?: number): number
}
declare var Number: NumberConstructor

interface BigInt {
  toString(radix?: number): string
  toLocaleString(locales?: 'en-US'): string
  valueOf(): bigint
}
interface BigIntConstructor {
  (value: bigint | boolean | number | string): bigint
  asIntN(bits: number, value: bigint): bigint
  asUintN(bits: number, value: bigint): bigint
}
declare var BigInt: BigIntConstructor

interface Boolean {
  toString(): string
  valueOf(): boolean
}
interface BooleanConstructor {
  <T>(value?: T): boolean
}
declare var Boolean: BooleanConstructor

interface Math {
  readonly E: number
  readonly LN10: number
  readonly LN2: number
  readonly LOG10E: number
  readonly LOG2E: number
  readonly PI: number
  readonly SQRT1_2: number
  readonly SQRT2: number
  abs(x: number): number
  acos(x: number): number
  acosh(x: number): number
  asin(x: number): number
  asinh(x: number): number
  atan(x: number): number
  atan2(y: number, x: number): number
  atanh(x: number): number
  cbrt(x: number): number
  ceil(x: number): number
  clz32(x: number): number
  cos(x: number): number
  cosh(x: number): number
  exp(x: number): number
  expm1(x: number): number
  floor(x: number): number
  fround(x: number): number
  hypot(...values: number[]): number
  imul(a: number, b: number): number
  log(x: number): number
  log10(x: number): number
  log1p(x: number): number
  log2(x: number): number
  max(...values: number[]): number
  min(...values: number[]): number
  pow(base: number, exponent: number): number
  random(): number
  round(x: number): number
  sign(x: number): number
  sin(x: number): number
  sinh(x: number): number
  sqrt(x: number): number
  tan(x: number): number
  tanh(x: number): number
  trunc(x: number): number
}
declare var Math: Math

declare const Infinity: number
declare const NaN: number
declare function isFinite(value: number): boolean
declare function isNaN(value: number): boolean
declare function parseFloat(text: string): number
declare function atob(text: string): string
declare function btoa(text: string): string
declare function decodeURI(text: string): string
declare function decodeURIComponent(text: string): string
declare function encodeURI(text: string | number | boolean): string
declare function encodeURIComponent(text: string | number | boolean): string
declare function parseInt(text: string, radix?: number): number

// Maps and sets.

interface MapIterator<T> extends IteratorObject<T, BuiltinIteratorReturn, unknown> {
  [Symbol.iterator](): MapIterator<T>
}
interface SetIterator<T> extends IteratorObject<T, BuiltinIteratorReturn, unknown> {
  [Symbol.iterator](): SetIterator<T>
}
interface ReadonlyMap<K, V> {
  readonly size: number
  entries(): MapIterator<[K, V]>
  forEach(callback: (value: V, key: K, map: ReadonlyMap<K, V>) => unknown): void
  get(key: K): V | undefined
  has(key: K): boolean
  keys(): MapIterator<K>
  values(): MapIterator<V>
  [Symbol.iterator](): MapIterator<[K, V]>
}
interface Map<K, V> extends ReadonlyMap<K, V> {
  clear(): void
  delete(key: K): boolean
  forEach(callback: (value: V, key: K, map: Map<K, V>) => unknown): void
  set(key: K, value: V): this
}
interface MapConstructor {
  new (): Map<any, any>
  new <K, V>(entries?: Iterable<readonly [K, V]> | null): Map<K, V>
  groupBy<K, T>(items: Iterable<T>, callback: (value: T, index: number) => K): Map<K, T[]>
}
declare var Map: MapConstructor
type WeakMap<K extends object, V> = Pick<Map<K, V>, 'delete' | 'get' | 'has' | 'set'>
declare var WeakMap: {
  new <K extends object = object, V = any>(entries?: Iterable<readonly [K, V]> | null): WeakMap<K, V>
}
type WeakSet<K extends object> = Pick<Set<K>, 'add' | 'delete' | 'has'>
declare var WeakSet: { new <K extends object = object>(keys?: Iterable<K> | null): WeakSet<K> }
interface DOMException extends Error {
  readonly code: number
}
declare var DOMException: { new (message?: string, name?: string): DOMException }
interface AbortEvent {
  readonly type: string
  readonly target: AbortSignal
}
interface AbortSignal {
  readonly aborted: boolean
  readonly reason: any
  onabort: ((this: AbortSignal, event: AbortEvent) => any) | null
  throwIfAborted(): void
  addEventListener(
    type: 'abort',
    listener: ((this: AbortSignal, event: AbortEvent) => any) | { handleEvent(event: AbortEvent): any } | null,
    options?: boolean | { once?: boolean; capture?: boolean; signal?: AbortSignal },
  ): void
  removeEventListener(
    type: 'abort',
    listener: ((this: AbortSignal, event: AbortEvent) => any) | { handleEvent(event: AbortEvent): any } | null,
    options?: boolean | { capture?: boolean },
  ): void
}
declare var AbortSignal: {
  abort(reason?: any): AbortSignal
  any(signals: Iterable<AbortSignal>): AbortSignal
}
interface AbortController {
  readonly signal: AbortSignal
  abort(reason?: any): void
}
declare var AbortController: { new (): AbortController }
interface URL {
  hash: string
  host: string
  hostname: string
  href: string
  readonly origin: string
  password: string
  pathname: string
  port: string
  protocol: string
  search: string
  readonly searchParams: URLSearchParams
  username: string
  toString(): string
  toJSON(): string
}
declare var URL: {
  new (url: string | URL, base?: string | URL): URL
  canParse(url: string | URL, base?: string | URL): boolean
  parse(url: string | URL, base?: string | URL): URL | null
}
interface URLSearchParams {
  readonly size: number
  append(name: string, value: string): void
  delete(name: string, value?: string): void
  get(name: string): string | null
  getAll(name: string): string[]
  has(name: string, value?: string): boolean
  set(name: string, value: string): void
  sort(): void
  toString(): string
  forEach(callback: (value: string, name: string, params: URLSearchParams) => void): void
  keys(): IterableIterator<string>
  values(): IterableIterator<string>
  entries(): IterableIterator<[string, string]>
  [Symbol.iterator](): IterableIterator<[string, string]>
}
declare var URLSearchParams: {
  new (init?: string | Record<string, string> | Iterable<readonly [string, string]> | null): URLSearchParams
}
interface ReadonlySet<T> {
  readonly size: number
  difference(other: ReadonlySet<unknown>): Set<T>
  entries(): SetIterator<[T, T]>
  forEach(callback: (value: T, key: T, set: ReadonlySet<T>) => unknown): void
  has(value: T): boolean
  intersection<U>(other: ReadonlySet<U>): Set<T & U>
  isDisjointFrom(other: ReadonlySet<unknown>): boolean
  isSubsetOf(other: ReadonlySet<unknown>): boolean
  isSupersetOf(other: ReadonlySet<unknown>): boolean
  keys(): SetIterator<T>
  symmetricDifference<U>(other: ReadonlySet<U>): Set<T | U>
  union<U>(other: ReadonlySet<U>): Set<T | U>
  values(): SetIterator<T>
  [Symbol.iterator](): SetIterator<T>
}
interface Set<T> extends ReadonlySet<T> {
  add(value: T): this
  clear(): void
  delete(value: T): boolean
  forEach(callback: (value: T, key: T, set: Set<T>) => unknown): void
}
interface SetConstructor {
  new <T = any>(values?: Iterable<T> | null): Set<T>
}
declare var Set: SetConstructor

// Objects: what can be asked of a record as a whole.

interface ObjectConstructor {
  create(prototype: null): any
  fromEntries<T>(entries: Iterable<readonly [PropertyKey, T]>): { [key: string]: T }
  groupBy<K extends PropertyKey, T>(
    items: Iterable<T>,
    callback: (value: T, index: number) => K,
  ): Partial<Record<K, T[]>>
  hasOwn(object: {}, key: PropertyKey): boolean
  assign<T extends {}, U>(target: T, source: U): T & U
  assign<T extends {}, U, V>(target: T, source1: U, source2: V): T & U & V
  assign(target: object, ...sources: any[]): any
  entries<T>(record: { [key: string]: T } | ArrayLike<T>): [string, T][]
  entries(record: {}): [string, any][]
  freeze<T extends { [key: string]: U | null | undefined | object }, U extends string | bigint | number | boolean>(
    value: T,
  ): Readonly<T>
  freeze<T>(value: T): Readonly<T>
  isExtensible(value: any): boolean
  isFrozen(value: any): boolean
  isSealed(value: any): boolean
  is(a: unknown, b: unknown): boolean
  setPrototypeOf<T>(target: T, prototype: object | null): T
  keys(record: {}): string[]
  values<T>(record: { [key: string]: T } | ArrayLike<T>): T[]
  values(record: {}): any[]
}
declare var Object: ObjectConstructor

// JSON text.

interface JSON {
  parse(text: string, reviver?: (key: string, value: any) => any): any
  stringify(
    value: any,
    replacer?: ((key: string, value: any) => any) | readonly (string | number)[] | null,
    space?: string | number,
  ): string
}
declare var JSON: JSON

// Errors.

interface ErrorOptions {
  cause?: unknown
}
interface Error {
  name: string
  message: string
  cause?: unknown
}
interface ErrorKind<T> {
  new (message?: string, options?: ErrorOptions): T
  (message?: string, options?: ErrorOptions): T
}
interface ErrorConstructor extends ErrorKind<Error> {
  captureStackTrace(target: object, constructor?: Function): void
}
interface EvalError extends Error {}
interface RangeError extends Error {}
interface ReferenceError extends Error {}
interface SyntaxError extends Error {}
interface TypeError extends Error {}
interface URIError extends Error {}
interface AggregateError extends Error {
  errors: any[]
}
interface AggregateErrorConstructor {
  new (errors: Iterable<any>, message?: string, options?: ErrorOptions): AggregateError
  (errors: Iterable<any>, message?: string, options?: ErrorOptions): AggregateError
}
declare var AggregateError: AggregateErrorConstructor
declare var Error: ErrorConstructor
declare var EvalError: ErrorKind<EvalError>
declare var RangeError: ErrorKind<RangeError>
declare var ReferenceError: ErrorKind<ReferenceError>
declare var SyntaxError: ErrorKind<SyntaxError>
declare var TypeError: ErrorKind<TypeError>
declare var URIError: ErrorKind<URIError>

// Output.

interface Console {
  assert(condition?: boolean, ...values: unknown[]): void
  clear(): void
  count(label?: string): void
  countReset(label?: string): void
  debug(...values: unknown[]): void
  dir(value?: unknown, options?: unknown): void
  dirxml(...values: unknown[]): void
  error(...values: unknown[]): void
  group(...values: unknown[]): void
  groupCollapsed(...values: unknown[]): void
  groupEnd(): void
  info(...values: unknown[]): void
  log(...values: unknown[]): void
  table(rows?: unknown, columns?: readonly string[]): void
  time(label?: string): void
  timeEnd(label?: string): void
  timeLog(label?: string, ...values: unknown[]): void
  warn(...values: unknown[]): void
}
declare var console: Console

// What the run is told of the world.

interface Date {
  getFullYear(): number
  getUTCFullYear(): number
  getMonth(): number
  getUTCMonth(): number
  getDate(): number
  getUTCDate(): number
  getHours(): number
  getUTCHours(): number
  getMinutes(): number
  getUTCMinutes(): number
  getSeconds(): number
  getUTCSeconds(): number
  getMilliseconds(): number
  getUTCMilliseconds(): number
  getDay(): number
  getUTCDay(): number
  getTime(): number
  getTimezoneOffset(): number
  setTime(time: number): number
  setFullYear(year: number, month?: number, date?: number): number
  setUTCFullYear(year: number, month?: number, date?: number): number
  setMonth(month: number, date?: number): number
  setUTCMonth(month: number, date?: number): number
  setDate(date: number): number
  setUTCDate(date: number): number
  setHours(hours: number, minutes?: number, seconds?: number, ms?: number): number
  setUTCHours(hours: number, minutes?: number, seconds?: number, ms?: number): number
  setMinutes(minutes: number, seconds?: number, ms?: number): number
  setUTCMinutes(minutes: number, seconds?: number, ms?: number): number
  setSeconds(seconds: number, ms?: number): number
  setUTCSeconds(seconds: number, ms?: number): number
  setMilliseconds(ms: number): number
  setUTCMilliseconds(ms: number): number
  toDateString(): string
  toISOString(): string
  toJSON(key?: unknown): string
  toLocaleDateString(locales?: string | readonly string[], options?: Intl.DateTimeFormatOptions): string
  toLocaleString(locales?: string | readonly string[], options?: Intl.DateTimeFormatOptions): string
  toLocaleTimeString(locales?: string | readonly string[], options?: Intl.DateTimeFormatOptions): string
  toString(): string
  toTimeString(): string
  toUTCString(): string
  valueOf(): number
}
interface DateConstructor {
  new (): Date
  new (value: number | string | Date): Date
  new (
    year: number,
    month: number,
    date?: number,
    hours?: number,
    minutes?: number,
    seconds?: number,
    ms?: number,
  ): Date
  now(): number
  parse(text: string): number
  UTC(
    year: number,
    month?: number,
    date?: number,
    hours?: number,
    minutes?: number,
    seconds?: number,
    ms?: number,
  ): number
}
declare var Date: DateConstructor
interface Performance {
  now(): number
}
declare var performance: Performance
interface Crypto {
  randomUUID(): string
}
declare var crypto: Crypto

// Typed arrays, ArrayBuffer and DataView.

interface ArrayBuffer {
  readonly byteLength: number
  slice(start?: number, end?: number): ArrayBuffer
}
interface ArrayBufferConstructor {
  new (length?: number): ArrayBuffer
  isView(value: any): boolean
}
declare var ArrayBuffer: ArrayBufferConstructor
type ArrayBufferLike = ArrayBuffer
interface ArrayBufferView<B extends ArrayBufferLike = ArrayBufferLike> {
  readonly buffer: B
  readonly byteLength: number
  readonly byteOffset: number
}

/** What all typed arrays have; `Self` is the one at hand. */
interface TypedArray<Self, B extends ArrayBufferLike> extends ArrayBufferView<B> {
  readonly BYTES_PER_ELEMENT: number
  readonly length: number
  [index: number]: number
  at(index: number): number | undefined
  copyWithin(target: number, start: number, end?: number): this
  entries(): ArrayIterator<[number, number]>
  every(test: (value: number, index: number, array: Self) => unknown): boolean
  fill(value: number, start?: number, end?: number): this
  filter(test: (value: number, index: number, array: Self) => unknown): Self
  find(test: (value: number, index: number, array: Self) => unknown): number | undefined
  findIndex(test: (value: number, index: number, array: Self) => unknown): number
  findLast(test: (value: number, index: number, array: Self) => unknown): number | undefined
  findLastIndex(test: (value: number, index: number, array: Self) => unknown): number
  forEach(callback: (value: number, index: number, array: Self) => void): void
  includes(value: number, from?: number): boolean
  indexOf(value: number, from?: number): number
  join(separator?: string): string
  keys(): ArrayIterator<number>
  lastIndexOf(value: number, from?: number): number
  map(callback: (value: number, index: number, array: Self) => number): Self
  reduce(callback: (sum: number, value: number, index: number, array: Self) => number): number
  reduce<U>(callback: (sum: U, value: number, index: number, array: Self) => U, initial: U): U
  reduceRight(callback: (sum: number, value: number, index: number, array: Self) => number): number
  reduceRight<U>(callback: (sum: U, value: number, index: number, array: Self) => U, initial: U): U
  reverse(): this
  set(source: ArrayLike<number>, offset?: number): void
  slice(start?: number, end?: number): Self
  some(test: (value: number, index: number, array: Self) => unknown): boolean
  sort(compare?: (a: number, b: number) => number): this
  subarray(start?: number, end?: number): Self
  toReversed(): Self
  toSorted(compare?: (a: number, b: number) => number): Self
  toString(): string
  values(): ArrayIterator<number>
  with(index: number, value: number): Self
  [Symbol.iterator](): ArrayIterator<number>
}
/** How typed arrays are made. */
interface TypedArrayConstructor<Self> {
  readonly BYTES_PER_ELEMENT: number
  new (length?: number): Self
  new (source: ArrayLike<number> | Iterable<number>): Self
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): Self
  from(source: ArrayLike<number> | Iterable<number>): Self
  from<T>(source: ArrayLike<T> | Iterable<T>, callback: (value: T, index: number) => number): Self
  of(...items: number[]): Self
}
interface Int8Array<B extends ArrayBufferLike = ArrayBufferLike> extends TypedArray<Int8Array<ArrayBuffer>, B> {}
declare var Int8Array: TypedArrayConstructor<Int8Array<ArrayBuffer>>
interface Uint8Array<B extends ArrayBufferLike = ArrayBufferLike> extends TypedArray<Uint8Array<ArrayBuffer>, B> {}
declare var Uint8Array: TypedArrayConstructor<Uint8Array<ArrayBuffer>>
interface Uint8ClampedArray<B extends ArrayBufferLike = ArrayBufferLike> extends TypedArray<
  Uint8ClampedArray<ArrayBuffer>,
  B
> {}
declare var Uint8ClampedArray: TypedArrayConstructor<Uint8ClampedArray<ArrayBuffer>>
interface Int16Array<B extends ArrayBufferLike = ArrayBufferLike> extends TypedArray<Int16Array<ArrayBuffer>, B> {}
declare var Int16Array: TypedArrayConstructor<Int16Array<ArrayBuffer>>
interface Uint16Array<B extends ArrayBufferLike = ArrayBufferLike> extends TypedArray<Uint16Array<ArrayBuffer>, B> {}
declare var Uint16Array: TypedArrayConstructor<Uint16Array<ArrayBuffer>>
interface Int32Array<B extends ArrayBufferLike = ArrayBufferLike> extends TypedArray<Int32Array<ArrayBuffer>, B> {}
declare var Int32Array: TypedArrayConstructor<Int32Array<ArrayBuffer>>
interface Uint32Array<B extends ArrayBufferLike = ArrayBufferLike> extends TypedArray<Uint32Array<ArrayBuffer>, B> {}
declare var Uint32Array: TypedArrayConstructor<Uint32Array<ArrayBuffer>>
interface Float32Array<B extends ArrayBufferLike = ArrayBufferLike> extends TypedArray<Float32Array<ArrayBuffer>, B> {}
declare var Float32Array: TypedArrayConstructor<Float32Array<ArrayBuffer>>
interface Float64Array<B extends ArrayBufferLike = ArrayBufferLike> extends TypedArray<Float64Array<ArrayBuffer>, B> {}
declare var Float64Array: TypedArrayConstructor<Float64Array<ArrayBuffer>>

interface DataView<B extends ArrayBufferLike = ArrayBufferLike> extends ArrayBufferView<B> {
  getInt8(byteOffset: number): number
  setInt8(byteOffset: number, value: number): void
  getUint8(byteOffset: number): number
  setUint8(byteOffset: number, value: number): void
  getInt16(byteOffset: number, littleEndian?: boolean): number
  setInt16(byteOffset: number, value: number, littleEndian?: boolean): void
  getUint16(byteOffset: number, littleEndian?: boolean): number
  setUint16(byteOffset: number, value: number, littleEndian?: boolean): void
  getInt32(byteOffset: number, littleEndian?: boolean): number
  setInt32(byteOffset: number, value: number, littleEndian?: boolean): void
  getUint32(byteOffset: number, littleEndian?: boolean): number
  setUint32(byteOffset: number, value: number, littleEndian?: boolean): void
  getFloat32(byteOffset: number, littleEndian?: boolean): number
  setFloat32(byteOffset: number, value: number, littleEndian?: boolean): void
  getFloat64(byteOffset: number, littleEndian?: boolean): number
  setFloat64(byteOffset: number, value: number, littleEndian?: boolean): void
  getBigInt64(byteOffset: number, littleEndian?: boolean): bigint
  setBigInt64(byteOffset: number, value: bigint, littleEndian?: boolean): void
  getBigUint64(byteOffset: number, littleEndian?: boolean): bigint
  setBigUint64(byteOffset: number, value: bigint, littleEndian?: boolean): void
}
interface DataViewConstructor {
  new (buffer: ArrayBuffer, byteOffset?: number, byteLength?: number): DataView<ArrayBuffer>
}
declare var DataView: DataViewConstructor
declare namespace NodeJS {
  /** What stands for a timer; only good to clear it. */
  interface Timeout {
    readonly __timeout: never
  }
}
declare function setTimeout<A extends unknown[]>(
  callback: (...args: A) => unknown,
  ms?: number,
  ...args: A
): NodeJS.Timeout
declare function setTimeout(callback: (_: void) => unknown, ms?: number): NodeJS.Timeout
declare function setInterval<A extends unknown[]>(
  callback: (...args: A) => unknown,
  ms?: number,
  ...args: A
): NodeJS.Timeout
declare function setInterval(callback: (_: void) => unknown, ms?: number): NodeJS.Timeout
declare function clearTimeout(timer: NodeJS.Timeout | null | undefined): void
declare function clearInterval(timer: NodeJS.Timeout | null | undefined): void
declare function queueMicrotask(callback: () => unknown): void

declare function structuredClone<T>(value: T): T

interface TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>
}
declare var TextEncoder: { new (): TextEncoder }
interface TextDecoder {
  decode(bytes?: Uint8Array | Uint8ClampedArray): string
}
declare var TextDecoder: { new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder }
