import type { Stmt } from '../../ir/index.ts'
import { ANYREF, EXTERNREF, I32 } from '../encoder/index.ts'
import type { FinallyExit, FuncLowering, Way } from './func.ts'

type Try = Extract<Stmt, { kind: 'try' }>

/** How a region with a `finally` was left: at its end, by an exception, or by the way of that number less this. */
const ENDED = 0
const THREW = 1
const WAYS = 2

/** Jumps out of statements, through every `finally` on the way. A returned value lies on the stack. */
export function leave(f: FuncLowering, way: Way): void {
  for (let i = f.exits.length - 1; i >= 0; i--) {
    const exit = f.exits[i]!
    if (exit.kind === 'fuel') {
      f.syncFuel()
      continue
    }
    if (exit.kind === 'finally') return leaveThrough(f, exit, way)
    if (way.kind === 'return' || exit.label !== way.label) continue
    const target = way.kind === 'break' ? exit.out : exit.next
    if (!target) continue
    f.c.br(target)
    return
  }
  if (way.kind !== 'return') throw new Error(`label ${way.label} is not around its ${way.kind}`)
  f.c.op('return')
}

/** Notes what is to happen after the `finally`, and goes there. */
function leaveThrough(f: FuncLowering, exit: FinallyExit, way: Way): void {
  if (way.kind === 'return' && exit.result >= 0) f.c.set(exit.result)
  const same = (other: Way): boolean =>
    other.kind === 'return' || way.kind === 'return'
      ? other.kind === way.kind
      : other.kind === way.kind && other.label === way.label
  let index = exit.after.findIndex(same)
  if (index < 0) index = exit.after.push(way) - 1
  f.c
    .i32(WAYS + index)
    .set(exit.state)
    .br(exit.start)
}

/** Only exceptions of the program have the tag: what ends a run passes every handler by. */
export function attempt(f: FuncLowering, stmt: Try): void {
  if (!stmt.finally) return guarded(f, stmt)
  const { c, m } = f
  const value = c.local(ANYREF)
  const trace = c.local(EXTERNREF)
  const resultType = m.types.valType(f.func.result)
  const state = c.local(I32)
  const result = resultType ? c.local(resultType) : -1
  const start = c.block()
  const handler = c.block(m.writer.funcType([], [ANYREF, EXTERNREF]))
  c.tryTable(m.tag, handler)
  const exit: FinallyExit = { kind: 'finally', start, state, result, after: [] }
  f.exits.push(exit)
  guarded(f, stmt)
  f.exits.pop()
  c.end()
  c.i32(ENDED).set(state).br(start)
  c.end()
  c.set(trace).set(value).i32(THREW).set(state)
  c.end()
  f.statements(stmt.finally)
  afterFinally(f, exit, value, trace)
}

/** What follows the statements of a `finally`: each way that led into it goes on. */
function afterFinally(f: FuncLowering, exit: FinallyExit, value: number, trace: number): void {
  const { c, m } = f
  c.get(exit.state).i32(THREW).op('i32.eq').if()
  c.get(value).get(trace).throw(m.tag)
  c.end()
  exit.after.forEach((way, i) => {
    c.get(exit.state)
      .i32(WAYS + i)
      .op('i32.eq')
      .if()
    if (way.kind === 'return' && exit.result >= 0) c.get(exit.result)
    leave(f, way)
    c.end()
  })
}

function guarded(f: FuncLowering, stmt: Try): void {
  const { c, m } = f
  if (!stmt.catch) return f.statements(stmt.body)
  const end = c.block()
  const handler = c.block(m.writer.funcType([], [ANYREF, EXTERNREF]))
  c.tryTable(m.tag, handler)
  f.statements(stmt.body)
  c.end()
  c.br(end)
  c.end()
  c.op('drop').set(f.locals[stmt.catch.local]!)
  f.statements(stmt.catch.body)
  c.end()
}
