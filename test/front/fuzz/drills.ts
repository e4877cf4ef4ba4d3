import { fill } from './library.ts'
import type { Scope } from './scope.ts'

/**
 * Declarations that only need to be there and used: what no type of the generator stands for. `$` is a number that makes
 * their names new; places for operands are those of `library.ts`.
 */
type Drill = { readonly declare: string; readonly use: string }

const shown = (values: string): string => `print(() => console.log(${values}))`

const SYNC: readonly Drill[] = [
  {
    declare: "enum E$ {\n  A,\n  B = 5,\n  C,\n  D = 'd',\n}\n",
    use: shown('E$.A, E$.B + {n}, E$.C, E$.D, E$[{d}]'),
  },
  {
    declare: 'enum E$ {\n  A = 1 << 1,\n  B = 5 | 8,\n  C = -2,\n}\n',
    use: shown('E$.A | E$.B, E$[E$.B], E$.C, Object.keys(E$).join()'),
  },
  {
    declare:
      'class S$ {\n  static total = {d}\n  static #count = 1\n  static {\n    S$.total += S$.#count++\n  }\n  static bump(): number {\n    return (S$.total += ++S$.#count)\n  }\n}\n',
    use: shown('S$.bump(), S$.total'),
  },
  {
    declare:
      'abstract class A$ {\n  abstract area(): number\n  protected readonly k: number = {d}\n  twice(): number {\n    return this.area() * 2 + this.k\n  }\n}\nclass B$ extends A$ {\n  #v: number\n  constructor(v: number) {\n    super()\n    this.#v = v\n  }\n  override area(): number {\n    return this.#hidden()\n  }\n  #hidden(): number {\n    return this.#v + 1\n  }\n  get #w(): number {\n    return this.#v\n  }\n  static is(x: object): boolean {\n    return #v in x\n  }\n  sum(): number {\n    return this.#w + new B$(this.#w).#v\n  }\n}\n',
    use: shown('new B$({n}).twice(), B$.is(new B$(1)), B$.is({ a: 1 }), new B$({n}).sum()'),
  },
  {
    declare:
      'class F$ extends Error {\n  code: number\n  constructor(message: string, code: number, options?: ErrorOptions) {\n    super(message, options)\n    Object.setPrototypeOf(this, F$.prototype)\n    Error.captureStackTrace(this, F$)\n    this.name = new.target.name\n    this.code = code\n  }\n}\n',
    use: 'try {\n    throw new F$({t}, {n}, { cause: {t} })\n  } catch (e) {\n    if (e instanceof F$) print(() => console.log(e.name, e.message, e.code, e.cause, e instanceof Error))\n  }',
  },
  {
    declare:
      'const c$ = (x: number) =>\n  class {\n    v = x\n    get(): number {\n      return this.v + x\n    }\n  }\n',
    use: 'const C$ = c$({n})\n  print(() => console.log(new C$().get(), new C$().v))',
  },
  {
    declare:
      'function over$(x: number): string\nfunction over$(x: string): number\nfunction over$(x: number | string): number | string {\n  return typeof x === "number" ? `${x}` : x.length\n}\n',
    use: shown('over$({n}), over$({t})'),
  },
  {
    declare:
      'function guard$(x: unknown): x is { readonly a: number } {\n  return typeof x === "object" && x !== null && "a" in x\n}\nfunction sure$(x: unknown): asserts x is string {\n  if (typeof x !== "string") throw new TypeError("no text")\n}\n',
    use: 'const u$: unknown = JSON.parse({b} ? \'{"a":1}\' : "[2]")\n  print(() => console.log(guard$(u$) ? u$.a : -1))\n  try {\n    sure$(u$)\n  } catch (e) {\n    print(() => console.log(String(e)))\n  }',
  },
  {
    declare:
      'interface Shape$ {\n  readonly kind: "a" | "b"\n  [key: string]: unknown\n}\ntype Keys$ = keyof { a: 1; b: 2 }\ntype Deep$<T> = { readonly [K in keyof T]: T[K] extends number ? T[K] : never }\nconst k$: Keys$ = "a"\nconst m$: Deep$<{ a: number }> = { a: {d} }\n',
    use: 'const o$: Shape$ = { kind: "a", x: {n}, y: [{t}] }\n  print(() => console.log(o$, k$, m$.a, Object.keys(o$)))',
  },
  {
    declare: 'const frozen$ = Object.freeze({ a: {d}, list: Object.freeze([1, 2]) })\n',
    use: shown('frozen$, frozen$.a + {n}, frozen$.list.length'),
  },
  {
    declare:
      'const fixed$ = ["a", "b", 3] as const\nconst table$: Record<string, (x: number) => number> = { inc: (x) => x + 1, [`neg`]: (x) => -x }\n',
    use: shown('fixed$[{d} % 3], table$["inc"]?.({n}), table$[{t}]?.(1) ?? "none", table$.neg!({n})'),
  },
  {
    declare: 'let order$ = ""\nfunction mark$<T>(name: string, x: T): T {\n  order$ += name\n  return x\n}\n',
    use: 'const r$ = mark$("a", {ns})[mark$("b", {d})] ?? mark$("c", {n})\n  print(() => console.log(r$, order$, mark$("d", {n}) + mark$("e", {n}) * mark$("f", 2), order$))',
  },
  {
    declare: '',
    use: 'for (let a$ = 0, b$ = {d}; a$ < b$; a$++, b$--) {\n    if (a$ === 1) continue\n    print(() => console.log(a$, b$))\n  }',
  },
  {
    declare: '',
    use: 'const d$: Record<string, number> = { b: {n}, [{t}]: 2, 1: 3 }\n  for (const k in d$) print(() => console.log(k, d$[k]))\n  delete d$["b"]\n  print(() => console.log(d$, "b" in d$))',
  },
  {
    declare: '',
    use: 'outer$: for (const a of {ns}.slice(0, 4)) {\n    do {\n      if (a > 1) continue outer$\n      if ({b}) break outer$\n      if (tick()) break\n    } while (a < 0)\n    switch (a) {\n      case 0:\n        print(() => console.log("zero"))\n      case 1: {\n        print(() => console.log("one"))\n        break\n      }\n      default:\n        print(() => console.log("more"))\n    }\n  }',
  },
  {
    declare: '',
    use: 'const { a: a$ = {n}, b: { c: c$ }, ...rest$ } = { a: {b} ? undefined : 1, b: { c: {t} }, d: 4, e: {n} }\n  const [x$, , y$ = {n}, ...z$] = [1, 2, ...{ns}]\n  print(() => console.log(a$, c$, rest$, x$, y$, z$))',
  },
  {
    declare: '',
    use: 'let n$: number | undefined = {b} ? {n} : undefined\n  n$ ??= {n}\n  n$ &&= n$ + 1\n  n$ ||= 4\n  print(() => console.log(n$, n$ ** 2, -n$ ?? 0))',
  },
  {
    declare: '',
    use: 'const re$ = /(?<y>\\d)(?<z>[a-z])?/gu\n  for (const m of {t}.concat("1a2").matchAll(re$)) print(() => console.log(m[0], m.index, m.groups?.["z"], m.groups))\n  print(() => console.log(re$.lastIndex, "a-b".replace(/-/, (q, at) => q + at)))',
  },
  {
    declare: '',
    use: 'const it$ = {ns}.values()\n  print(() => console.log(it$.next().done, [...it$.drop(1).take({d}).map((q) => q + 1)], it$.next()))',
  },
  {
    declare: '',
    use: 'print(() => {\n    console.debug({n})\n    console.dirxml({ a: {t} })\n    console.warn({ns})\n    console.groupCollapsed({t})\n    console.count("c$")\n    console.countReset("c$")\n    console.count("c$")\n    console.groupEnd()\n  })',
  },
  {
    declare: '',
    use: 'print(() => {\n    console.time("timer")\n    console.timeLog("timer", {n})\n    console.timeEnd("timer")\n  })',
  },
  {
    declare: '',
    use: 'const bare$ = Object.create(null)\n  bare$[{t}] = {n}\n  bare$.b = {t}\n  print(() => console.log(bare$, Object.keys(bare$), "b" in bare$))',
  },
  {
    declare: '',
    use: 'const t$ = new Map<string, number>([["a", {n}], [{t}, 2]])\n  t$.forEach((v, k, all) => print(() => console.log(k, v, all.size)))\n  t$.clear()\n  print(() => console.log(t$, t$.size))',
  },
  {
    declare:
      'function* gen$(n: number): Generator<number, string, number> {\n  try {\n    const got = yield n\n    yield got * 2\n  } finally {\n    print(() => console.log("gen", n))\n  }\n  return "end"\n}\n',
    use: 'const g$ = gen$({n})\n  print(() => console.log(g$.next(), g$.next({n}), g$.return("r"), g$.next().done, [...gen$(2).take(1)]))',
  },
]

