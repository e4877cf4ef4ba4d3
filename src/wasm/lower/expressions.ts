import type { Expr } from '../../ir/index.ts'
import { branchIf } from './branch.ts'
import { call, invoke } from './calls.ts'
import type { FuncLowering } from './func.ts'
import { LOWER } from './ops/index.ts'
import { loadChanged } from './own-lists.ts'
import { useShared } from './shared-fields.ts'

/** Pushes the value of an expression; nothing when its type is a unit. */
export function lowerExpression(f: FuncLowering, e: Expr): void {
  switch (e.kind) {
    case 'const':
      return constant(f, e)
    case 'local':
      if (f.locals[e.local]! >= 0) f.c.get(f.locals[e.local]!)
      return
    case 'op':
      LOWER[e.op](f, e)
      return loadChanged(f, e)
    case 'call':
      return call(f, e)
    case 'invoke':
      return invoke(f, e)
    case 'cond':
      return useShared(f, e) ? undefined : conditional(f, e)
    case 'seq':
      f.statements(e.body)
      return f.value(e.value)
  }
}

function constant(f: FuncLowering, e: Extract<Expr, { kind: 'const' }>): void {
  const { c } = f
  switch (e.type.kind) {
    case 'f64':
      c.f64(e.value as number)
      return
    case 'i32':
    case 'bool':
      c.i32(Number(e.value))
      return
    case 'string':
      c.globalGet(f.m.string(e.value as string))
      return
    default:
  }
}

function conditional(f: FuncLowering, e: Extract<Expr, { kind: 'cond' }>): void {
  const { c } = f
  const type = f.m.types.valType(e.type)
  const end = c.block(type)
  const otherwise = c.block()
  branchIf(f, e.test, false, otherwise)
  f.value(e.then)
  c.br(end)
  c.end()
  f.value(e.else)
  c.end()
}
