import { expression, index } from './expressions.ts'
import type { Scope } from './scope.ts'
import { stored } from './stored.ts'
import { arrayOf, BOOLEAN, NUMBER, STRING, type Ty } from './types.ts'

// Uses of members of the library and of constructs, as texts with places for operands: `{n}` a number, `{t}` a text, `{b}` a
// truth, `{i}` an index, `{d}` a digit, `{ns}` numbers, `{ts}` texts. The library has many members that need no more.

const MATH = [
  ...[
    'acos',
    'acosh',
    'asin',
    'asinh',
    'atan',
    'atanh',
    'cos',
    'cosh',
    'exp',
    'expm1',
    'log',
    'log10',
    'log1p',
    'log2',
  ],
  ...[
    'ceil',
    'floor',
    'round',
    'sqrt',
    'trunc',
    'sin',
    'sinh',
    'tan',
    'tanh',
    'abs',
    'cbrt',
    'sign',
    'clz32',
    'fround',
  ],
].map((name) => `Math.${name}({n})`)
const CONSTANTS = [
  ...['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2'].map((name) => `Math.${name}`),
  ...['EPSILON', 'MAX_SAFE_INTEGER', 'MAX_VALUE', 'MIN_SAFE_INTEGER', 'MIN_VALUE'].map((name) => `Number.${name}`),
  ...['NEGATIVE_INFINITY', 'NaN', 'POSITIVE_INFINITY'].map((name) => `Number.${name}`),
].map((name) => `(${name} * {n})`)

/** Dates of which all parts differ, and one of any time. */
const DATES = ['new Date({n} * 1e8)', 'new Date(951827696789 + {d})', 'new Date(2024, {d}, {i}, {d}, {d}, {d}, {n})']
const UNITS = ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds']
const DATE_PARTS = [
  ...UNITS.flatMap((unit) => [`get${unit}()`, `getUTC${unit}()`, `set${unit}({n})`, `setUTC${unit}({n})`]),
  ...['getDay()', 'getUTCDay()', 'getTime()', 'getTimezoneOffset()', 'setTime({n})', 'valueOf()'],
  ...['setFullYear({n}, {d}, {i})', 'setMonth({d}, {i})', 'setHours({i}, {n}, {d}, {d})', 'setMinutes({i}, {d}, {n})'],
  ...['setUTCFullYear({n}, {i})', 'setUTCHours({d}, {n})', 'setSeconds({i}, {n})', 'setUTCSeconds({d}, {i})'],
]
const VIEWS = ['Int8', 'Uint8', 'Int16', 'Uint16', 'Int32', 'Uint32', 'Float32', 'Float64']
/** Whether the low byte comes first, for those of several bytes. */
const order = (view: string): string => (view.endsWith('8') ? '' : ', {b}')
const viewed = (get: string): string =>
  `new DataView(new Uint8Array([1, 130, {n}, 4, 255, {n}, 7, 128, {n}, 10, 11, 12]).buffer).get${get}({d} & 3${order(get)})`
const written = (set: string, get: string): string =>
  `((q: DataView): number => { q.set${set}({d} & 3, ${stored(set, '{n}')}${order(set)}); return q.get${get}({d} & 3${order(get)}) })(new DataView(new ArrayBuffer(12)))`