const ASYNC: readonly Drill[] = [
  {
    declare: '',
    use: 'const w$ = Promise.withResolvers<number>()\n  setTimeout(() => ({b} ? w$.resolve({n}) : w$.reject(new Error("w"))), 1)\n  w$.promise.then((q) => print(() => console.log("w", q)), (e) => print(() => console.log(String(e))))',
  },
  {
    declare: '',
    use: 'void Promise.allSettled([later({n}), fail({n}), 3]).then((all) =>\n    print(() => console.log(all.length, all.map((q) => (q.status === "rejected" ? String(q.reason) : q.value)).join())),\n  )',
  },
  {
    declare: '',
    use: 'void Promise.any([fail({n}), pause({d}, {t}), later(2)]).then((q) => print(() => console.log("any", q)))\n  void Promise.any([fail(1), fail({n})]).catch((e: AggregateError) => print(() => console.log(e.name, e.message, e.errors.length)))',
  },
  {
    declare: '',
    use: 'void Promise.try(() => {\n    if ({b}) throw new RangeError({t})\n    return {n}\n  }).then((q) => print(() => console.log("try", q)), (e) => print(() => console.log((e as Error).message)))',
  },
  {
    declare: '',
    use: 'void Promise.reject(new TypeError({t})).catch((e: Error) => e.message).finally(() => print(() => console.log("finally"))).then((q) => print(() => console.log(q)))',
  },
  {
    declare:
      'async function* pages$(n: number): AsyncGenerator<number, void, undefined> {\n  for (let i = 0; i < (n & 3); i++) {\n    await null\n    yield i * n\n  }\n}\nasync function all$(n: number): Promise<number> {\n  let sum = 0\n  for await (const x of pages$(n)) sum += x\n  for await (const x of [later(n), 2]) sum += x\n  return sum\n}\n',
    use: 'void all$({n}).then((q) => print(() => console.log("pages", q)))\n  void Array.fromAsync(pages$({d}), (q) => q + 1).then((q) => print(() => console.log(q)))',
  },
  {
    declare:
      'class Feed$ {\n  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {\n    yield "x"\n    yield* ["y", {t}]\n  }\n}\nasync function read$(): Promise<void> {\n  for await (const x of new Feed$()) print(() => console.log("feed", x))\n}\n',
    use: 'void read$().then(() => print(() => console.log("read")))',
  },
  {
    declare:
      "import { get as get$, set as set$ } from 'anrf:kv'\nasync function store$(n: number): Promise<string> {\n  await set$('k', n)\n  return `${await get$('k')} ${await get$('none')}`\n}\n",
    use: 'void store$({n}).then((q) => print(() => console.log(q)), (e) => print(() => console.log(String(e))))',
  },
  {
    declare:
      'async function retry$(n: number): Promise<string> {\n  for (let i = 0; ; i++) {\n    try {\n      return `${i}${await (i < (n & 3) ? fail("no") : later("yes"))}`\n    } catch (e) {\n      print(() => console.log((e as Error).message, i))\n      if (i > 2) throw e\n    } finally {\n      await null\n    }\n  }\n}\n',
    use: 'void retry$({n}).then((q) => print(() => console.log(q)), () => print(() => console.log("gave up")))',
  },
]

