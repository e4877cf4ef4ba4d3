// Goal: each piece of syntax has its meaning in the HIR, with its parts evaluated once and in order, and
// what has no meaning is refused with its name. Method: print the HIR of small functions; check the promises of
// the HIR's documentation in every golden program.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parseGolden } from '../golden/golden-file.ts'
import { checkHir } from './check-hir.ts'
import { printStmts } from './print-hir.ts'
import { compile } from '../../src/front/index.ts'
import { BARE_LIBRARY, bodyOf, build, functionNamed, open, refusals, statements } from './program.ts'

/** Asserts that the body `text` of a function with these parameters builds to `expected`. */
function builds(parameters: string, text: string, expected: readonly string[]): void {
  assert.equal(statements(parameters, text), expected.join('\n'))
}

describe('parameters', () => {
  test('a default is taken when the argument is undefined, and sees the parameters before it', () => {
    builds('a: number, b = a + 1', 'return b', ['let b = (missing(b) ? (a + 1) : b)', 'return b'])
  })

  test('patterns are taken apart at the start of the body, with their defaults', () => {
    builds('{ x, y: [z] = [1] }: { x: number; y?: number[] }', 'return x + z', [
      'let value = argument',
      'let x = value.x',
      'let value = {let value = value.y; (missing(value) ? [1] : value)}',
      'let z = value[0]#~',
      'return (x + z)',
    ])
  })

  test('a default may use what it declares itself and the parameters before it', () => {
    const source =
      'export function f(a = 1, g = (x: number, y = x) => x + y + a, { b = a, c = b } = {} as any) { return g(b, c) }'
    assert.deepEqual(refusals(source), [])
  })

  test('the rest parameter is apart from the others', () => {
    const p = build('export function f(a: number, b?: number, ...rest: number[]) { return rest }')
    const f = p.program.entries[0]!.func
    assert.deepEqual(
      f.params.map((x) => [x.variable.name, x.optional]),
      [
        ['a', false],
        ['b', true],
      ],
    )
    assert.equal(f.rest?.name, 'rest')
  })
})

describe('assignment', () => {
  test('the object and the key of a compound assignment are evaluated once', () => {
    builds('o: { n: number }, xs: number[], i: number', 'o.n += 1; xs[i++] *= 2', [
      '(o.n := (o.n + 1))',
      'let value = {let old = (numeric i); (i := (++ old)); old}',
      '(xs[value] := (xs[value]# * 2))',
    ])
  })

  test('a step gives the old number or the new one, and needs no temporary when neither is used', () => {
    builds('a: number', 'a++; const b = a--; return ++a + b', [
      '(a := (++ a))',
      'let b = {let old = (numeric a); (a := (-- old)); old}',
      'return ((a := (++ a)) + b)',
    ])
  })

  test('a logical assignment writes only when it must', () => {
    builds('x: number | null, o: { p?: number }', 'x ??= 1; o.p ||= 2', ['(x ?? (x := 1))', '(o.p || (o.p := 2))'])
  })

  test('a swap takes all values before it gives any, and makes no array', () => {
    builds('a: number[], i: number', '[a[i], a[0]] = [a[0], a[i]]', [
      'let value = a[0]',
      'let value = a[i]',
      '(a[i] := value)',
      '(a[0] := value)',
    ])
  })

  test('a destructuring assignment that is used gives the right side', () => {
    builds('o: { a: number; b: number }, a: number, b: number', 'return ({ a, b = 3 } = o)', [
      'return {let value = o; let value = value; (a := value.a); (b := {let value = value.b; (missing(value) ? 3 : value)}); value}',
    ])
  })

  test('a rest in a pattern copies what the pattern leaves', () => {
    builds(
      'o: { a: number; b: number }, xs: number[]',
      'const { a, ...others } = o; const [h, ...t] = xs; return [a, h, others, t]',
      [
        'let value = o',
        'let a = value.a',
        'let others = {...value without a}',
        'let value = xs',
        'let h = value[0]?~',
        'let t = [...value]:slice(1)',
        'return [a, h, others, t]',
      ],
    )
  })
})

