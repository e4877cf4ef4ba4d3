import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ANY, arrayOf, BOOL, F64, funcOf, STRING, UNDEFINED, unionOf, type Stmt } from '../../src/ir/index.ts'
import {
  add,
  attempt,
  block,
  bool,
  call,
  cond,
  count,
  exec,
  func,
  get,
  invoke,
  leave,
  log,
  loop,
  lt,
  module,
  mul,
  num,
  op,
  raise,
  ret,
  seq,
  set,
  str,
  sub,
  undef,
  when,
} from './build.ts'
import { runModule, valueOf } from './run.ts'

const NUMBERS = arrayOf(F64)

/** A module of one function of one number parameter, five number locals and a caught value (local 6). */
const program = (...body: Stmt[]) =>
  module([func({ params: [F64], locals: [F64, F64, F64, F64, F64, ANY], body: [...body, ret(num(-1))] })])

test('a finally runs on the way of a return, and may override it', () => {
  const plain = program(attempt([ret(num(1))], { finally: [log(str('finally'))] }))
  const { outcome, lines } = runModule(plain, [0])
  assert.deepEqual(outcome, { kind: 'returned', value: 1 })
  assert.deepEqual(lines, ['finally'])
  assert.equal(valueOf(program(attempt([ret(num(1))], { finally: [ret(num(2))] })), [0]), 2)
})

test('the value of a return is taken before the finally changes the variable', () => {
  const body = attempt([set(1, num(10)), ret(get(1))], { finally: [set(1, num(99))] })
  assert.equal(valueOf(program(body), [0]), 10)
})

test('a finally swallows an exception when it leaves itself', () => {
  const body = loop(bool(true), [attempt([raise(num(1))], { finally: [leave('break', 7)] })], { label: 7 })
  assert.equal(valueOf(program(body, ret(num(5))), [0]), 5)
})

test('an exception passes every finally on its way, innermost first', () => {
  const inner = attempt([raise(str('x'))], { finally: [log(str('inner'))] })
  const outer = attempt([inner], { finally: [log(str('outer'))] })
  const { outcome, lines } = runModule(program(outer), [0])
  assert.equal(outcome.kind, 'threw')
  assert.deepEqual(lines, ['inner', 'outer'])
})

test('a break through two finally blocks runs both and goes on behind its target', () => {
  const body = block(9, [
    attempt([attempt([leave('break', 9)], { finally: [log(str('a'))] })], { finally: [log(str('b'))] }),
    log(str('not reached')),
  ])
  assert.deepEqual(runModule(program(body, log(str('after'))), [0]).lines, ['a', 'b', 'after'])
})

test('continue in a finally goes to the update of its loop', () => {
  const body = [set(2, num(0)), ...count(1, num(4), [attempt([raise(num(1))], { finally: [leave('continue', 0)] })], 0)]
  assert.equal(valueOf(program(...body, ret(get(1))), [0]), 4)
})

test('what a catch throws goes through the finally of the same try', () => {
  const body = attempt([raise(num(1))], {
    catch: { local: 6, body: [raise(str('second'))] },
    finally: [log(str('finally'))],
  })
  const { outcome, lines } = runModule(program(body), [0])
  assert.equal(outcome.kind === 'threw' && outcome.error.value, 'second')
  assert.deepEqual(lines, ['finally'])
})

test('exceptions leave frames of other functions until one catches', () => {
  const thrower = func({
    params: [F64],
    body: [when(lt(get(0), num(1)), [raise(str('deep'))]), ret(call(0, F64, [sub(get(0), num(1))]))],
  })
  const main = func({
    params: [F64],
    locals: [ANY],
    result: STRING,
    body: [
      attempt([exec(call(0, F64, [get(0)]))], {
        catch: { local: 1, body: [ret(op('dyn.to_string', STRING, [get(1, ANY)]))] },
      }),
      ret(str('none')),
    ],
  })
  const { outcome, usage } = runModule(module([thrower, main]), [500])
  assert.deepEqual(outcome, { kind: 'returned', value: 'deep' })
  assert.equal(usage.depthMax, 501)
})