const SET_MEMBERS = ['union', 'intersection', 'difference', 'symmetricDifference']
const NUMBERS = [
  ...CONSTANTS,
  ...SET_MEMBERS.map((name) => `new Set({ns}).${name}(new Set([1, 2, {n}])).size`),
  ...[
    '[{n}].unshift({n}, 2)',
    'Number(BigInt.asIntN(8, BigInt({d}) * 100n))',
    'new Uint16Array([1, {n}]).subarray(1).byteOffset',
  ],
  ...[
    '((q: bigint): number => Number(q / 3n + (q & 6n) - (q | 1n)))(BigInt({d}) << 4n)',
    '(BigInt({d}) < "4" ? 1 : 0)',
  ],
  ...['BigInt64', 'BigUint64'].map(
    (type) =>
      `((q: DataView): number => { q.set${type}({d} & 3, BigInt({i}) << 60n, {b}); return Number(q.get${type}({d} & 3, {b}) % 100000n) })(new DataView(new ArrayBuffer(12)))`,
  ),
  'Math.hypot(...[{n}, {b} ? {n} : undefined as unknown as number])',
  ...[
    'new Float64Array({ns}).fill({n}, {i})[0] ?? 1',
    '((q: Int8Array): number => q.subarray({i}, {i}).length)(new Int8Array({ns}))',
  ],
  '({t}.codePointAt({i}) ?? -1)',
  ...[
    'Math.atan2({n}, {n})',
    'Math.hypot({n}, {n})',
    'Math.hypot({n}, {n}, {n})',
    'Math.imul({n}, {n})',
    'Math.pow({n}, {n})',
  ],
  ...['Number.parseFloat({t})', 'Number.parseInt({t})', 'Number.parseInt({t}, {d} + 2)', 'parseInt({t}, 16)'],
  ...[
    '{ns}.findLastIndex((q) => q > 1)',
    '{ts}.findLastIndex((q, r) => q.length > r)',
    '{ns}.reduceRight((q, r) => q * 2 + r)',
  ],
  ...['Date.UTC(2020, {i}, {n})', 'Date.UTC({n} & 255, {d})', 'Date.parse({t})', "Date.parse('2020-0{d}-01T00:0{d}Z')"],
  ...['(new Date({n}) as any - 1)', 'new Date(new Date({n})).getTime()', '({n}).valueOf()', '{t}.valueOf().length'],
  ...[
    'Int16Array.BYTES_PER_ELEMENT',
    'new Float32Array({ns}).BYTES_PER_ELEMENT',
    'new ArrayBuffer({d}).slice({i}).byteLength',
  ],
  ...[
    'new TextEncoder().encode({t}).length',
    '(new TextEncoder().encode({t})[{d}] ?? -1)',
    'structuredClone({ a: {n} }).a',
  ],
  ...[
    '[...{t}.matchAll(/./gu)].length',
    '({t}.match(/b/)?.index ?? -1)',
    '{t}.search({t})',
    '{t}.split({t}, {d}).length',
  ],
  ...['{ns}.values().reduce((q, r) => q + r, {n})', '{ns}.values().drop({d}).take({d}).toArray().length'],
  ...[
    '({ns}.values().map((q) => q + {n}).find((q) => q > 1) ?? -1)',
    '{ts}.keys().filter((q) => q > 0).toArray().length',
  ],
  ...['(new Set({ns}).values().next().value ?? -1)', '(new Map([[{n}, {t}]]).entries().next().done ? 1 : 0)'],
  ...[
    '(function (q: number): number { return q * 2 })({n})',
    '(function rec(q: number): number { return q > 0 && q < 9 ? rec(q - 1) : q })({n})',
  ],
  ...[
    'new (class { v = {n} })().v',
    'new (class { #v = {n}; has(q: object): boolean { return #v in q } get(): number { return this.#v } })().get()',
  ],
  ...[
    '({n} satisfies number)',
    '((q: number): number => { const { a, ...r } = { a: q, b: 2, c: 3 }; return a + r.b + r.c })({n})',
  ],
  ...[
    'Object.freeze({ a: {n}, b: 1 }).a',
    'Object.freeze([{n}, 2]).length',
    'new AggregateError([1, {n}], {t}).errors.length',
  ],
  ...[
    '(Object.groupBy({ns}, (q) => (q > 1 ? "a" : "b")).a?.length ?? -1)',
    '(Map.groupBy({ts}, (q) => q.length).get(1)?.length ?? -1)',
  ],
  ...[
    '({ a: {n}, b: {n} } as Readonly<{ a: number; b: number }>).b',
    '[{n}, {n}, {n}].copyWithin({i}, {i})[0]!',
    'Array.of({n}, 2).length',
  ],
  ...[
    '({ f(q: number): number { return q + 1 }, v: {n} }).f({n})',
    '((q: number, ...r: number[]): number => q + r.length)({n}, ...{ns})',
  ],
  ...[
    'Math.max.apply(null, {ns})',
    '((q: number, r: number): number => q - r).call(null, {n}, 1)',
    '((q: number, r: number): number => q - r).bind(null, {n})(2)',
  ],
  ...[
    '((): number => { outer: { if ({b}) break outer; return {n} } return 1 })()',
    '((): number => { let q = {n}; q **= 2; q >>>= 1; q ^= 5; return q })()',
  ],
  ...[
    '(crypto.randomUUID().length)',
    '(/^[0-9a-f]{8}-/.exec(crypto.randomUUID())?.[0].length ?? 0)',
    '((q = {n}, r = q + 1): number => q + r)()',
  ],
  ...[
    'Number(BigInt.asUintN(64, (BigInt({d}) - 5n) ^ 3n))',
    '(BigInt({d}) <= 4n ? 1 : 0)',
    '(BigInt({d}) - 4n ? 1 : 0)',
    'Number(-(BigInt({d}) ** 3n) % 7n)',
  ],
  ...[
    '{ns}.flat().length',
    '[[[{n}]], [[2]]].flat(2).length',
    '{ns}.with(0, {n}).length',
    '[...{ts}.entries()].length',
    '{ns}.lastIndexOf({n}, {i})',
  ],
  ...[
    '({ a: { b: [{n}] } }).a.b.at({i}) ?? 0',
    "({ '2': 1, 1: {n} })[1]",
    '(((q: { a?: { b: number } }): number | undefined => q.a?.b)({ a: { b: {n} } }) ?? 0)',
  ],
].map((text) => `(${text})`)

