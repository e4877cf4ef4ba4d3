import { UNDEFINED, type Expr, type Type } from '../../ir/index.ts'
import type { ArrNode } from '../flow/slots.ts'
import type { FlowUse } from './row.ts'

/** The array that the receiver holds, no longer as a tuple. */
export function arrayIn(use: FlowUse): ArrNode | null {
  const { arr } = use.self.root()
  if (!arr) return null
  use.a.solver.collapse(arr)
  return arr.root()
}

export const elemOf = (x: Expr): Type => (x.type.kind === 'array' ? x.type.elem : UNDEFINED)