test('a switch falls through, takes its default wherever it stands, and compares strictly', () => {
  const choose = (value: number) =>
    valueOf(
      program(
        set(1, num(0)),
        {
          kind: 'switch',
          label: 3,
          subject: get(0),
          cases: [
            { test: num(1), body: [set(1, add(get(1), num(1)))] },
            { body: [set(1, add(get(1), num(10)))] },
            { test: num(2), body: [set(1, add(get(1), num(100))), leave('break', 3)] },
            { test: num(NaN), body: [set(1, num(-5))] },
          ],
          span: undef.span,
        },
        ret(get(1)),
      ),
      [value],
    )
  assert.equal(choose(1), 111)
  assert.equal(choose(2), 100)
  assert.equal(choose(7), 110)
})

test('operands are taken before later operands change their variable', () => {
  const change = seq([set(0, num(100))], num(1))
  assert.equal(valueOf(program(ret(add(get(0), change))), [5]), 6)
  const renamed = [set(1, get(0)), ret(add(get(1), change))]
  assert.equal(valueOf(program(...renamed), [5]), 6)
})

test('a variable that renames another keeps its value when the other changes', () => {
  const kept = [set(1, get(0)), set(0, num(7)), ret(get(1))]
  assert.equal(valueOf(program(...kept), [5]), 5)
  // In the second round `v1` still has the value of before the loop, though `v0` was read by it first.
  const looped = [
    set(1, get(0)),
    set(2, num(0)),
    ...count(3, num(3), [set(2, add(get(2), get(1))), set(0, num(50))]),
    ret(get(2)),
  ]
  assert.equal(valueOf(program(...looped), [5]), 15)
})

test('conditions combine with and, or and not as in JavaScript, also with NaN', () => {
  const test = (value: number) => {
    const both = cond(lt(get(0), num(10)), op('bool.not', BOOL, [lt(get(0), num(5))]), bool(false))
    const either = cond(both, bool(true), op('f64.eq', BOOL, [get(0), num(42)]))
    return valueOf(program(when(either, [ret(num(1))], [ret(num(0))])), [Number.isNaN(value) ? { $: 'NaN' } : value])
  }
  assert.deepEqual([3, 5, 9, 10, 42, NaN].map(test), [0, 1, 1, 0, 1, 0])
})

test('do-while loops enter the first round untested', () => {
  const body = [set(1, num(0)), loop(bool(false), [set(1, add(get(1), num(1)))], { post: true }), ret(get(1))]
  assert.equal(valueOf(program(...body), [0]), 1)
})

test('a hundred thousand calls inside each other return, direct and by closures', () => {
  const depth = 100_000
  const direct = func({
    params: [F64],
    body: [when(lt(get(0), num(1)), [ret(num(0))]), ret(add(call(0, F64, [sub(get(0), num(1))]), num(1)))],
  })
  const limits = { depth: 200_000 }
  const first = runModule(module([direct]), [depth], limits)
  assert.deepEqual(first.outcome, { kind: 'returned', value: depth })
  assert.equal(first.usage.depthMax, depth + 1)
  const type = funcOf([F64], F64)
  const self = op('closure.new', type, [], [0])
  const indirect = func({
    params: [F64],
    body: [when(lt(get(0), num(1)), [ret(num(0))]), ret(add(invoke(self, F64, [sub(get(0), num(1))]), num(1)))],
  })
  assert.deepEqual(runModule(module([indirect]), [depth], limits).outcome, { kind: 'returned', value: depth })
})