const TEXTS = [
  ...['toUpperCase', 'toLowerCase', 'trim', 'trimEnd'].map((name) => `{t}.${name}()`),
  ...[
    '{t}.padEnd({d}, {t})',
    '{t}.charAt({i})',
    '{t}.repeat({d} & 1)',
    '{t}.slice({i}, {i})',
    '{t}.substring({n}, {i})',
  ],
  ...[
    "{t}.normalize('NFC')",
    "{t}.normalize('NFD')",
    "{t}.normalize('NFKC')",
    "{t}.normalize('NFKD')",
    '{t}.normalize()',
  ],
  ...[
    '{t}.toLocaleLowerCase()',
    "{t}.toLocaleUpperCase('de')",
    "{t}.toLocaleLowerCase('tr')",
    '{t}.toWellFormed()',
    '{t}.trimStart()',
  ],
  ...[
    '{t}.substr({i}, {i})',
    '{t}.substr({i})',
    '{t}.valueOf()',
    '{t}.concat({t}, {t})',
    '({t}.at({i}) ?? {t})',
    '{t}.padStart({d})',
  ],
  ...[
    'String.fromCharCode({n}, 97)',
    'String.fromCodePoint({d} * 900, 98)',
    'String.fromCodePoint({n})',
    '{t}.replace(/(?<k>[a-z])/g, "[$<k>]")',
  ],
  ...['String.raw`a\\n${{t}}`', 'tagged`${{n}}:\\t${{t}}`', 'tagged`x`', '({t} satisfies string)', '`${{t}}${{n}}`'],
  ...[
    '/a(?<k>b)/gimsuy.flags',
    '/a\\/[\\/]/v.source',
    'String(/q/gimsvy)',
    'new RegExp({t}.slice(0, 1) + "a", "g").source',
    'new RegExp("").source',
  ],
  ...[
    '({t}.match(/(?<k>[a-z]+)/)?.groups?.["k"] ?? "none")',
    '(/a|b/.exec({t})?.input ?? "none")',
    '({t}.match(/o/)?.input ?? "none")',
  ],
  ...[
    'new TextDecoder().decode(new TextEncoder().encode({t}))',
    "new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array({ns}))",
  ],
  ...[
    "new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array([239, 187, 191, {n}]))",
    'encodeURIComponent({t})',
    'encodeURI({t})',
  ],
  ...[
    'decodeURIComponent({t})',
    'decodeURI(encodeURI({t}))',
    'btoa({t})',
    'atob({t})',
    'JSON.stringify(structuredClone({ a: {n}, b: [{t}] }))',
  ],
  ...[
    'JSON.stringify(Object.groupBy({ns}, (q) => (q > 2 ? "a" : "b")))',
    'JSON.stringify([...Map.groupBy({ts}, (q) => q.length)])',
  ],
  ...[
    'JSON.stringify(Object.fromEntries({ts}.map((q, r): [string, number] => [q, r])))',
    'JSON.stringify(Object.fromEntries(new Map([[{t}, {n}]])))',
  ],
  ...[
    'JSON.stringify({ a: {n}, b: {t} }, null, {d})',
    'JSON.stringify({ns}, null, "--")',
    'JSON.stringify({ q: { get r(): number { return {n} } } })',
  ],
  ...[
    'String(new Error({t}, { cause: {n} }).cause)',
    'String(new RangeError({t}))',
    '((q: string): string => JSON.stringify({ q, r: 1 }))({t})',
  ],
  ...[
    '((q: any): string => { q[{t}] = {n}; q.b = 1; return JSON.stringify(q) })(Object.create(null))',
    'Object.keys({ b: 1, [{t}]: 2, 1: 3 }).join()',
  ],
  ...[
    'String(Object.entries({ a: {n}, b: 2 }))',
    'String(Object.values({ a: {n}, b: 2 }))',
    'JSON.stringify(Object.assign({ a: 1 }, { b: {t} }))',
  ],
  ...[
    '({n}).toPrecision({d} + 1)',
    '({n}).toExponential({d})',
    '({n}).toString({d} + 2).slice(0, 30)',
    '(255n ** 9n).toString({d} + 2)',
  ],
  ...[
    "new Intl.NumberFormat('en-US', { maximumFractionDigits: {d} }).format({n})",
    "Intl.NumberFormat('de-DE').format({n})",
  ],
  ...[
    "new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' }).format(951827696789)",
    "['ä', 'a', {t}].sort((q, r) => q.localeCompare(r)).join()",
  ],
  ...['typeof ({b} ? {n} : {t})', 'typeof undefined', 'String(void {n})', 'String([{n}, [{t}]])', 'String({ a: {n} })'],
  ...[
    '[...{t}].map((q) => q.codePointAt(0)).join()',
    '{ts}.join({t})',
    '{ts}.toSorted().join()',
    '{ts}.values().take(2).toArray().join()',
    '[...{ts}.entries()].join()',
  ],
  ...['{ts}.values().drop({d} & 1).map((q, r) => q + r).toArray().join("|")', '{ns}.toSpliced({i}, {d} & 1).join()'],
  ...[
    'String(BigInt({t}.length) * -3n)',
    'String(BigInt({d}) << 70n)',
    '(function (): string { return {t} })()',
    'new (class Q { v = {t}; toString(): string { return this.v } })() + ""',
  ],
  ...[
    '((q: unknown): string => (q instanceof Error ? q.message : typeof q))(new TypeError({t}))',
    '(({ a: q = {t}, ...r }: { a?: string; b: number }): string => q + r.b)({ b: {n} })',
  ],
].map((text) => `(${text})`)
const REVERSED =
  '((q: string): string => { let r = ""; for (let i = 0; i < q.length; i++) r = q[i]! + r; return r })({t})'
