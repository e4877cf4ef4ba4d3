import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BOUNDS, checkModule, parseModule, type Module } from '../../src/ir/index.ts'
import { RULES, type Rule } from '../../src/ir/check/rules.ts'
import { generateModule } from './generate.ts'

const SEEDS = 200

test('random modules made from the operation table are valid', () => {
  for (let seed = 0; seed < SEEDS; seed++) assert.deepEqual(checkModule(generateModule(seed)), [], `seed ${seed}`)
})

/** A module as text; what is not given is the least that is valid. */
function text(parts: { objects?: string; funcs?: string; init?: string; entries?: string }): string {
  return `anrf ir 1
file 0 "main.ts" [0, 10, 20]
error 0 Error { name!: string, message!: string }
${parts.objects ?? 'record 1 Point { x: f64, y?: string }\nclass 2 Shape { area: f64 }'}
global 0 count: f64
fn init#0() -> undefined { return undefined }
fn add#1(a#0: f64, b#1: f64) -> f64 { return f64.add(a#0, b#1) }
fn next#2() [n#0: cell<f64>] -> f64 { return cell.get["n"](n#0) }
${parts.funcs ?? ''}
init ${parts.init ?? '#0'}
${parts.entries ?? 'entry add #1 (a: f64, b: f64) -> f64'}
`
}

const fn = (body: string, head = 'fn f#3() -> undefined'): string => text({ funcs: `${head} { ${body} }` })

/** A function that returns nothing, with `lead` before that. */
const run = (lead: string, locals = ''): string => fn(`${locals} ${lead} return undefined`)

const withEntry = (entry: string, funcs = ''): string => text({ funcs, entries: entry })

function moduleOf(source: string): Module {
  const parsed = parseModule(source)
  assert.ok('module' in parsed, JSON.stringify('diagnostics' in parsed && parsed.diagnostics))
  return parsed.module
}

const rulesOf = (module: Module): string[] => [
  ...new Set(checkModule(module).map((d) => d.message.slice(0, d.message.indexOf(':')))),
]

const nested = (depth: number): string => `${'bool.not('.repeat(depth)}true${')'.repeat(depth)}`
const manyLocals = Array.from({ length: BOUNDS.locals + 1 }, (_, i) => `var x#${i}: f64`).join('\n')
const wide67 = `tuple<${'self, '.repeat(66)}self>`
const wide = `tuple<${'f64, '.repeat(BOUNDS.typeNodes - 1)}f64>`

