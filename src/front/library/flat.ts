import type { HExpr } from '../hir.ts'
import { preludeRow } from './prelude.ts'
import type { Row } from './row.ts'

/** The depth that the argument of flat says, if it is written there: 1 where it is left out (ECMA-262 23.1.3.13). */
function depthOf(arg: HExpr | undefined): number | null {
  if (!arg) return 1
  return arg.kind === 'const' && typeof arg.value === 'number' ? arg.value : null
}

const [none, once, all, some] = ['array_flat_none', 'array_flat', 'array_flat_all', 'array_flat_depth'].map(preludeRow)

/** flat: by the prelude function that knows most about the elements of the result. */
function rowFor(args: readonly { readonly value: HExpr }[]): Row {
  const depth = depthOf(args[0]?.value)
  const row = depth === null ? some : depth < 1 ? none : depth < 2 ? once : depth === Infinity ? all : some
  return row as Row
}

export const flat: Row = {
  flow: (use) => rowFor(use.args).flow(use),
  emit: (use) => rowFor(use.args).emit(use),
}
