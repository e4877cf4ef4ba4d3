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
    declare:
      "const KEY$ = Symbol('key$')\nconst MARK$ = Symbol()\nclass Kept$ {\n  [KEY$] = {d}\n  id = {t}\n  read(): number {\n    return this[KEY$]\n  }\n}\ntype Shown$ = { id: number; [KEY$]?: string }\nconst find$ = (all: readonly number[], x: number): number | symbol => (all.includes(x) ? x : MARK$)\n",
    use: "const kept$ = new Kept$()\n  const one$: Shown$ = {b} ? { id: 1 } : { id: 2, [KEY$]: {t} }\n  if ({b}) one$[KEY$] = {t}\n  const found$ = [find$({ns}, {n}), find$([1, 2], 2)]\n  print(() => console.log(kept$, kept$.read(), { ...one$ }, Object.keys(one$), KEY$ in one$, JSON.stringify([one$, MARK$]), found$, found$.map((x) => (typeof x === 'symbol' ? String(x.description) : x)), new Map([[KEY$, 1]]).get({b} ? KEY$ : MARK$), Symbol.for({t}) === Symbol.for({t}), Symbol.keyFor({b} ? KEY$ : Symbol.for({t})), KEY$.toString(), MARK$.valueOf() === MARK$))",
  },
  {
    declare:
      "class Named$ extends Error {\n  readonly at = {d}\n  constructor(message: string, readonly code?: string) {\n    super(message)\n    this.name = new.target.name\n  }\n}\nclass Further$ extends Named$ {\n  more = {t}\n}\nconst keys$ = (e: Error): void => {\n  const { name, ...rest } = e\n  console.log(name, rest, Object.keys(e), JSON.stringify([e]), { a: 1, ...e }, Object.hasOwn(e, 'name'), e)\n}\n",
    use: "const all$: Error[] = [new Named$({t}), new Further$({t}, {t}), new TypeError({t}), Object.assign(new Error('e'), { name: {t}, n: {n} })]\n  for (const e of all$) {\n    if ({b}) e.name = {t}\n    print(() => keys$(e))\n    if ({b}) e.name = {t}\n    print(() => console.log(e))\n  }",
  },
  {
    declare:
      'const thrown$ = (how: number): any => [[{d}, {t}], { code: {d} }, new Map([[{t}, {d}]]), new Set([{d}]), {t}, {d}, new TypeError({t}), null, () => {d}, [[{t}]]][how]\nconst look$ = (e: any): any => Array.isArray(e) ? e.concat(1) : e instanceof Map || e instanceof Set ? [...e] : typeof e === "function" ? e() : e instanceof Error ? e.message : e\n',
    use: 'for (let how = 0; how < 10; how++) {\n    try {\n      try {\n        if ({b}) throw thrown$(how)\n        print(() => console.log(how))\n      } finally {\n        print(() => console.log({t}))\n      }\n    } catch (e) {\n      const seen$ = look$(e)\n      print(() => console.log(seen$, e))\n    }\n  }',
  },
  {
    declare:
      'class Near$ {\n  n: any = {d}\n  up(by: any = 1): any {\n    return (this.n += by)\n  }\n  all(...xs: any[]): any {\n    return [this?.n, ...xs]\n  }\n}\nclass Far$ extends Near$ {\n  far: any\n  constructor(public given?: any) {\n    super()\n    this.n = given ?? 0\n  }\n  override up(by: any): any {\n    return [super.up(by)]\n  }\n}\nconst classes$: any = { Near$, Far$, none: (x: any) => x }\nconst make$ = (name: string, ...args: any[]): any => new classes$[name](...args)\nconst told$ = (f: () => any): any => {\n  try {\n    return f()\n  } catch (e: any) {\n    return e.message\n  }\n}\n',
    use: "const made$: any = told$(() => make$({b} ? 'Near$' : {b} ? 'Far$' : {b} ? 'none' : 'Other$', {n}))\n  const f$: any = made$?.up ?? ((x: any) => x)\n  const g$: any = new Near$().all\n  const bound$ = g$.bind({ n: {t} }, {d})\n  print(() => console.log(made$, told$(() => f$.call(made$, {n})), told$(() => g$({t})), bound$({n}), told$(() => f$.apply({ n: {n} }, [1]))))\n  for (const key$ of ['up', 'all', 'far', 'n', {t}]) print(() => console.log(told$(() => made$[key$]({d})), typeof made$[key$], told$(() => made$?.[key$]?.(2)), typeof made$ === 'object' && key$ in made$))",
  },
  {
    declare:
      "class Hooked$ {\n  id$ = 1\n  constructor(how: any) {\n    if (how) this.init$(how)\n  }\n  init$(_how: any): void {}\n}\nclass Tagged$ extends Hooked$ {\n  [key: string]: any\n  own$: any\n  more$ = {d}\n  override init$(how: any): void {\n    this['tag$'] = how\n    if ({b}) this['late$'] = {t}\n  }\n  put$(key: string, value: any): this {\n    this[key] = value\n    return this\n  }\n}\n",
    use: "const one$: any = new Tagged$({b} ? {n} : 0)\n  if ({b}) one$.put$('a$', {n})\n  one$.put$({b} ? 'b$' : 'a$', {t}).put$('own$', {d})\n  print(() => console.log(Object.keys(one$), JSON.stringify(one$), one$, ['a$', 'b$', 'tag$', 'put$'].map((key) => [one$.hasOwnProperty(key), key in one$])))",
  },
  {
    declare:
      "class Lost$ extends Error {\n  readonly place = {d}\n}\nfunction fail$(how: number): never {\n  if (how === 0) throw new Lost$('lost')\n  if (how === 1) throw Object.assign(new RangeError('far'), { code: 'FAR', at: how })\n  const e: any = new Error('plain')\n  e.at = how\n  if (how > 2) e.code = 'LATE'\n  throw e\n}\n",
    use: "for (const how of [0, 1, 2, {d}]) {\n    try {\n      if ({b}) fail$(how)\n      ;(null as any).x\n    } catch (e: any) {\n      if ({b}) e.seen = {n}\n      print(() => console.log(e.message, e.code ?? 'none', e.at, 'code' in e, e.seen, e['at'], e.place === undefined))\n    }\n  }",
  },
  {
    declare:
      'const changes$: ((list: number[]) => unknown)[] = [(l) => l.push(1), (l) => l.pop(), (l) => l.shift(), (l) => l.sort((a, b) => b - a), (l) => (l[0] = 7), (l) => (l.length = 0), (l) => l.reverse(), (l) => l.unshift(1, 2)]\n',
    use: 'const list$ = {ns}\n  if ({b}) Object.freeze(list$)\n  for (const change of changes$) {\n    try {\n      change(list$)\n    } catch (e) {\n      print(() => console.log((e as Error).message))\n    }\n  }\n  print(() => console.log(list$, Object.isFrozen(list$), [...list$].sort()))',
  },
  {
    declare: 'class Loose$ {\n  id = {d}\n}\n',
    use: "const one$: any = new Loose$()\n  const two$: any = new Loose$()\n  if ({b}) one$.b = {n}\n  one$.a = {t}\n  two$.a = {n}\n  if ({b}) two$.b = {t}\n  print(() => console.log(Object.keys(one$), Object.keys(two$), one$, JSON.stringify(two$), { ...one$ }, 'b' in two$, two$.c))",
  },
  {
    declare:
      "type Node$ = { kind$: 'num'; value: number } | { kind$: 'neg'; arg: Node$ } | { kind$: 'add'; left: Node$; right: Node$ } | { kind$: 'text'; value: string }\nfunction eval$(e: Node$): number {\n  switch (e.kind$) {\n    case 'num':\n      return e.value\n    case 'neg':\n      return -eval$(e.arg)\n    case 'add': {\n      const { left, right } = e\n      return left.kind$ === right.kind$ ? eval$(left) * 2 : eval$(left) + eval$(right)\n    }\n    default:\n      return e.value.length\n  }\n}\nconst num$ = (value: number): Node$ => ({ kind$: 'num', value })\n",
    use: "const e$: Node$ = { kind$: 'add', left: {b} ? num$({n}) : { kind$: 'text', value: {t} }, right: { kind$: 'neg', arg: num$({n}) } }\n  const c$: Node$ = { ...e$, right: {b} ? e$ : num$({d}) }\n  if ({b}) e$.left = { kind$: {b} ? 'num' : 'num', value: 1 }\n  print(() => console.log(eval$(e$), eval$(c$), e$, c$.right.kind$, [e$, c$.left].map((x) => x.kind$).indexOf('num'), JSON.stringify(c$.left), e$.kind$ === ({t} as string), e$.left.kind$ !== 'neg'))",
  },
  {
    declare:
      "abstract class Beast$ {\n  abstract readonly tag$: 'cat' | 'dog' | 'cow'\n  late$!: 'x' | 'y'\n  state$: string = 'idle'\n  seen(): string {\n    return this.tag$ === 'cat' ? `${this.tag$}!` : this.state$\n  }\n}\nclass Cat$ extends Beast$ {\n  readonly tag$ = 'cat'\n  lives = 9\n}\nclass Dog$ extends Beast$ {\n  readonly tag$ = 'dog'\n  constructor() {\n    super()\n    this.state$ = 'barks'\n  }\n}\nconst sound$ = (a: Cat$ | Dog$): string => (a.tag$ === 'cat' ? `meow${a.lives}` : a.state$)\n",
    use: "const all$: (Cat$ | Dog$)[] = [new Cat$(), new Dog$()]\n  const one$ = all$[{b} ? 0 : 1]!\n  if ({b}) one$.late$ = {b} ? 'x' : 'y'\n  one$.state$ = {b} ? 'idle' : 'runs'\n  print(() => console.log(all$.map(sound$), one$.seen(), one$.state$ === 'idle', one$.tag$ === all$[0]!.tag$, all$, Object.keys(one$)))\n  switch (one$.late$) {\n    case 'x':\n    case 'y':\n      print(() => console.log(one$.late$))\n      break\n    default:\n      print(() => console.log('none', one$.late$ === undefined))\n  }",
  },
  {
    declare:
      "type Item$ = { id: number; status$: 'open' | 'done' | ''; note?: string }\nconst step$ = (x: Item$): Item$ => (x.status$ === 'open' ? { ...x, status$: 'done' } : { ...x, status$: 'open', note: x.status$ })\n",
    use: "let list$: Item$[] = [1, 2, {n}].map((id) => ({ id, status$: {b} ? 'open' : 'done' }))\n  list$ = list$.map(step$)\n  const by$ = new Map(list$.map((x) => [x.status$, x.id]))\n  Object.assign(list$[0]!, { status$: 'done' })\n  print(() => console.log(list$, by$.get('open'), list$.filter(({ status$: s }) => s === 'done').length, list$.toSorted((a, b) => a.status$.localeCompare(b.status$)).map((x) => x.status$).join(), list$[0]!.status$ === '', 'status$' in list$[1]!, structuredClone(list$[0]!).status$))",
  },
  {
    declare:
      'class Circle$ {\n  r = {d}\n}\nclass Ring$ extends Circle$ {\n  inner = 1\n}\nclass Other$ {}\nconst only$ = (all: object[], type: new () => object): object[] => all.filter((one) => one instanceof type)\nfunction throws$(f: () => unknown, kind: new (message?: string) => Error): boolean {\n  try {\n    f()\n    return false\n  } catch (e) {\n    return e instanceof kind\n  }\n}\n',
    use: 'const all$: object[] = [new Circle$(), new Ring$(), new Other$()]\n  const type$ = {b} ? Ring$ : Circle$\n  print(() => console.log(only$(all$, type$).length, type$.name, all$[{d} % 3]!.constructor === type$))\n  print(() => console.log(throws$(() => "a".repeat({n}).length, RangeError), throws$(() => JSON.parse({t}), {b} ? SyntaxError : TypeError), only$.length, throws$.name))',
  },
  {
    declare:
      'interface Counted$ {\n  (x: number): number\n  calls: number\n  reset(): void\n}\nfunction counted$(k: number): Counted$ {\n  const f = ((x: number): number => {\n    f.calls++\n    return x * k\n  }) as Counted$\n  f.calls = 0\n  f.reset = () => {\n    f.calls = -1\n  }\n  return f\n}\nfunction memo$(n: number): number {\n  return (memo$.cache[n] ??= n < 2 ? n : memo$(n - 1) + memo$(n - 2))\n}\nmemo$.cache = {} as Record<number, number>\n',
    use: 'const w$ = counted$({n})\n  w$({n})\n  if ({b}) w$.reset()\n  print(() => console.log(w$({d}), w$.calls, memo$({d}), memo$.cache[1] ?? -1))',
  },
  {
    declare:
      'const handlers$: ((...args: any[]) => string)[] = [(a: string, b: number) => `${a} ${b}`, (...all) => `${all.length}`, () => "none"]\nfunction twice$<T>(x: T): T[] {\n  return [x, x]\n}\n',
    use: 'print(() => console.log(handlers$.map((f) => f({t}, {n})), handlers$[{d} % 3]!({t})))\n  const one$ = twice$\n  print(() => console.log(one$ === twice$, one$({n}), one$({t})))',
  },
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
    use: shown(
      'frozen$, frozen$.a + {n}, frozen$.list.length, Object.isFrozen(frozen$), Object.isSealed(frozen$), Object.isExtensible({ a: {n} })',
    ),
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
    declare: '',
    use: 'const h$: (number | undefined)[] = [1, , {n}, , 5]\n  h$.forEach((x, i) => print(() => console.log(i, x)))\n  h$.length = {d}\n  print(() => console.log(h$, 1 in h$, h$.indexOf(undefined), h$.includes(undefined), h$.map((x) => x ?? -1), [...h$], h$.findIndex((x) => x === undefined)))',
  },
  {
    declare: '',
    use: 'const a$ = {ns}\n  for (const x of a$) {\n    if (a$.length < 6) a$.push(x + 1)\n    if (tick()) break\n  }\n  a$.forEach((x, i, all) => {\n    if (i < 2) all.splice(i, 1)\n    print(() => console.log(i, x, all.length))\n  })\n  print(() => console.log(a$, a$.map((x, i, all) => (i === 0 ? (all.pop() ?? x) : x))))',
  },
  {
    declare: '',
    use: 'const s$ = [{n}, {n}, 10, 9, {n}, 1].map((v, i) => ({ v, i }))\n  print(() => console.log(s$.toSorted((a, b) => a.v - b.v).map((x) => x.i).join(), s$.sort((a, b) => (a.v % 2) - (b.v % 2)).map((x) => x.i).join()))',
  },
  {
    declare:
      'function leave$(n: number): number {\n  for (let i = 0; i < 3; i++) {\n    try {\n      if (i === n) return i\n      if (i > n) throw new RangeError(`at ${i}`)\n    } catch (e) {\n      if (n === -1) continue\n      return -10\n    } finally {\n      print(() => console.log("f", i))\n      if (n === 2) break\n    }\n  }\n  return 99\n}\n',
    use: 'print(() => console.log(leave$({d} & 3), leave$(-1), leave$({n})))',
  },
  {
    declare:
      'class P$ {\n  #log: string[] = []\n  get v(): number {\n    this.#log.push("get")\n    return this.#log.length\n  }\n  set v(x: number) {\n    this.#log.push(`set ${x}`)\n  }\n  toString(): string {\n    return this.#log.join()\n  }\n}\nclass Q$ extends P$ {\n  override get v(): number {\n    return super.v * 10\n  }\n  override set v(x: number) {\n    super.v = x + 1\n  }\n}\n',
    use: 'const q$: P$ = {b} ? new Q$() : new P$()\n  q$.v += {n}\n  q$.v++\n  q$.v ||= 3\n  print(() => console.log(`${q$}`, q$.v))',
  },
  {
    declare: '',
    use: 'const { a: v$ = mark("d"), b: w$ = mark("e"), ...r$ } = { b: {b} ? undefined : "w", a: {b} ? "v" : undefined, [{t}]: "r" } as Record<string, string | undefined>\n  print(() => console.log(v$, w$, r$))',
  },
  {
    declare: '',
    use: 'const c$ = structuredClone({ m: new Map([[{t}, {n}]]), s: new Set({ns}), d: new Date({d}), t: new Int16Array({ns}), n: { a: [{n}] } })\n  print(() => console.log(c$.m, c$.s, c$.d.getTime(), c$.t, c$.n))',
  },
  {
    declare:
      "type Exp$ = number | string | Exp$[] | ((...xs: Exp$[]) => Exp$)\nconst show$ = (e: Exp$): string => (Array.isArray(e) ? `(${e.map(show$).join(' ')})` : typeof e === 'function' ? `<${e.length}>` : String(e))\nconst apply$ = (f: Exp$, ...xs: Exp$[]): Exp$ => (typeof f === 'function' ? f(...xs) : xs)\n",
    use: 'const pair$: Exp$ = (x) => [x, [{n}, x]]\n  const all$: Exp$[] = [pair$, {t}, apply$({b} ? pair$ : {n}, {t}, {n}), [[{n}], (a, b) => [b, a]]]\n  print(() => console.log(show$(all$), all$.indexOf(pair$), show$(apply$((all$[3] as Exp$[])[1]!, {n}, all$[1]!)), apply$(pair$, all$) === apply$(pair$, all$)))',
  },
  {
    declare:
      "function clone$<T>(x: T): T {\n  if (x === null || typeof x !== 'object') return x\n  if (x instanceof Date) return new Date(x.getTime()) as any\n  if (x instanceof Map) return new Map([...x].map(([k, v]) => [k, clone$(v)])) as any\n  if (Array.isArray(x)) return x.map((y) => clone$(y)) as any\n  const out: any = {}\n  for (const k of Object.keys(x)) out[k] = clone$((x as any)[k])\n  return out\n}\nconst same$ = (a: any, b: any): boolean => {\n  if (a === b) return true\n  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || a.constructor !== b.constructor) return false\n  if (a instanceof Date) return a.getTime() === b.getTime()\n  if (a instanceof Map) return a.size === b.size && [...a].every(([k, v]) => same$(v, b.get(k)))\n  const keys = Object.keys(a)\n  return keys.length === Object.keys(b).length && keys.every((k) => Object.hasOwn(b, k) && same$(a[k], b[k]))\n}\n",
    use: "const g$: any = { a: [{n}, { [{t}]: new Date({d}) }], m: new Map<string, any>([[{t}, [{n}, {t}]], ['k', { x: {b} }]]), n: null }\n  const c$ = clone$(g$)\n  print(() => console.log(same$(g$, c$), c$ === g$, c$.m.get('k') === g$.m.get('k')))\n  c$.a.push({n})\n  c$.m.set({t}, {n})\n  print(() => console.log(same$(g$, c$), JSON.stringify(c$), g$.a.length, c$.m.size))",
  },
  {
    declare:
      "type Tree$ = Map<string, Tree$ | number>\nfunction put$(tree: Tree$, path: string[], n: number): Tree$ {\n  const [key = '', ...rest] = path\n  const next = tree.get(key)\n  return tree.set(key, rest.length === 0 ? n : put$(next instanceof Map ? next : new Map(), rest, n))\n}\nconst sum$ = (tree: Tree$): number => [...tree.values()].reduce<number>((s, v) => s + (v instanceof Map ? sum$(v) : v), 0)\nclass Leaf$ {\n  constructor(readonly n: number) {}\n}\ntype Nest$ = Leaf$ | Nest$[]\nconst leaves$ = (x: Nest$): Leaf$[] => (Array.isArray(x) ? x.flatMap(leaves$) : [x])\n",
    use: "const t$: Tree$ = new Map()\n  put$(t$, {ts}, {n})\n  put$(t$, ['a', {t}, 'b'], {n})\n  put$(t$, ['a'].concat({b} ? ['c'] : []), 2)\n  print(() => console.log(sum$(t$), t$, leaves$([new Leaf$({n}), [[new Leaf$({d})], []]]).map((l) => l.n)))",
  },
  {
    declare: '',
    use: "const r$ = JSON.parse(JSON.stringify({ at: new Date({d}), xs: [{n}, {t}, null], o: { at: {n} } }), (k, v) => (k === 'at' && typeof v === 'string' ? new Date(v) : v))\n  print(() => console.log(r$.at instanceof Date, r$.xs, r$.o.at instanceof Date, r$.constructor === Object, Object.getPrototypeOf(r$.xs) === Array.prototype, [r$.at, r$.xs, {n}].map((v: any) => v?.constructor?.name)))",
  },
  {
    declare:
      'class J$ {\n  at = new Date({d})\n  m = new Map([[1, 2]])\n  u = undefined\n  n = NaN\n  toJSON(): object {\n    return { at: this.at, m: this.m, u: this.u, n: this.n }\n  }\n}\n',
    use: 'print(() => console.log(JSON.stringify({ j: new J$(), list: [undefined, {n}, null], f: -0 }), JSON.stringify([new J$()], null, 1)))',
  },
  {
    declare: '',
    use: 'const y$ = /a|b/y\n  y$.lastIndex = {d}\n  const g$ = /[a-c]/g\n  print(() => console.log(y$.test({t}), y$.lastIndex, g$.test({t}), g$.lastIndex, {t}.replace(g$, (x) => x + g$.lastIndex), g$.exec({t})?.index))',
  },
  {
    declare: '',
    use: 'const f$ = new Float64Array([{n} || 1, {n} || 2, 1.5, -0])\n  const b$ = new Uint8Array(f$.buffer)\n  b$.set(b$.subarray(0, 8), 3)\n  b$.copyWithin(1, 0, {d})\n  print(() => console.log(f$.join(), b$.slice(0, 12).join(), [...f$.subarray(1).entries()].length, f$.indexOf(NaN), f$.includes(NaN)))',
  },
  {
    declare:
      'function make$(n: number) {\n  class Node {\n    static made = 0\n    readonly id = ++Node.made\n    next: Node | null = null\n    sum(): number {\n      return n + this.id + (this.next?.sum() ?? 0)\n    }\n  }\n  const first = new Node()\n  first.next = new Node()\n  return () => [first.sum(), Node.made, first.next instanceof Node]\n}\n',
    use: 'print(() => console.log(make$({n})(), make$({d})()))',
  },
  {
    declare:
      'class Z$ {\n  readonly a: number\n  readonly list: readonly number[]\n  constructor(a: number) {\n    this.a = a\n    this.list = [a, a + 1]\n    Object.freeze(this)\n  }\n}\n',
    use: 'print(() => console.log(new Z$({n}), new Z$({d}).list.at(-1)))',
  },
  {
    declare:
      'const ops$: { [name: string]: ((x: number) => number) | undefined } = { half: (x) => x / 2, none: undefined }\n',
    use: 'print(() => console.log(ops$[{t}]?.({n}), ops$["half"]?.({n}), ops$["none"]?.(mark("never").length), ("a" as string | undefined)?.length.toFixed({d})))',
  },
  {
    declare:
      'function over$<T extends { readonly id: number }>(items: readonly T[], by: keyof T & string): string {\n  return items.map((item) => `${by}=${String(item[by])}`).join()\n}\n',
    use: 'print(() => console.log(over$([{ id: {n}, name: {t} }, { id: 2, name: "b" }], {b} ? "name" : "id")))',
  },
  {
    declare:
      'function* walk$(n: number): Generator<number, string, number | undefined> {\n  const got = yield* [n, n + 1]\n  try {\n    const r: string = yield* inner$(n)\n    print(() => console.log("r", r, got))\n  } catch (e) {\n    yield -1\n    print(() => console.log("caught", String(e)))\n  }\n  return "done"\n}\nfunction* inner$(n: number): Generator<number, string, number | undefined> {\n  try {\n    const x = yield n * 2\n    return `x${x}`\n  } finally {\n    print(() => console.log("inner"))\n  }\n}\n',
    use: "drive(walk$({n}), 'nnntn', {t})\n  drive(walk$({d}), 'nnnrn', {t})\n  print(() => console.log([...walk$(1)], Math.max(...walk$({n}))))",
  },
  {
    declare:
      'function* gen$(n: number): Generator<number, string, number> {\n  try {\n    const got = yield n\n    yield got * 2\n  } finally {\n    print(() => console.log("gen", n))\n  }\n  return "end"\n}\n',
    use: 'const g$ = gen$({n})\n  print(() => console.log(g$.next(), g$.next({n}), g$.return("r"), g$.next().done, [...gen$(2).take(1)]))',
  },
  {
    declare:
      'function signals$(n: number): string {\n  const c = new AbortController()\n  const out: string[] = []\n  const all = AbortSignal.any([c.signal, AbortSignal.any([c.signal])])\n  const tell = (): void => void out.push("told")\n  c.signal.addEventListener("abort", tell, { once: n > 1 })\n  all.onabort = (e) => void out.push(`${e.type} ${e.target === all}`)\n  if (n > 3) c.signal.removeEventListener("abort", tell)\n  c.abort(n > 2 ? n : undefined)\n  try {\n    all.throwIfAborted()\n  } catch (e) {\n    out.push(e instanceof DOMException ? `${e.name} ${e.code}` : String(e))\n  }\n  return `${out} ${c.signal.aborted} ${c.signal.reason === all.reason} ${AbortSignal.abort(n).reason}`\n}\n',
    use: 'print(() => console.log(signals$({n}), signals$(1)))',
  },
  {
    declare:
      'function url$(text: string, n: number): string {\n  try {\n    const u = new URL(text, n > 1 ? "https://h.i:8/j/k?l=m" : undefined)\n    u.searchParams.append("n", `${n}`)\n    u.hash = text\n    u.port = `${n}`\n    return `${u} ${u.pathname} ${u.searchParams.size} ${URL.canParse(text)} ${URL.parse("x:" + text)?.href} ${u instanceof URL}`\n  } catch (e: any) {\n    return `${e} ${e.code} ${e.input}`\n  }\n}\n',
    use: 'print(() => console.log(url$({t}, {n}), url$({t}, 2), url$("http://a/" + {t}, 1)))',
  },
  {
    declare:
      'class Walk$ {\n  go(key: string, x: unknown): unknown {\n    const f = (this as any)["on" + key]\n    return typeof f === "function" ? f.call(this, x) : `no ${key}`\n  }\n}\nclass Walked$ extends Walk$ {\n  seen: unknown[] = []\n  onNum(x: unknown) {\n    return this.seen.push(x)\n  }\n  onText = (x: unknown): string => `${x}`\n}\n',
    use: 'const k$ = new Walked$()\n  print(() => console.log(k$.go("Num", {n}), k$.go("Text", {t}), k$.go("No", 1), k$.seen, new Walk$().go("Num", 1)))',
  },
  {
    declare:
      'class Money$ {\n  constructor(readonly n: number) {}\n  get [Symbol.toStringTag](): string {\n    return "Money"\n  }\n  [Symbol.toPrimitive](hint: string): string | number {\n    print(() => console.log(hint))\n    return hint === "number" ? this.n : `${hint} ${this.n}`\n  }\n}\n',
    use: 'const m$ = new Money$({n})\n  print(() => console.log(+m$, `${m$}`, m$ + {t}, (m$ as any) > {n}, (m$ as any) * 2, Object.prototype.toString.call(m$)))\n  print(() => console.log(m$, [m$], {t}))',
  },
  {
    declare:
      'class Words$ extends Map<string, number> {\n  #seen = 0\n  add(word: string): this {\n    this.#seen++\n    return this.set(word, (this.get(word) ?? 0) + 1)\n  }\n  override set(word: string, n: number): this {\n    return super.set(word.trim(), n)\n  }\n  get seen(): number {\n    return this.#seen\n  }\n}\nclass Few$<T> extends Set<T> {\n  override add(x: T): this {\n    return this.size < 3 ? super.add(x) : this\n  }\n}\nfunction total$(all: ReadonlyMap<string, number>): number {\n  let sum = all.size\n  for (const [, n] of all) sum += n\n  return sum\n}\n',
    use: 'const w$ = new Words$([[{t}, {n}]]).add({t}).add("a")\n  const f$ = new Few$<unknown>({ns}).add({t})\n  print(() => console.log([...w$], w$.seen, [...f$.keys()], f$ instanceof Map, `${w$}`, total$(w$), total$(new Map(w$)), JSON.stringify(f$)))',
  },
  {
    declare:
      'abstract class Base$ {\n  constructor() {\n    try {\n      print(() => console.log(this.run()))\n    } catch (e) {\n      print(() => console.log(String(e)))\n    }\n  }\n  abstract run(): number\n}\nclass Own$ extends Base$ {\n  #n: number\n  constructor(n: number) {\n    super()\n    this.#n = n\n  }\n  #twice(): number {\n    return this.#n * 2\n  }\n  override run(): number {\n    return this.#n + this.#twice()\n  }\n}\nfunction* values$(n: number): Generator<number> {\n  yield* new Set([n, 1]).values()\n}\n',
    use: 'const [one$] = values$({n})\n  print(() => console.log(new Own$({n}).run(), one$))',
  },
  {
    declare: '',
    use: 'const q$ = new URLSearchParams("a=1&b=2")\n  q$.append({t}, String({n}))\n  q$.append("a", {t})\n  print(() => console.log(q$.getAll("a"), q$.get({t}), q$.toString(), q$.has("b"), [...q$].length))',
  },
  {
    declare: '',
    use: 'for (const [k, v] of Object.entries({t})) {\n    print(() => console.log(k, v))\n    if (tick()) break\n  }\n  print(() => console.log(Object.keys({t}).length, Object.values({t}).at(-1)))',
  },
  {
    declare: '',
    use: 'const warm$ = { c: {n}, get f(): number {\n      return this.c * 2\n    }, set f(x: number) {\n      this.c = x\n    } }\n  const { c: c$, ...rest$ } = warm$\n  const copy$ = { ...warm$, own: {t} }\n  warm$.f = {n}\n  print(() => console.log(c$, rest$, copy$, JSON.stringify(warm$), Object.keys(warm$), Object.entries(warm$), Object.assign({}, warm$)))',
  },
  {
    declare:
      'const values$ = (n: number, t: string): any[] => [n, t, 0, "", "0", " 1 ", null, undefined, true, false, NaN, -0, 1n, [], [n], [[1]], {}, new Date(n)]\nfunction loose$(all: any[]): string {\n  var out = ""\n  for (var i = 0; i < all.length; i++) for (var j = 0; j < all.length; j++) out += all[i] == all[j] ? 1 : 0\n  return out + i\n}\nconst kinds$ = (all: any[]): string => all.map((x) => `${typeof x}${x === null || x === undefined ? "-" : x.constructor.name}${Object.prototype.toString.call(x)}`).join()\n',
    use: 'const v$ = values$({n}, {t})\n  print(() => console.log(loose$(v$)))\n  print(() => console.log(kinds$(v$), v$[{d}] < v$[{d}], v$.map((x) => (x ? 1 : 0)).join("")))',
  },
  {
    declare:
      'const zip$ = <A, B>(a: A[], b: B[]): [A, B][] => a.map((x, i) => [x, b[i]!])\nconst pick$ = (list: number[], at: number): number | undefined => list[at]\n',
    use: 'const z$ = {ns}\n  const [p$, q$ = -1] = [z$[{d}], z$[9]]\n  print(() => console.log(zip$(z$, {ts}), pick$(z$, {d}) ?? "none", p$ === undefined, q$, typeof z$.map, typeof z$[{d}]))',
  },
]