describe('chains', () => {
  test('the whole chain ends where a value is missing', () => {
    builds('a: { b?: { c(n: number): string } | null }', 'return a.b?.c(1).length', [
      'return {let value = a.b; (nullish(value) ? undefined : value:c(1).length)}',
    ])
  })

  test('a method that may be missing is called on its object', () => {
    builds('a: { f?(n: number): number }', 'return a.f?.(1)', ['return (nullish(a.f) ? undefined : a:f(1))'])
  })

  test('parentheses end a chain', () => {
    builds('a?: { b: { c: number } }', 'return (a?.b).c', ['return (nullish(a) ? undefined : a.b).c'])
  })
})

describe('missing elements', () => {
  test('the context of a read says what a missing element means', () => {
    builds(
      'xs: number[], i: number',
      'return [xs[i], xs[i] + 1, -xs[i], xs[i] < 2, xs[i] === 2, !xs[i], xs[i] ?? 3, `${xs[i]}`]',
      [
        'return [xs[i]?, (xs[i]# + 1), (- xs[i]#), (xs[i]# < 2), (xs[i]? === 2), (! xs[i]?), (xs[i]? ?? 3), template(xs[i]?)]',
      ],
    )
  })

  test('a variable that the program asks about may hold a missing element', () => {
    builds('xs: number[]', 'const x = xs[0]; const y = xs[1]; if (x === undefined) return 0; return x + y', [
      'let x:tested = xs[0]?',
      'let y = xs[1]#',
      'if (x === undefined)',
      '  return 0',
      'end',
      'return (x + y)',
    ])
  })

  test('a declared type with undefined has room for a missing element', () => {
    assert.equal(bodyOf('export function f(xs: string[]): string | undefined { return xs[0] }'), 'return xs[0]?')
  })

  test('a receiver that is missing throws as in Node', () => {
    builds('xs: { n: number }[]', 'return xs[0].n + xs[1]!.n', ['return (xs[0]?.n + xs[1]?.n)'])
  })
})

describe('statements', () => {
  test('for, while and do loops keep their parts in order', () => {
    builds(
      'xs: number[]',
      'for (let i = 0; i < 3; i++) { if (i) continue; break } do { xs.pop() } while (xs[0]); while (true) return',
      [
        'block',
        '  let i:assigned+tested = 0',
        '  loop (i < 3)',
        '    if i',
        '      continue 1',
        '    end',
        '    break 1',
        '  update',
        '    (i := (++ i))',
        '  end',
        'end',
        'loop post xs[0]?',
        '  xs:pop()',
        'end',
        'loop true',
        '  return',
        'end',
      ],
    )
  })

  test('a loop variable that a closure keeps is fresh in each round', () => {
    builds('', 'const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i)', [
      'let fs = []',
      'block',
      '  let i:captured+assigned = 0',
      '  loop (i < 3) fresh(i)',
      '    fs:push(fn<>)',
      '  update',
      '    (i := (++ i))',
      '  end',
      'end',
    ])
  })

  test('labels name the statement that break and continue mean', () => {
    builds('xs: number[][]', 'a: for (const x of xs) b: { for (const y of x) { if (y > 1) continue a; break b } }', [
      'for x of xs',
      '  block',
      '    for y of x',
      '      if (y > 1)',
      '        continue 0',
      '      end',
      '      break 1',
      '    end',
      '  end',
      'end',
    ])
  })

  test('the clauses of a switch share one scope', () => {
    builds('k: number', 'switch (k) { case 1: let x = 1; break; default: x = 2 }', [
      'block',
      '  hoist x:assigned+checked',
      '  switch k',
      '  case 1',
      '    let x:assigned+checked = 1',
      '    break 1',
      '  default',
      '    let value = 2',
      '    x',
      '    (x := value)',
      '  end',
      'end',
    ])
  })

  test('for-in goes over the keys', () => {
    builds('o: { a: number }', 'for (const k in o) console.log(k)', [
      'let object = o',
      'for k of @Object.keys(object)',
      '  if @@@isPresent(object, k)',
      '  else',
      '    continue 0',
      '  end',
      '  @console.log(k)',
      'end',
    ])
  })

  test('catch binds the thrown value, or its parts', () => {
    builds('', 'try { throw new Error("a") } catch ({ message }) { return message } finally { console.log(1) }', [
      'try',
      '  throw @new Error("a")',
      'catch error',
      '  let value = error',
      '  let message = value.message',
      '  return message',
      'finally',
      '  @console.log(1)',
      'end',
    ])
  })
})

