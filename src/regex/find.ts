import { inSet, splitsPair } from './characters.ts'
import { beginSearch, endSearch, matchAt } from './match.ts'
import type { Program } from './program.ts'
import type { Budget } from './stack.ts'

/** Characters that a search passes over in one step. */
const SKIP = 4

/**
 * The first match at `from` or after it, or with the flag y just at `from` (RegExpBuiltinExec, 22.2.7.2, steps 9 to 13). True when
 * there is one; its ends and those of its groups are then in `registers`, -1 for groups that took no part.
 */
export function find(program: Program, text: string, from: number, registers: Int32Array, budget: Budget): boolean {
  const { flags, anchored } = program
  if (from > text.length) return false
  beginSearch()
  let at = flags.unicode && splitsPair(text, from) ? from - 1 : from
  // Between the halves of a pair V8 looks at both places.
  const last = flags.sticky || anchored ? from : text.length
  try {
    for (;;) {
      const next = last === from ? at : candidate(program, text, at)
      budget.steps -= ((next - at) / SKIP) | 0
      if (budget.steps < 0) budget.exhausted()
      if (next > last) return false
      at = next
      if (matchAt(program, text, at, registers, budget)) return true
      at++
    }
  } finally {
    endSearch()
  }
}

/** The next place where a match may begin; past the end when there is none. */
function candidate({ prefix, first }: Program, text: string, from: number): number {
  const end = text.length
  if (prefix !== '') {
    const at = text.indexOf(prefix, from)
    return at < 0 ? end + 1 : at
  }
  if (first === null) return from
  const { low } = first
  for (let at = from; at < end; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 256 ? low[unit] === 1 : inSet(first, unit)) return at
  }
  return end + 1
}
