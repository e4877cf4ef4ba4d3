import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Limits } from '../../src/base/index.ts'
import { prepareModule, run } from '../../src/engine/index.ts'
import { ANY, arrayOf, F64, STRING, UNDEFINED, unionOf, type Module, type Stmt } from '../../src/ir/index.ts'
import {
  add,
  attempt,
  bool,
  box,
  call,
  count,
  exec,
  func,
  get,
  log,
  loop,
  module,
  num,
  op,
  ret,
  set,
  str,
  sub,
  when,
  lt,
} from './build.ts'
import { runModule } from './run.ts'

const LIST = arrayOf(F64)
const program = (...body: Stmt[]) =>
  module([func({ params: [F64], locals: [F64, LIST, STRING, ANY], body: [...body, ret(num(-1))] })])

const ends = (program: Module, limits: Partial<Limits>, args = [0]): string => {
  const { outcome } = runModule(program, args, limits)
  return outcome.kind === 'limited' ? outcome.limit : outcome.kind
}

test('fuel is one per round of a loop, charged before the update, and exact to the last unit', () => {
  const rounds = program(...count(1, get(0), []), ret(get(1)))
  assert.equal(runModule(rounds, [1000]).usage.fuel, 1000)
  assert.equal(ends(rounds, { fuel: 1000 }, [1000]), 'returned')
  assert.equal(ends(rounds, { fuel: 999 }, [1000]), 'fuel')
  const { usage } = runModule(rounds, [1000], { fuel: 999 })
  assert.equal(usage.fuel, 999)
})

test('fuel is counted exactly beyond what fits a small integer', () => {
  const { usage } = runModule(program(...count(1, get(0), []), ret(get(1))), [3000], { fuel: 10 ** 12 })
  assert.equal(usage.fuel, 3000)
})

test('calls cost fuel on call cycles only', () => {
  const leaf = func({ params: [F64], body: [ret(add(get(0), num(1)))] })
  const cyclic = func({
    params: [F64],
    body: [when(lt(get(0), num(1)), [ret(num(0))]), ret(call(1, F64, [sub(get(0), num(1))]))],
  })
  const main = func({ params: [F64], body: [ret(add(call(0, F64, [get(0)]), call(1, F64, [get(0)])))] })
  const { usage } = runModule(module([leaf, cyclic, main]), [10])
  assert.equal(usage.fuel, 11)
  assert.equal(usage.depthMax, 11)
})

test('operations cost what their row says, rounded up for each charge', () => {
  const long = str('x'.repeat(17))
  const once = program(set(3, op('string.concat', STRING, [long, long])))
  assert.deepEqual(runModule(once, [0]).usage.fuel, 2)
  assert.equal(runModule(once, [0]).usage.allocatedBytes, 16 + 2 * 17)
})

test('running out cannot be caught and runs no finally', () => {
  const forever = loop(bool(true), [])
  const guarded = program(
    attempt([forever], { catch: { local: 4, body: [log(str('caught'))] }, finally: [log(str('finally'))] }),
  )
  const { outcome, lines } = runModule(guarded, [0], { fuel: 10_000 })
  assert.equal(outcome.kind === 'limited' && outcome.limit, 'fuel')
  assert.deepEqual(lines, [])
})

test('endless allocation ends by the bytes ever allocated, though none stay alive', () => {
  const make = program(loop(bool(true), [exec(op('array.new', LIST, [num(1)], [F64]))]))
  const { outcome, usage } = runModule(make, [0], { allocation: 10_000 })
  assert.equal(outcome.kind === 'limited' && outcome.limit, 'allocation')
  assert.equal(usage.allocatedBytes, 10_000)
})

test('asking for more memory at once than the limit ends the run before it is taken', () => {
  const limits = { memory: 2 ** 20 }
  const hole = (n: number): Module => program(set(2, op('array.holes', LIST, [num(n)], [F64])))
  assert.equal(ends(hole(100_000), limits), 'returned')
  assert.equal(ends(hole(150_000), limits), 'memory')
  assert.equal(ends(hole(2 ** 30), limits), 'memory')
  const repeat = program(set(3, op('string.repeat', STRING, [str('ab'), num(2 ** 20)])))
  assert.equal(ends(repeat, limits), 'memory')
  const sparse = program(
    set(2, op('array.new', LIST, [], [F64])),
    exec(op('array.set', UNDEFINED, [get(2, LIST), num(2 ** 30), num(1)])),
  )
  assert.equal(ends(sparse, limits), 'memory')
  const replaced = op('string.replace_all', STRING, [
    op('string.repeat', STRING, [str('a'), num(1000)]),
    str('a'),
    op('string.repeat', STRING, [str('b'), num(1000)]),
  ])
  assert.equal(ends(program(set(3, replaced)), limits), 'memory')
})

