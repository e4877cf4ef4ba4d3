import { formatType, type Expr, type Type } from '../../ir/index.ts'
import { CLOSURE_CODE, CLOSURE_FUNC } from '../layout/struct-fields.ts'
import type { FuncLowering } from './func.ts'

/** Closures of one type that a call may meet, up to which it asks for each instead of calling through a pointer. */
const DIRECT_MAX = 4

function pushDepth(f: FuncLowering): void {
  if (f.depth === undefined) f.c.i32(0)
  else f.c.get(f.depth)
}

/** Calls hand on the depth as it is; a callee on a call cycle counts itself. */
export function call(f: FuncLowering, e: Extract<Expr, { kind: 'call' }>): void {
  if (f.m.takesDepth.has(e.func)) pushDepth(f)
  for (const arg of e.args) f.value(arg)
  f.at(e.span)
  if (f.m.apart.has(e.func)) f.m.callFuncApart(f.c, e.func, () => f.markCall())
  else f.call(f.m.func(e.func))
}

/**
 * The host does not compile calls through pointers in place. So where the module makes few closures of the type,
 * the call asks which it is, and calls that one by name.
 */
export function invoke(f: FuncLowering, e: Extract<Expr, { kind: 'invoke' }>): void {
  const { c, m } = f
  const type = e.callee.type as Extract<Type, { kind: 'func' }>
  const { struct, code } = m.types.signature(type)
  const calleeType = m.types.valType(type)!
  const callee = c.borrow(calleeType)
  f.value(e.callee)
  c.set(callee)
  const argTypes = m.types.valTypes(type.params)
  const args = argTypes.map((valType) => c.borrow(valType))
  let next = 0
  for (const arg of e.args) {
    f.value(arg)
    if (m.types.valType(arg.type)) c.set(args[next++]!)
  }
  f.at(e.span)
  const push = (): void => {
    c.get(callee)
    pushDepth(f)
    for (const arg of args) c.get(arg)
  }
  const candidates = m.closuresOf.get(formatType(type)) ?? []
  const results = m.types.valTypes([type.result])
  if (candidates.length === 1) {
    push()
    f.call(m.closure(candidates[0]!).thunk)
  } else if (candidates.length > 1 && candidates.length <= DIRECT_MAX)
    chain(f, candidates, callee, struct, push, results[0])
  else {
    push()
    c.get(callee).gc('struct.get', struct, CLOSURE_CODE)
    f.markCall()
    c.callRef(code)
  }
  c.release(calleeType, callee)
  argTypes.forEach((valType, i) => c.release(valType, args[i]!))
}

function chain(
  f: FuncLowering,
  candidates: readonly number[],
  callee: number,
  struct: number,
  push: () => void,
  result: ReturnType<FuncLowering['m']['types']['valType']>,
): void {
  const { c, m } = f
  candidates.forEach((func, i) => {
    const isLast = i === candidates.length - 1
    if (!isLast) c.get(callee).gc('struct.get', struct, CLOSURE_FUNC).i32(func).op('i32.eq').if(result)
    push()
    f.call(m.closure(func).thunk)
    if (!isLast) c.else()
  })
  for (let i = 1; i < candidates.length; i++) c.end()
}