describe('names', () => {
  test('a closure that uses a variable before it is set makes it checked', () => {
    builds('', 'const f = () => x; f(); const x = 1; return x', [
      'hoist x:captured+checked',
      'let f = fn<f>',
      'f()',
      'let x:captured+checked = 1',
      'return x',
    ])
  })

  test('a local function is made where it is first named, after what it captures', () => {
    builds('', 'function up() { n += k } let n = 0; const k = 2; up(); return n', [
      'let n:captured+assigned = 0',
      'let k:captured = 2',
      'let up = fn<up>',
      'up()',
      'return n',
    ])
  })

  test('a recursive local function that captures nothing else needs no checked variable', () => {
    builds('n: number', 'const g = (k: number): number => (k < 1 ? 0 : g(k - 1)); return g(n)', [
      'let g:captured = fn<g>',
      'return g(n)',
    ])
  })

  test('module variables are checked only where code before them may read them', () => {
    const source = (call: string): string => `
      ${call}
      const limit = 3
      export function f() { return limit }
      function g() { return 1 }`
    const checked = (text: string): string => printStmts(build(text).program.init.body()).split('\n').at(-1) ?? ''
    assert.match(checked(source('f()')), /limit:checked/)
    assert.match(checked(source('const later = () => f(); later()')), /limit:checked/)
    assert.doesNotMatch(checked(source('g()')), /checked/)
    assert.doesNotMatch(checked(source('const later = () => f()')), /checked/)
  })

  test('enum members are constants, and a number finds its name', () => {
    assert.equal(
      bodyOf('enum E { A = 1, B, C = "c" }\nexport function f(e: E.A | E.B) { return [E.B, E.C, E[E.A], E[e]] }'),
      'return [2, "c", "A", ((e === 1) ? "A" : ((e === 2) ? "B" : undefined))]',
    )
  })

  test('library names are builtins, and its constants are constants', () => {
    builds('xs: string[]', 'return [Math.PI > 3, xs.map(Number), Number("1"), new Array(3), parseInt("2"), NaN]', [
      'return [(3.141592653589793 > 3), xs:map(@Number), @Number("1"), @new Array(3), @parseInt("2"), null]',
    ])
  })
})

describe('classes', () => {
  const source = `
    class Counter {
      static made = 0
      #count = 0
      readonly step: number
      label: string
      constructor(public name: string, step = 1) {
        this.step = step
        if (step > 1) this.label = name
        Counter.made++
      }
      get count() { return this.#count }
      up() { this.#count += this.step; return () => this.count }
    }
    export function f() { const c = new Counter('a'); return c.up()() + Counter.made }`

  test('fields come first, then parameters, then the body of the constructor', () => {
    const p = build(source)
    assert.equal(
      functionNamed(p, 'Counter'),
      [
        'Counter(name, step?)',
        '  (this.@@#count 1 := 0)',
        '  let step = (missing(step) ? 1 : step)',
        '  (this.name := name)',
        '  (this.step := step)',
        '  if (step > 1)',
        '    (this.label := name)',
        '  end',
        '  (Counter.made := (++ Counter.made))',
      ].join('\n'),
    )
  })

  test('a field may be read as undefined unless every path sets it before anything can read it', () => {
    const p = build(source)
    p.program.entries[0]!.func.body()
    const cls = [...p.build.classes.values()][0]!
    assert.deepEqual(
      cls.fields.map((f) => [f.name, f.start, f.hidden]),
      [
        ['name', 'value', false],
        ['@@#count 1', 'value', true],
        ['step', 'unread', false],
        ['label', 'undefined', false],
      ],
    )
  })

  test('static members are variables of the module', () => {
    const p = build(source)
    assert.match(printStmts(p.program.init.body()), /let Counter\.made:assigned = 0/)
    assert.equal(
      printStmts(p.program.entries[0]!.func.body()),
      'let c = new Counter("a")\nreturn (c:up()() + Counter.made)',
    )
  })
})

