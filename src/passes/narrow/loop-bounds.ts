import type { Span } from '../../base/index.ts'
import { F64, I32, type Expr, type Local, type OpName, type Stmt } from '../../ir/index.ts'
import { termOf, type Term } from './counters.ts'
import { changingDepth, type Frame, type Loop } from './frame.ts'
import { I32_MAX, isIntegerIn } from './range.ts'
import type { Shapes } from './shape.ts'

type OpExpr = Extract<Expr, { kind: 'op' }>

type Bound = { readonly term: Term; readonly isIncluded: boolean; readonly local: number; readonly set: Stmt }

/** Comparisons of an integer with what bounds it from above: the second operand, or the first where they are mirrored. */
const BOUNDED: { readonly [K in OpName]?: { readonly isMirrored: boolean; readonly isIncluded: boolean } } = {
  'f64.lt': { isMirrored: false, isIncluded: false },
  'f64.le': { isMirrored: false, isIncluded: true },
  'f64.gt': { isMirrored: true, isIncluded: false },
  'f64.ge': { isMirrored: true, isIncluded: true },
}

/**
 * Numbers that loops compare an integer with in each round and do not change. Before the loop an i32 is made of such a number, so that the
 * integer is less than the one when it is less than the other: from 0, for NaN and all that is no more, to the greatest i32.
 */
export class LoopBounds {
  readonly #frame: Frame
  readonly #shapes: Shapes
  readonly #bounds = new Map<Loop, Bound[]>()
  /** Locals that hold bounds, to be added to the function. */
  readonly locals: Local[] = []

  constructor(frame: Frame, shapes: Shapes) {
    this.#frame = frame
    this.#shapes = shapes
  }

  /** The integer that a comparison in loops, outermost first, bounds from above, and the i32 that it is less than when the comparison holds. */
  of(e: OpExpr, loops: readonly Loop[]): { readonly integer: Expr; readonly limit: Expr } | undefined {
    const form = BOUNDED[e.op]
    if (!form) return undefined
    const [integer, number] = (form.isMirrored ? e.args.toReversed() : e.args) as readonly [Expr, Expr]
    const isBounded = this.#shapes.isNatural(integer) && isIntegerIn(this.#shapes.rangeOf(integer), 0, I32_MAX - 1)
    const term = number.kind === 'seq' || this.#shapes.isNatural(number) ? undefined : termOf(number)
    const loop = isBounded && term && loops[changingDepth(this.#frame, term.local, loops)]
    if (!loop) return undefined
    const local = this.#localOf(loop, term, form.isIncluded, number.span)
    return { integer, limit: { kind: 'local', local, type: I32, span: number.span } }
  }

  /** What is to be done before a loop. */
  before(loop: Loop): readonly Stmt[] {
    return this.#bounds.get(loop)?.map(({ set }) => set) ?? []
  }

  #localOf(loop: Loop, term: Term, isIncluded: boolean, span: Span): number {
    const bounds = this.#bounds.get(loop) ?? []
    this.#bounds.set(loop, bounds)
    const isSame = (other: Bound): boolean =>
      other.term.local === term.local && other.term.add === term.add && other.isIncluded === isIncluded
    const known = bounds.find(isSame)
    if (known) return known.local
    const { params, captures, locals } = this.#frame.func
    const local = params.length + captures.length + locals.length + this.locals.length
    this.locals.push({ name: 'bound', type: I32 })
    bounds.push({ term, isIncluded, local, set: { kind: 'set', local, value: limitOf(term, isIncluded, span), span } })
    return local
  }
}

function limitOf({ local, add }: Term, isIncluded: boolean, span: Span): Expr {
  const op = (name: OpName, ...args: readonly Expr[]): Expr => ({
    kind: 'op',
    op: name,
    imm: [],
    args,
    type: F64,
    span,
  })
  const number = (value: number): Expr => ({ kind: 'const', value, type: F64, span })
  const read: Expr = { kind: 'local', local, type: F64, span }
  const bound = add === 0 ? read : op('f64.add', read, number(add))
  const above = isIncluded ? op('f64.add', op('math.floor', bound), number(1)) : op('math.ceil', bound)
  const within = op('f64.min', op('f64.max', above, number(0)), number(I32_MAX))
  return { kind: 'op', op: 'f64.to_i32', imm: [], args: [within], type: I32, span }
}
