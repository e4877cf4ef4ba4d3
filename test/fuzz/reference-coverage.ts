import type { Expr } from '../../src/ir/index.ts'
import { countIn } from './tally.ts'

let ops: Record<string, number> = {}
let kinds: Record<string, number> = {}

/** Counts an operation that is about to be executed. */
export function noteOperation({ op, type }: Extract<Expr, { kind: 'op' }>): void {
  countIn(ops, op)
  countIn(kinds, type.kind)
}

/** What was executed in this process since the last time this was asked. */
export function takeCoverage(): { ops: Record<string, number>; kinds: Record<string, number> } {
  const taken = { ops, kinds }
  ops = {}
  kinds = {}
  return taken
}