const DATE_TEXTS = [
  ...['toString()', 'toDateString()', 'toISOString()', 'toUTCString()', 'toTimeString()', 'toJSON()'],
  ...["toLocaleDateString('en-US')", "toLocaleString('en-GB', { timeZone: 'UTC' })", "toLocaleTimeString('en-US')"],
  ...[
    "toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })",
    "toLocaleDateString('de-DE', { month: 'long' })",
  ],
].flatMap((member) => DATES.slice(0, 2).map((date) => `String(${date}.${member})`))

const FLAGS = ['hasIndices', 'global', 'ignoreCase', 'multiline', 'dotAll', 'unicode', 'unicodeSets', 'sticky']
const TRUTHS = [
  ...['Number.isFinite({n})', 'Number.isNaN({n})', '[{n}, {t}].toReversed().includes({t})', '{ns}.includes({n})'],
  '((q: object, r: object): boolean => q === r)({b} ? handed : {ns}, handed)',
  ...[
    'Number.isSafeInteger({n})',
    '{t}.isWellFormed()',
    'Number.isInteger({n})',
    'ArrayBuffer.isView(new Uint8Array(2))',
    'ArrayBuffer.isView({t})',
  ],
  ...FLAGS.map((flag, i) => `${i % 2 === 0 ? '/a/gisvy' : '/b/imu'}.${flag}`),
  ...['isDisjointFrom', 'isSubsetOf', 'isSupersetOf'].map((name) => `new Set({ns}).${name}(new Set({ns}))`),
  ...[
    "(JSON.parse('{\"a\":1}') as any).hasOwnProperty('a')",
    'Object.hasOwn({ a: {n} }, {t})',
    '({ a: 1 } as Record<string, number>).hasOwnProperty({t})',
  ],
  ...[
    '{ns}.values().some((q) => q > {n})',
    '{ns}.values().every((q) => q > 1)',
    '!!{ts}.values().next().done',
    'Boolean({t})',
    '({b}).valueOf()',
  ],
  '((q: { a?: number; b: number }): boolean => "a" in q)({b} ? { a: 1, b: 2 } : { b: {n} })',
  ...[
    'Object.is({n}, -0)',
    '(BigInt({d}) === 3n)',
    '(BigInt({d}) < {n})',
    '({t} as any) == 1n',
    '("a" in ({ a: {n} } as object))',
    '({n} as any) in {ns}',
  ],
  ...[
    '{ts}.some((q) => /^[\\w.]+$/.test(q))',
    '/(?<=a)b|\\p{L}/u.test({t})',
    '{t}.startsWith("a", {d})',
    '{t}.endsWith("b", {d})',
    '{t}.includes("", {n})',
  ],
  ...[
    'new Date({n}) < new Date({n})',
    'new Set([{n}]).has({n})',
    'new Map([[{t}, 1]]).has({t})',
    '!Array.isArray({ns})',
    '(/x/ as unknown) instanceof RegExp',
  ],
].map((text) => `(${text})`)