/** For each rule, modules that break this one and no other. */
const BROKEN: { readonly [R in Rule]: readonly string[] } = {
  'error-object': [
    text({ objects: 'error 1 Error { name!: string, message!: f64 }' }),
    text({}).replace('message!:', 'message:'),
    text({}).replace('name!: string,', ''),
    text({}).replace('message!: string', 'message!: string, code: f64'),
    text({}).replace('error 0 Error', 'class 0 Error'),
  ],
  'regexp-object': [
    text({ objects: 'regexp 1 R { "#source"!: string }' }),
    text({ objects: 'regexp 1 R { "#source"!: string, "#flags"!: f64 }' }),
    text({ objects: 'regexp 1 R { "#source"!: string, "#flags": string }' }),
  ],
  'date-object': [
    text({ objects: 'date 1 D { "#ms"!: string }' }),
    text({ objects: 'date 1 D { "#ms": f64 }' }),
    text({ objects: 'date 1 D { "#ms"!: f64, x!: f64 }' }),
  ],
  'symbol-object': [
    text({ objects: 'symbol 1 Symbol { }' }),
    text({ objects: 'symbol 1 Symbol { "#description"!: string }' }),
    text({ objects: 'symbol 1 Symbol { "#description": union<string | undefined> }' }),
    text({ objects: 'symbol 1 Symbol { "#description"!: union<string | undefined>, x!: f64 }' }),
  ],
  'typed-object': [
    text({ objects: 'typed 1 Bytes { }' }),
    text({ objects: 'typed 1 DataView { }' }),
    text({ objects: 'typed 1 Uint8Array { "#offset"!: f64 }' }),
    text({ objects: 'typed 1 Uint8Array { "#offset"!: f64, "#length": f64 }' }),
    text({ objects: 'typed 1 Uint8Array { "#offset"!: f64, "#length"!: f64, "#buffer"!: object 0 }' }),
  ],
  'buffer-object': [text({ objects: 'buffer 1 Buffer { }' }), text({ objects: 'buffer 1 ArrayBuffer { x: f64 }' })],
  'class-tag': [text({ objects: 'record 1 A tag B { }' }), text({ objects: 'class 1 A tag "" { }' })],
  'field-names': [
    text({ objects: 'record 1 A { x: f64, x: string }' }),
    text({ objects: 'record 1 A { name!: string, name: string }' }),
    text({ objects: 'error 1 E { name!: string, message!: string, name?: string, name: string }' }),
    text({ objects: 'error 1 E { name!: string, message!: string, message?: string }' }),
  ],
  'field-optional': [text({ objects: 'regexp 1 RegExp { "#source"!: string, "#flags"!: string, x?!: f64 }' })],
  init: [text({ init: '#9' }), text({ init: '#1' }), text({ init: '#2' })],
  'entry-names': [
    withEntry('entry a #0 () -> undefined\nentry a #0 () -> undefined'),
    withEntry('entry add #1 (a: f64, a: f64) -> f64'),
  ],
  'entry-function': [
    withEntry('entry a #9 () -> f64'),
    withEntry('entry a #2 () -> f64'),
    withEntry('entry a #0 () -> f64'),
    withEntry('entry a #1 (a: f64) -> f64'),
    withEntry('entry a #1 (a: f64, b: string) -> f64'),
  ],
  'entry-optional': [withEntry('entry a #1 (a: f64, b?: f64) -> f64')],
  'entry-types': ['func<() -> f64>', 'array<i32>', 'object 0', 'object 2', 'object 3'].map((type) =>
    text({
      objects: 'record 1 P { x: f64 }\nclass 2 S { area: f64 }\nrecord 3 Q { next: object 3, to: array<object 2> }',
      funcs: `fn f#3(a#0: ${type}) -> undefined { return undefined }`,
      entries: `entry f #3 (a: ${type}) -> undefined`,
    }),
  ),
  'type-object': [
    run('', 'var x#0: array<object 9>'),
    run('do array.new[object 3]()'),
    text({ objects: 'record 1 A { x: object 2 }' }),
  ],
  'type-union': [
    'union<f64>',
    'union<>',
    'union<f64 | any>',
    'union<f64 | i32>',
    'union<f64 | union<null | undefined>>',
    'union<f64 | f64>',
    'union<string | f64>',
    'union<array<f64> | array<string>>',
    'union<array<f64> | tuple<f64>>',
    'union<func<() -> f64> | func<() -> string>>',
    'union<array<nested<array<self> | f64>> | f64>',
    'nested<array<self>>',
  ].map((type) => run('', `var x#0: array<${type}>`)),
  'type-nested': ['self', 'nested<f64 | string>', 'nested<array<nested<array<self> | f64>> | f64>'].map((type) =>
    run('', `var x#0: array<${type}>`),
  ),
  'type-cell': [
    run('', 'var x#0: array<cell<f64>>'),
    run('', 'var x#0: cell<cell<cell<f64>>>'),
    run('', 'var x#0: union<cell<f64> | null>'),
    fn('return cell.new(1)', 'fn f#3() -> cell<f64>'),
    text({ objects: 'record 1 A { x: cell<f64> }' }),
    text({}).replace('count: f64', 'count: cell<f64>'),
    withEntry('entry f #3 (a: cell<f64>) -> undefined', 'fn f#3(a#0: cell<f64>) -> undefined { return undefined }'),
    run('do (closure.new[f#3]() : func<() -> undefined>)').replace('f#3()', 'f#3(c#0: cell<f64>)'),
    run('do (cell.new((cell.new((cell.new(1) : cell<f64>)) : cell<cell<f64>>)) : cell<cell<f64>>)'),
  ],
  'type-size': [run('', `var x#0: ${wide}`), run('', `var x#0: nested<f64 | ${wide67}>`)],
  'local-count': [run('', manyLocals)],
  depth: [fn(`return ${nested(BOUNDS.depth)}`, 'fn f#3() -> bool')],
  path: [
    fn(''),
    fn('if true { return undefined }'),
    fn('loop $0 { break $0 }'),
    fn('loop $0 while false { return undefined }'),
    fn('block $0 { if true { break $0 } return undefined }'),
    fn('switch $0 1 { case 1 { return undefined } }'),
    fn('try { return undefined } catch e#0 { }', 'fn f#3() [e#0: any] -> undefined'),
  ],
  test: [run('if 1 { }'), run('loop $0 while "" { }'), run('do ((1 ? 2 : 3) : f64)')],
  set: [run('x#0 = 1', 'var x#0: string')],
  return: [fn('return 1'), fn('return 1', 'fn f#3() -> union<f64 | undefined>')],
  throw: [fn('throw "text"')],
  catch: [run('try { } catch e#0 { }', 'var e#0: object 0')],
  switch: [
    run('switch $0 null { }'),
    run('switch $0 1i { }'),
    run('switch $0 1 { case "1" { } }'),
    run('switch $0 1 { case dyn.box[any](1) { } }'),
    run('switch $0 dyn.box[any](1) { case 1 { } }'),
    run('switch $0 1 { default { } default { } }'),
  ],
  'label-unique': [run('block $0 { loop $0 while false { } }'), run('block $0 { } block $0 { }')],
  'label-target': [
    run('break $0'),
    run('block $0 { } if true { break $0 }'),
    run('block $0 { continue $0 }'),
    run('switch $0 1 { default { continue $0 } }'),
    run('loop $0 { break $0 } update { continue $0 }'),
    run('loop $0 while seq { continue $0 } true { }'),
  ],
  local: [run('do (#9 : f64)'), run('#9 = 1'), run('try { } catch #9 { }')],
  unset: [
    run('do x#0', 'var x#0: array<f64>'),
    run('if true { x#0 = null } do x#0', 'var x#0: null'),
    run('loop $0 while true { if true { break $0 } x#0 = null break $0 } do x#0', 'var x#0: null'),
    run('loop $0 while bool.not(true) { x#0 = null } do x#0', 'var x#0: null'),
    run('switch $0 1 { case 1 { x#0 = null } } do x#0', 'var x#0: null'),
    run('switch $0 1 { case 1 { break $0 } default { x#0 = null } } do x#0', 'var x#0: null'),
    run('try { x#0 = null } catch e#1 { } do x#0', 'var x#0: null var e#1: any'),
    run('try { x#0 = null } finally { do x#0 }', 'var x#0: null'),
    run('do (true ? seq { x#0 = null } 1 : 2) do x#0', 'var x#0: null'),
    run('do x#0', 'var x#0: cell<f64>'),
    run('do x#0', 'var x#0: union<f64 | null>'),
  ],
  constant: [
    run('do (1 : string)'),
    run('do ("" : any)'),
    run('do (0.5 : i32)'),
    run('do (-0 : i32)'),
    run('do (2147483648 : i32)'),
    run('do (null : undefined)'),
  ],
  immediate: [
    run('do (object.get[#9, #0](object.new[#1, {}]()) : f64)'),
    run('do (object.get[#1, #9](object.new[#1, {}]()) : f64)'),
    run('do (object.get[#1, y#1](object.new[#1, {}]()) : string)'),
    run('do (object.new[#1, {#9}](1) : object 1)'),
    run('do (object.new[#1, {#0, #0}](1, 2) : object 1)'),
    run('do (object.new[#0, {}]() : object 0)'),
    run('do (global.get[#9]() : f64)'),
    run('do (closure.new[#9]() : func<() -> f64>)'),
    run('do (tuple.new[f64](1) : f64)'),
    run('do (tuple.get[2](tuple.new[tuple<f64>](1)) : f64)'),
    run('do (error.new[#0, "Trouble"]("") : object 0)'),
    run('do (log["loud"]() : undefined)'),
    run('do (dyn.is_error["Trouble"](dyn.box[any](1)) : bool)'),
    run('do (dyn.unbox[array<f64>](dyn.box[any](1)) : array<f64>)'),
    run('do (dyn.is[map<f64, f64>](dyn.box[any](1)) : bool)'),
    run('do (dyn.box[f64](1) : f64)'),
  ],
  operands: [
    run('do (f64.add(1) : f64)'),
    run('do (f64.add(1, 2, 3) : f64)'),
    run('do (f64.add(1, 1i) : f64)'),
    run('do (array.new[f64]("") : array<f64>)'),
    run('do (array.push(array.new[f64](), "") : f64)'),
    run('do (array.length("") : f64)'),
    run('do (array.append(array.new[f64](), array.new[string]()) : f64)'),
    run('do (array.join(array.new[f64](), 1) : string)'),
    run('do (tuple.new[tuple<f64>]() : tuple<f64>)'),
    run('do (tuple.set[0](tuple.new[tuple<f64>](1), "") : undefined)'),
    run('do (tuple.get[0](array.new[f64](1)) : f64)'),
    run('do (object.new[#1, {x#0}]("") : object 1)'),
    run('do (object.get[#1, #0](object.new[#2, {}]()) : f64)'),
    run('do (object.set[#1, x#0](object.new[#1, {}](), "") : undefined)'),
    run('do (object.assign[#1, #2, {}](object.new[#1, {}](), object.new[#2, {}]()) : undefined)'),
    run('do (closure.new[next#2](1) : func<() -> f64>)'),
    run('do (cell.get["x"](1) : f64)'),
    run('do (cell.set(cell.new(1), "") : undefined)'),
    run('do (global.set[count#0]("") : undefined)'),
    run('do (ref.eq("", "") : bool)'),
    run('do (ref.eq(array.new[f64](), array.new[string]()) : bool)'),
    run('do (dyn.box[union<f64 | null>]("") : union<f64 | null>)'),
    run('do (dyn.box[any](1i) : any)'),
    run('do (dyn.box[any](cell.new(1)) : any)'),
    run('do (dyn.unbox[string](dyn.box[union<f64 | null>](1)) : string)'),
    run('do (dyn.is[i32](dyn.box[any](1)) : bool)'),
    run('do (dyn.require[""](dyn.box[union<null | undefined>](null)) : undefined)'),
    run('do (dyn.truthy(1) : bool)'),
    run('do (log["log"](1) : undefined)'),
  ],
  call: [
    run('do (call #9() : f64)'),
    run('do (call next#2() : f64)'),
    run('do (call add#1(1) : f64)'),
    run('do (call add#1(1, "") : f64)'),
  ],
  invoke: [
    run('do (invoke 1() : f64)'),
    run('do (invoke closure.new[add#1]()(1) : f64)'),
    run('do (invoke closure.new[add#1]()(1, "") : f64)'),
  ],
  branches: [run('do ((true ? 1 : "") : f64)')],
  type: [
    run('do (f64.add(1, 2) : string)'),
    run('do (x#0 : string)', 'var x#0: f64'),
    run('do (call add#1(1, 2) : any)'),
    run('do ((true ? 1 : 2) : any)'),
    run('do (seq {} 1 : any)'),
    run('do (array.get_opt(array.new[f64](), 0) : f64)'),
  ],
}