const ASYNC: readonly Drill[] = [
  {
    declare: 'class Own$ {\n  weak = new WeakMap<object, number>()\n  params = new URLSearchParams()\n}\n',
    use: 'const o$ = new Own$()\n  o$.params.append({t}, `${{n}}`)\n  print(() => console.log(o$, [{b} ? o$.params : {n}], new WeakSet(), new TextDecoder()))',
  },
  {
    declare: 'function* gen$(): Generator<number> {\n  yield 1\n}\n',
    use: 'const t$: any[] = [later({n}), gen$(), [{n}].values(), {n}, [{n}, later({t})], {t}]\n  const one$ = t$[{d} % 6]\n  print(() => console.log(`${one$}`, one$ + {t}, String(t$), t$.join({t}), one$ == "[object Promise]", +one$))',
  },
  {
    declare:
      'class Given$ extends Error {\n  constructor(m: string, options?: ErrorOptions) {\n    super(m, options)\n  }\n}\nclass Put$ extends Error {\n  constructor(m: string, cause?: unknown) {\n    super(m)\n    if (cause !== 3) this.cause = cause\n  }\n}\n',
    use: 'const e$: Error[] = [new Given$({t}), new Given$({t}, { cause: {b} ? {n} : undefined }), new Put$({t}, {n}), new Put$({t}, {d}), new Error({t}, { cause: undefined })]\n  print(() => console.log(e$, e$.map((e) => [e.cause, "cause" in e, Object.keys(e).length])))',
  },
  {
    declare:
      'class Held$ {\n  go = this.#on.bind(this)\n  constructor() {\n    this.off = this.off.bind(this)\n  }\n  #on(): number {\n    return 1\n  }\n  off(): number {\n    return 2\n  }\n}\nclass Kept$ extends Held$ {}\nfunction fn$(x: number): number {\n  return fn$.n + x\n}\nfn$.n = {d}\n',
    use: 'const f$: any[] = [async () => 1, function* walk$() {}, Kept$, fn$, fn$.bind(null, {n}), class extends Error {}, {n}]\n  print(() => console.log(f$, f$[{d} % 7], { f: f$[{d} % 7] }, {b} ? new Held$() : new Kept$()))',
  },
  {
    declare:
      'async function may$(n: number): Promise<{ n: number }> {\n  if (n > 2) throw new RangeError("far")\n  return { n }\n}\n',
    use: 'const p$ = [may$({n}), may$({d}), later({n} as number | { n: number })]\n  print(() => console.log(p$, { p: p$[0] }, new Map([[{t}, p$[1]]])))\n  void Promise.allSettled(p$).then(() => print(() => console.log("%s %o", p$, p$[2])))',
  },
  {
    declare:
      'async function* outer$(n: number): AsyncGenerator<number, string, undefined> {\n  const r: string = yield* part$(n)\n  yield r.length\n  return r\n}\nasync function* part$(n: number): AsyncGenerator<number, string, undefined> {\n  try {\n    yield await later(n)\n    if (n > 3) throw new Error("far")\n    yield n + 1\n  } finally {\n    print(() => console.log("part", n))\n  }\n  return `p${n}`\n}\nasync function see$(n: number): Promise<void> {\n  for await (const x of outer$(n)) {\n    print(() => console.log("saw", x))\n    if (x === 2) break\n  }\n}\n',
    use: 'void see$({n}).then(() => print(() => console.log("end")), (e) => print(() => console.log((e as Error).message)))\n  void see$({d} & 3)',
  },
  {
    declare:
      'async function race$(n: number): Promise<string> {\n  class Seen {\n    static count = 0\n    readonly at = ++Seen.count\n  }\n  const [a, b] = await Promise.all([pause(n & 3, new Seen()), later(new Seen())])\n  return `${a.at}${b.at}${Seen.count}`\n}\n',
    use: 'setTimeout((x: number, y: string) => print(() => console.log(x, y)), {d} & 3, {n}, {t})\n  void race$({n}).then((q) => print(() => console.log(q)))',
  },
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
      'class Later$<T> {\n  constructor(private readonly p: Promise<T>) {}\n  then<A, B>(f?: ((x: T) => A) | null, g?: ((e: unknown) => B) | null): Promise<T | A | B> {\n    return this.p.then(f, g) as Promise<T | A | B>\n  }\n}\n',
    use: 'const l$ = new Later$({b} ? later({n}) : fail({n}))\n  void l$.then({b} ? (q) => [q] : null, {b} ? (e) => String(e) : undefined).then((q) => print(() => console.log("kept", q)), (e) => print(() => console.log((e as Error).message)))',
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