test('strings longer than any string are a RangeError, as in Node', () => {
  const { outcome } = runModule(program(set(3, op('string.repeat', STRING, [str('ab'), num(2 ** 30)]))), [0])
  assert.equal(outcome.kind === 'threw' && outcome.error.message, 'Invalid string length')
})

test('live memory is asked for as allocation grows, and ends the run when it is too much', () => {
  const prepared = prepareModule(program(loop(bool(true), [exec(op('array.holes', LIST, [num(1000)], [F64]))])))
  assert.ok('program' in prepared)
  let asked = 0
  const host = { log: () => undefined, liveBytes: () => ++asked * 2 ** 23 }
  const { outcome, usage } = run(prepared.program, { entry: 'main', args: [0], limits: { memory: 2 ** 25 }, host })
  assert.equal(outcome.kind === 'limited' && outcome.limit, 'memory')
  assert.equal(asked, 5)
  assert.ok(usage.allocatedBytes > 4 * 2 ** 24 && usage.allocatedBytes < 6 * 2 ** 24)
})

test('depth counts calls on call cycles; the call that exceeds it is not made', () => {
  const down = func({
    params: [F64],
    body: [when(lt(get(0), num(1)), [ret(num(0))]), ret(call(0, F64, [sub(get(0), num(1))]))],
  })
  assert.equal(ends(module([down]), { depth: 100 }, [99]), 'returned')
  assert.equal(ends(module([down]), { depth: 100 }, [100]), 'depth')
  const { usage, outcome } = runModule(module([down]), [1e9], { depth: 100 })
  assert.equal(usage.depthMax, 100)
  assert.equal(usage.fuel, 100)
  assert.equal(outcome.kind === 'limited' && outcome.stack.length, 50)
})

test('endless recursion ends with any depth that memory allows', () => {
  const wide = func({
    params: [F64],
    locals: Array.from({ length: 100 }, () => F64),
    body: [ret(add(call(0, F64, [get(0)]), num(1)))],
  })
  assert.equal(ends(module([wide]), { depth: 1_000_000, memory: 2 ** 24 }), 'memory')
  assert.equal(ends(module([wide]), { depth: 10_000 }), 'depth')
})

test('the log ends the run when it is full; the line that does not fit is not written', () => {
  const talk = program(...count(1, num(100), [log(str('0123456789'))]))
  const { outcome, lines, usage } = runModule(talk, [0], { logs: 50 })
  assert.equal(outcome.kind === 'limited' && outcome.limit, 'logs')
  assert.equal(lines.length, 4)
  assert.equal(usage.logBytes, 44)
})

test('a result larger than the output limit is no result', () => {
  const main = func({ params: [F64], result: STRING, body: [ret(op('string.repeat', STRING, [str('x'), get(0)]))] })
  assert.equal(ends(module([main]), { output: 102 }, [100]), 'returned')
  assert.equal(ends(module([main]), { output: 101 }, [100]), 'output')
})

test('runs of one program share nothing', () => {
  const main = func({
    body: [
      exec(op('global.set', UNDEFINED, [add(op('global.get', F64, [], [0]), num(1))], [0])),
      ret(op('global.get', F64, [], [0])),
    ],
  })
  const base = module([main], { globals: [F64] })
  const init = func({
    name: 'init',
    result: UNDEFINED,
    body: [exec(op('global.set', UNDEFINED, [num(0)], [0])), ret()],
  })
  const prepared = prepareModule({ ...base, funcs: [base.funcs[0]!, init] })
  assert.ok('program' in prepared)
  for (let i = 0; i < 3; i++) {
    const { outcome } = run(prepared.program, { entry: 'main', args: [], host: { log: () => undefined } })
    assert.deepEqual(outcome, { kind: 'returned', value: 1 })
  }
})

test('values whose text repeats their parts are not written when the text is too large', () => {
  const lists = { kind: 'array', elem: ANY } as const
  const doubled = op('array.new', lists, [get(1, ANY), get(1, ANY)], [ANY])
  const main = (times: number, name: 'json.stringify' | 'dyn.to_string'): Module => {
    const args = name === 'json.stringify' ? [get(1, ANY), str('')] : [get(1, ANY)]
    const body = [
      set(1, box(str('leaf'))),
      ...count(2, num(times), [set(1, box(doubled))]),
      exec(op(name, typeOf(name), args)),
      ret(num(1)),
    ]
    return module([func({ params: [F64], locals: [ANY, F64], body })])
  }
  const typeOf = (name: string) => (name === 'json.stringify' ? unionOf([STRING, UNDEFINED]) : STRING)
  for (const name of ['json.stringify', 'dyn.to_string'] as const) {
    assert.equal(ends(main(10, name), {}), 'returned')
    assert.equal(ends(main(25, name), {}), 'memory')
  }
  assert.equal(ends(main(60, 'json.stringify'), {}), 'threw')
})