const ROWS: Partial<Record<Ty['kind'], readonly string[]>> = {
  number: [
    ...NUMBERS,
    ...MATH,
    ...DATE_PARTS.flatMap((part, i) => [`${DATES[i % DATES.length]}.${part}`]),
    ...VIEWS.flatMap((view, i) => [viewed(view), written(view, VIEWS[(i * 3) % 8]!), written(view, view)]),
  ],
  string: [...TEXTS, REVERSED, ...DATE_TEXTS],
  boolean: TRUTHS,
}

/** A use of the library that gives the type; null where there is none. */
export function libraryUse(s: Scope, ty: Ty, depth: number): string | null {
  const rows = ROWS[ty.kind]
  return rows ? fill(s, s.pick(rows), depth - 1) : null
}

/** All of them, with the types that they give. */
export const LIBRARY_ROWS: readonly (readonly [Ty, string])[] = [NUMBER, STRING, BOOLEAN].flatMap((ty) =>
  ROWS[ty.kind]!.map((row) => [ty, row] as const),
)

const OPERANDS: Readonly<Record<string, Ty>> = {
  n: NUMBER,
  t: STRING,
  b: BOOLEAN,
  ns: arrayOf(NUMBER),
  ts: arrayOf(STRING),
}

/** A text with operands in their places. In functions of its own nothing stops. */
export function fill(s: Scope, row: string, depth: number): string {
  const make = (): string =>
    row.replaceAll(/\{(n|t|b|i|d|ns|ts)\}/g, (_, name: string) => {
      if (name === 'i') return index(s, 0)
      return name === 'd' ? String(s.below(8)) : expression(s, OPERANDS[name]!, Math.min(1, depth))
    })
  return /=>|function|class|get /.test(row) ? s.plain(make) : make()
}
