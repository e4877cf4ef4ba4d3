import type { Expr } from '../../ir/index.ts'
import type { Label } from '../encoder/index.ts'
import type { FuncLowering } from './func.ts'
import { useShared } from './shared-fields.ts'

type Cond = Extract<Expr, { kind: 'cond' }>

/** Goes to `label` when `test` is `sense`; otherwise control goes on behind. `&&` and `||` become jumps. */
export function branchIf(f: FuncLowering, test: Expr, sense: boolean, label: Label): void {
  f.inside(test.span, () => branch(f, test, sense, label))
}

function branch(f: FuncLowering, test: Expr, sense: boolean, label: Label): void {
  const { c } = f
  if (test.kind === 'const') {
    if (test.value === sense) c.br(label)
    return
  }
  if (test.kind === 'seq') {
    f.statements(test.body)
    return branchIf(f, test.value, sense, label)
  }
  if (test.kind === 'cond' && !useShared(f, test)) return branchIfEither(f, test, sense, label)
  if (test.kind === 'op' && test.op === 'bool.not') return branchIf(f, test.args[0]!, !sense, label)
  if (test.kind !== 'cond') f.value(test)
  if (!sense) c.op('i32.eqz')
  c.brIf(label)
}

function branchIfEither(f: FuncLowering, e: Cond, sense: boolean, label: Label): void {
  const { c } = f
  const decides = (branch: Expr): boolean => branch.kind === 'const' && branch.value === sense
  // `a && b`, `a || b`: a constant branch needs no code when it decides the jump by itself.
  if (decides(e.else) || decides(e.then)) {
    branchIf(f, e.test, decides(e.then), label)
    return branchIf(f, decides(e.then) ? e.else : e.then, sense, label)
  }
  const end = c.block()
  const other = c.block()
  branchIf(f, e.test, false, other)
  branchIf(f, e.then, sense, label)
  c.br(end)
  c.end()
  branchIf(f, e.else, sense, label)
  c.end()
}
