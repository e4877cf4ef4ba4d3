import { STRING_LENGTH_MAX, type Expr, type OpName } from '../../ir/index.ts'
import { termOf } from './counters.ts'
import { maySet, type Frame } from './frame.ts'
import { ARRAY_MAX, between, EXACT_MAX, isNothing, meet, type Range } from './range.ts'
import type { State } from './state.ts'

const ELEMENT = { at: 1, range: between(0, ARRAY_MAX - 1, { minusZero: true }) }
const COUNT = between(0, ARRAY_MAX, { minusZero: true })

/** Operands that are known to be in a range after the operation, which had trapped, thrown or ended the run otherwise. */
const DEMANDS: { readonly [K in OpName]?: { readonly at: number; readonly range: Range } } = {
  'array.get': ELEMENT,
  'array.set': ELEMENT,
  'typed.get': ELEMENT,
  'typed.get_i32': ELEMENT,
  'string.get': { at: 1, range: between(0, STRING_LENGTH_MAX - 1, { minusZero: true }) },
  'array.holes': { at: 0, range: COUNT },
  'array.set_length': { at: 1, range: COUNT },
}

/** Learns what an operation tells that was done: false when it cannot have been. */
export function learnFrom(frame: Frame, state: State, e: Extract<Expr, { kind: 'op' }>): boolean {
  const demand = DEMANDS[e.op]
  if (!demand || e.args.some((arg, i) => i > demand.at && maySet(arg))) return true
  return refine(frame, state, e.args[demand.at]!, demand.range)
}

/** Learns that the value of an expression, whose locals were not set since, is in a range: false when it cannot be. */
export function refine({ slots }: Frame, { ranges }: State, e: Expr, range: Range): boolean {
  if (isNothing(range)) return false
  const term = termOf(e)
  const slot = term ? slots[term.local]! : -1
  if (!term || slot < 0) return true
  const known = ranges[slot]!
  // Where something is added, be it 0, 0 and -0 are not told apart any more, and fractions may have gone.
  const isBare = isLocal(e)
  if (term.add !== 0 && !known.whole) return true
  const less = (bound: number, otherwise: number): number =>
    Math.abs(bound) < EXACT_MAX ? bound - term.add : otherwise
  const { nan, whole } = range
  const before = between(less(range.lo, -Infinity), less(range.hi, Infinity), { nan, whole, minusZero: true })
  const found = meet(known, isBare ? range : before)
  ranges[slot] = found
  return !isNothing(found)
}

/** Whether an expression is a local and nothing else but what is done before it. */
function isLocal(e: Expr): boolean {
  return e.kind === 'seq' ? isLocal(e.value) : e.kind === 'local'
}

/** Learns that `a` is less than `b`, if that is a length. */
export function learnBelow({ below, lengths }: State, a: Expr, b: Expr): void {
  const term = termOf(a)
  const string = b.kind === 'local' ? lengths.get(b.local) : lengthOf(b)
  if (term && term.add >= 0 && string !== undefined) below.set(term.local, string)
}

/** The local string or typed array that the expression is the length of. */
function lengthOf(e: Expr): number | undefined {
  if (e.kind === 'seq') return lengthOf(e.value)
  const isLength = e.kind === 'op' && (e.op === 'string.length' || e.op === 'typed.length')
  return isLength && e.args[0]!.kind === 'local' ? e.args[0].local : undefined
}

/** What is known of a local beside its range when it is set to a value. */
export function factsOf(value: Expr, { below, lengths }: State): { readonly below?: number; readonly length?: number } {
  const length = lengthOf(value)
  const term = termOf(value)
  const copied = term?.add === 0 ? { below: below.get(term.local), length: lengths.get(term.local) } : {}
  const facts = { ...copied, ...(length !== undefined && { length }) }
  return Object.fromEntries(Object.entries(facts).filter(([, string]) => string !== undefined))
}