for (const rule of Object.keys(BROKEN) as Rule[]) {
  test(`the rule ${rule} is kept`, () => {
    for (const source of BROKEN[rule]) assert.deepEqual(rulesOf(moduleOf(source)), [rule], source.slice(0, 2000))
  })
}

test('what the rules do not forbid is valid', () => {
  const valid = [
    text({}),
    run('do x#0', 'var x#0: any'),
    run('do x#0', 'var x#0: union<null | undefined>'),
    run('if true { x#0 = null } else { throw dyn.box[any](1) } do x#0', 'var x#0: null'),
    run('loop $0 { x#0 = null break $0 } do x#0', 'var x#0: null'),
    run('loop $0 post while true { x#0 = null continue $0 } update { do x#0 } do x#0', 'var x#0: null'),
    run('try { x#0 = null } catch e#1 { throw e#1 } do x#0', 'var x#0: null var e#1: any'),
    run('try { } finally { x#0 = null } do x#0', 'var x#0: null'),
    run(
      'switch $0 1 { case 1 { } default { x#0 = null break $0 } case 2 { x#0 = null } } return undefined',
      'var x#0: null',
    ),
    fn('loop $0 { }'),
    fn('loop $0 while true { }'),
    fn('try { } finally { return undefined }'),
    fn('switch $0 1 { case 1 { } default { return undefined } case 2 { return undefined } }'),
    fn('do seq { return undefined } 1'),
    run('switch $0 dyn.box[any](1) { case dyn.box[union<f64 | null>](1) { } }'),
    run('do 1i do -2147483648i'),
  ]
  for (const source of valid) assert.deepEqual(checkModule(moduleOf(source)), [], source)
})

test('all breaks are reported, each at its place', () => {
  const source = fn('do (f64.add("", 1) : f64) return 1')
  const module = moduleOf(source)
  const spans = module.funcs[3]!.body.map((stmt, i) => ({
    ...stmt,
    span: { file: 0, start: 10 * i + 1, end: 10 * i + 5 },
  }))
  const place = { path: 'main.ts', start: { line: 2, column: 2 }, end: { line: 2, column: 6 } }
  const broken = { ...module, funcs: [...module.funcs.slice(0, 3), { ...module.funcs[3]!, body: spans }] }
  const found = checkModule(broken)
  assert.deepEqual(
    found.map((d) => [d.code, d.message]),
    [
      ['ANRF2003', 'operands: f64.add: operand 1 is of type string, not f64 (in function 3 f)'],
      ['ANRF2003', 'return: the value is of type f64, not undefined (in function 3 f)'],
    ],
  )
  assert.deepEqual(found[1]!.location, place)
})

test('every rule has a text', () => {
  for (const rule of Object.values(RULES)) assert.match(rule, /^[a-z`].{20,}[^.]$/)
})