export const DRILLS: readonly Drill[] = [...SYNC, ...ASYNC]

/** How long something took is told by a clock, of which each has its own; there is one label for it. */
export const withoutTimes = (text: string): string => text.replaceAll(/\b(timer: )[\d.]+m?s\b/g, '$1')

/** Programs with promises take the compiler much longer, so they are fewer. */
export const anyDrill = (s: Scope, pad: string): Drilled => drill(s, pad, s.pick(s.chance(85) ? SYNC : ASYNC))

type Drilled = { readonly declared: string; readonly used: string }

/** A drill with new names; what it declares is put down before the function that uses it. */
export function drill(s: Scope, pad: string, chosen: Drill): Drilled {
  const id = s.fresh('')
  const text = (row: string): string =>
    fill(
      s,
      row.replaceAll('$', (_, at: number) => (row[at + 1] === '{' ? '$' : id)),
      2,
    )
  // What stands at the top level may not throw, and sees nothing of the function.
  const declared = chosen.declare.replaceAll('$', (_, at: number) => (chosen.declare[at + 1] === '{' ? '$' : id))
  const topLevel = declared.replaceAll('{d}', () => String(s.below(8))).replaceAll('{t}', "'t'")
  return { declared: topLevel, used: `${pad}${s.plain(() => text(chosen.use)).replaceAll('\n  ', `\n${pad}`)}\n` }
}