describe('object literals', () => {
  test('methods that use this capture their object', () => {
    builds('', 'const o = { n: 1, up() { return (this.n += 1) } }; return o.up()', [
      'let o = {hoist this:captured+checked; let this:captured+checked = {n: 1, up: fn<up>}; this}',
      'return o:up()',
    ])
  })

  test('a method that uses this may leave its object', () => {
    const literal = 'const o = { n: 1, up() { return this.n } };'
    for (const use of ['const f = o.up', 'const { up } = o', 'const q = { ...o }', 'Object.values(o)'])
      assert.deepEqual(refusals(`export function f() { ${literal} ${use} }`), [], use)
    assert.deepEqual(refusals(`export function f() { ${literal} const { n } = o; return (o.up)() + n }`), [])
  })
})

describe('programs', () => {
  test('files run after those that they import', () => {
    const p = build({
      'main.ts':
        "import { b } from './b'\nimport { a } from './a.js'\nexport const c = a + b\nexport function f() { return c }",
      'a.ts': 'export const a = 1',
      'b/index.ts': "import { a } from '../a.ts'\nexport const b = a + 1",
    })
    assert.equal(printStmts(p.program.init.body()), 'let f = fn<f>\nlet a = 1\nlet b = (a + 1)\nlet c = (a + b)')
    assert.deepEqual(
      p.files.map((f) => f.path),
      ['a.ts', 'b/index.ts', 'main.ts'],
    )
  })

  test('entries are the exported functions, by the names that they are exported under', () => {
    const p = build(`
      function a() {}
      const b = () => 1
      export { a as first, b }
      export const c = 1
      export default function (x?: number) { return x }`)
    assert.deepEqual(p.program.entries.map((e) => e.name).sort(), ['b', 'default', 'first'])
    assert.deepEqual([...p.exports].sort(), ['b', 'c', 'default', 'first'])
  })

  test('an entry that is not there is named together with those that are', () => {
    const [d] = build('export function run() {}', ['main']).collector.diagnostics
    assert.equal(d?.code, 'ANRF1105')
    assert.equal(d?.hint, 'The main file exports: run.')
  })

  test('bodies of functions that nothing reaches are not built', () => {
    assert.deepEqual(refusals('export function f() { return 1 }\nfunction g() { return 1n }'), [])
    assert.deepEqual(refusals('export function f() { return g() }\nfunction g() { return 1n }'), [])
  })

  test('a type error does not stop the build', () => {
    const p = build('export function f(): string { return 1 }')
    assert.deepEqual(
      p.typeErrors.map((d) => [d.code, d.feature]),
      [['ANRF1003', 'TS2322']],
    )
    assert.equal(printStmts(p.program.entries[0]!.func.body()), 'return 1')
  })
})