test('closures take along the values of their captures, and cells share variables', () => {
  const cell = { kind: 'cell', of: F64 } as const
  const inner = func({
    params: [F64],
    captures: [cell, F64],
    body: [
      exec(op('cell.set', UNDEFINED, [get(1, cell), add(op('cell.get', F64, [get(1, cell)], ['n']), get(0))])),
      ret(mul(op('cell.get', F64, [get(1, cell)], ['n']), get(2))),
    ],
  })
  const type = funcOf([F64], F64)
  const main = func({
    params: [F64],
    locals: [cell, type],
    body: [
      set(1, op('cell.new', cell, [num(1)])),
      set(2, op('closure.new', type, [get(1, cell), get(0)], [0])),
      exec(invoke(get(2, type), F64, [num(4)])),
      ret(add(invoke(get(2, type), F64, [num(5)]), op('cell.get', F64, [get(1, cell)], ['n']))),
    ],
  })
  assert.equal(valueOf(module([inner, main]), [100]), 1010)
})

test('a cell that is read before it is set throws what Node throws', () => {
  const cell = { kind: 'cell', of: F64 } as const
  const main = func({ body: [ret(op('cell.get', F64, [op('cell.unset', cell, [], [F64])], ['late']))] })
  const { outcome } = runModule(module([main]))
  assert.equal(outcome.kind, 'threw')
  assert.deepEqual(outcome.error, {
    name: 'ReferenceError',
    message: "Cannot access 'late' before initialization",
    value: { $: 'Error', name: 'ReferenceError', message: "Cannot access 'late' before initialization" },
  })
})

test('small pure functions are contained in their callers and still give what calls give', () => {
  const square = func({ name: 'square', params: [F64], body: [ret(mul(get(0), get(0)))] })
  const clamp = func({
    name: 'clamp',
    params: [F64, F64],
    body: [ret(cond(lt(get(0), get(1)), call(0, F64, [get(0)]), sub(num(100), get(1))))],
  })
  const main = func({
    params: [F64],
    body: [
      set(0, call(1, F64, [get(0), num(10)])),
      ret(add(call(1, F64, [get(0), num(3)]), call(0, F64, [seq([set(0, num(2))], get(0))]))),
    ],
  })
  assert.equal(valueOf(module([square, clamp, main]), [2]), 97 + 4)
  assert.equal(valueOf(module([square, clamp, main]), [1]), 1 + 4)
})

test('an element that is tested for undefined is read once, and what is left needs no test', () => {
  const list = arrayOf(NUMBERS)
  const maybe = unionOf([NUMBERS, UNDEFINED])
  const guard = when(op('dyn.is', BOOL, [get(2, maybe)], [UNDEFINED]), [raise(str('none'))])
  const main = func({
    params: [list, F64],
    locals: [maybe],
    body: [
      set(2, op('array.get_opt', maybe, [get(0, list), get(1)])),
      ret(op('array.get_nan', F64, [seq([guard], op('dyn.unbox', NUMBERS, [get(2, maybe)], [NUMBERS])), num(0)])),
    ],
  })
  assert.equal(valueOf(module([main]), [[[5], [6]], 1]), 6)
  for (const index of [2, -1, 0.5]) assert.equal(runModule(module([main]), [[[5], [6]], index]).outcome.kind, 'threw')
  assert.equal(runModule(module([main]), [[{ $: 'hole' }, [6]], 0]).outcome.kind, 'threw')
})

test('an element that must be there fails where it is required, not where it is read', () => {
  const list = arrayOf(NUMBERS)
  const maybe = unionOf([NUMBERS, UNDEFINED])
  const at = (start: number) => ({ span: { file: 0, start, end: start + 1 } })
  const element = { ...op('array.get_opt', maybe, [get(0, list), get(1)]), ...at(2) }
  const required = { ...op('dyn.require', NUMBERS, [element], ['no % here']), ...at(5) }
  const main = func({ params: [list, F64], body: [ret(op('array.get_nan', F64, [required, num(0)]))] })
  const program = { ...module([main]), files: [{ path: 'a.ts', lines: [0] }] }
  assert.equal(valueOf(program, [[[5], [6]], 1]), 6)
  const { outcome } = runModule(program, [[[5], [6]], 2])
  assert.ok(outcome.kind === 'threw')
  assert.equal(outcome.error.message, 'no undefined here')
  assert.equal(outcome.stack[0]?.location?.start.column, 6)
})