describe('refusals', () => {
  const CASES: readonly (readonly [string, string])[] = [
    ['return typeof arguments', '`arguments` as a value'],
    ['return { [a]: class {} }', 'a class under a computed key'],
    ['const g = (a: number = b, b = 1) => a; return g()', 'a parameter before it has a value'],
    ['return { get [a]() { return 1 } }', 'an accessor with a computed, repeated or numeric name'],
    ['return { [String(1)]() {} }', 'computed names'],
    ['return new.target', 'meta properties'],
    ["return import('./x.ts')", 'dynamic import'],
    ['return eval("1")', 'eval'],
    ['return new WeakRef({})', 'WeakRef'],
  ]
  for (const [text, feature] of CASES) {
    test(`\`${text}\` is refused by name`, () => {
      const found = refusals(`export function f() { ${text} }`)
      assert.ok(
        found.some((d) => d.startsWith('ANRF110') && d.endsWith(` ${feature}`)),
        JSON.stringify(found),
      )
    })
  }

  test('imports of packages and of missing files are refused where they stand', () => {
    assert.deepEqual(
      refusals("import fs from 'node:fs'\nimport { x } from './x.ts'\nexport function f() { return 1 }"),
      ['ANRF1101 1:16 import of packages', 'ANRF1002 2:19'],
    )
  })

  test('a file that is not TypeScript does not parse', () => {
    const found = refusals('export function f( {')
    assert.ok(found.length > 0 && found.every((d) => d.startsWith('ANRF1001')), JSON.stringify(found))
  })

  test('what Node refuses to parse does not parse, though TypeScript only finds it while checking', () => {
    const early = [
      'function f() { return () => await 1 }',
      'function f() { for await (const x of []) x }',
      'async function f(x = await 1) {}',
      'function* f(x = yield 1) {}',
      'function f(a, a) {}',
      'const x = 1; let x = 2',
      'function f() {} function f() {}',
      'break',
      'a: { continue a }',
      'const y',
      'class A { #x = 1; #x = 2 }',
      'const [p, p] = [1, 2]',
      '1 = 2',
      'for (const x of [1]) const y = x',
      'if (true) function f() {}',
      'class A { m() { return this.#x } }',
      'class A { constructor() { super() } }',
      'class A { static prototype = 1 }',
      'class A { x = () => arguments.length }',
      "class A { get 'constructor'() { return 1 } }",
      'class A { accessor x = 1 }',
      'const [a]',
      'const [...a, b] = [1]',
      'const f = (await) => 1',
      'let a; { var a }',
      'for (const a of [1]) { var a }',
      'try {} catch ([e]) { var e }',
      'try {} catch (e) { function e() {} }',
      'null ?? true || false',
      '{ export const x = 1 }',
      'const o: any = 1; o?.x++',
      'export { nobody }',
    ]
    for (const text of early) assert.equal(open(text).parseErrors[0]?.code, 'ANRF1001', text)
    const fine = [
      'interface A { x: 1 } interface A { y: 1 }',
      'const o = { a: 1, a: 2 }',
      'function f(a?: number, b: number) {}',
      'enum E { A } enum E { B = 2 }',
      'class A extends Object { constructor() { (() => super())() } }',
      'class A { await = 1; arguments = 2; static m() { return super.toString() } }',
      'class A { x = function () { return arguments.length } }',
      'class A { #x = 1; m() { return class { n = (a: A) => a.#x } } }',
      '{ let a; () => { var a } } for (let b of [1]) { let b } try {} catch (e) { var e }',
      'function f() { { var g } function h() {} { let h } }',
      'function f(): void; function f(a?: number) {}',
      'let s: string = 1',
    ]
    for (const text of fine) assert.deepEqual(open(text).parseErrors, [], text)
  })

  test('a diagnostic shows the lines that it is about', () => {
    const p = build('export function f() {\n  return eval(1)\n}')
    p.program.entries[0]!.func.body()
    const [d] = p.collector.diagnostics
    assert.deepEqual(d?.excerpt, { firstLine: 2, lines: ['  return eval(1)'] })
    assert.deepEqual(d?.location, { path: 'main.ts', start: { line: 2, column: 10 }, end: { line: 2, column: 14 } })
  })
})

test('the HIR of every golden program keeps the promises of its documentation', () => {
  const root = join(import.meta.dirname, '../golden')
  const goldens = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.md'))
  const broken = goldens.flatMap((path) => {
    const p = build(parseGolden(readFileSync(join(root, path), 'utf8')).files)
    return checkHir(p.program).map((text) => `${path}: ${text}`)
  })
  assert.deepEqual(broken, [])
})

test('programs of extreme nesting are refused, whatever nests', () => {
  const nest = (before: string, after: string, count: number): string =>
    `export function f(a: number): unknown { return ${before.repeat(count)}a${after.repeat(count)} }`
  for (const [before, after] of [
    ['(', ')'],
    ['[', ']'],
    ['- ', ''],
    ['a + ', ''],
    ['a ? a : ', ''],
    ['() => ', ''],
    ['{ a: ', '}'],
  ] as const) {
    for (const count of [300, 20_000]) {
      const [d] = open(nest(before, after, count)).parseErrors
      assert.equal(d?.feature, 'deep nesting', before)
    }
    assert.deepEqual(open(nest(before, after, 50)).parseErrors, [], before)
  }
})

test('variables that files of a cycle of imports share are checked', () => {
  const p = build({
    'main.ts': "import { use } from './a.ts'\nexport const limit = 3\nexport function f() { return use() }",
    'a.ts': "import { limit } from './main.ts'\nexport const other = 1\nexport function use() { return limit + other }",
  })
  const text = printStmts(p.program.init.body())
  assert.match(text, /let limit:checked/)
  assert.match(text, /let other =/)
})

test('types of extreme nesting are refused', () => {
  const source = `export function f(a: number): unknown { return ${'['.repeat(60)}a${']'.repeat(60)} }`
  const result = compile({ read: () => source }, BARE_LIBRARY, { main: 'main.ts' })
  assert.deepEqual(
    result.diagnostics.map((d) => d.feature),
    ['deep nesting'],
  )
})
