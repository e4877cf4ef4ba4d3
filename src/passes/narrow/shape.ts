import type { Expr, OpName } from '../../ir/index.ts'
import { ANY_NUMBER, EXACT_MAX, hasZero, I32_MAX, I32_MIN, isI32, isIntegerIn, U32_MAX, type Range } from './range.ts'
import { integerRead } from './typed.ts'

type OpExpr = Extract<Expr, { kind: 'op' }>

/** An i32 operation on the low 32 bits of numbers that gives the low 32 bits of another; operands may be i32 constants. */
export type Shape = { readonly op: OpName; readonly args: readonly (Expr | number)[] }

/** Says of f64 expressions how their low 32 bits (ToInt32, 7.1.6) follow from those of their parts, by what is known of their values. */
export class Shapes {
  readonly #ranges: ReadonlyMap<Expr, Range>
  readonly #isNarrowed: (local: number) => boolean
  readonly #natural = new Map<Expr, boolean>()

  constructor(ranges: ReadonlyMap<Expr, Range>, isNarrowed: (local: number) => boolean) {
    this.#ranges = ranges
    this.#isNarrowed = isNarrowed
  }

  rangeOf(e: Expr): Range {
    return this.#ranges.get(e) ?? ANY_NUMBER
  }

  /** Whether an expression is nothing but its low 32 bits, read as i32. */
  isExact(e: Expr): boolean {
    return isI32(this.rangeOf(e))
  }

  /** Whether an expression is an i32 to comparisons, which do not tell 0 from -0. */
  isComparable(e: Expr): boolean {
    return isIntegerIn(this.rangeOf(e), I32_MIN, I32_MAX)
  }

  /** Whether the low 32 bits of an expression come from i32 parts, so that no number has to be converted for them. */
  isNatural(e: Expr): boolean {
    const known = this.#natural.get(e)
    if (known !== undefined) return known
    const found = this.#findNatural(e)
    this.#natural.set(e, found)
    return found
  }

  #findNatural(e: Expr): boolean {
    switch (e.kind) {
      case 'const':
        return Number.isSafeInteger(e.value)
      case 'local':
        return this.#isNarrowed(e.local)
      case 'cond':
        return this.isNatural(e.then) && this.isNatural(e.else)
      case 'seq':
        return this.isNatural(e.value)
      case 'op': {
        if (LEAVES.has(e.op) || this.isElement(e) || integerRead(e)) return true
        const inner = this.through(e)
        if (inner) return this.isNatural(inner)
        return this.shapeOf(e)?.args.every((arg) => typeof arg === 'number' || this.isNatural(arg)) ?? false
      }
      default:
        return false
    }
  }

  /** Whether an operation reads an element of a narrowed list. */
  isElement({ op, args: [list] }: OpExpr): boolean {
    return op === 'array.get' && list!.kind === 'local' && this.#isNarrowed(list!.local)
  }

  /** The operand whose low 32 bits an operation that cuts fractions off does not change. */
  through(e: OpExpr): Expr | undefined {
    const [inner] = e.args
    if (!ROUNDING.has(e.op)) return undefined
    const { whole, lo } = this.rangeOf(inner!)
    return whole || e.op === 'math.trunc' || (e.op === 'math.floor' && lo >= 0) ? inner : undefined
  }

  shapeOf(e: OpExpr): Shape | undefined {
    const [a, b] = e.args as readonly [Expr, Expr]
    switch (e.op) {
      case 'f64.add':
        return this.#isSum(e) ? { op: 'i32.add', args: [a, b] } : undefined
      case 'f64.sub':
        return this.#isSum(e) ? { op: 'i32.sub', args: [a, b] } : undefined
      case 'f64.mul':
        return this.#isSum(e) ? { op: 'i32.mul', args: [a, b] } : undefined
      case 'f64.neg':
        return this.#isSum(e) ? { op: 'i32.sub', args: [0, a] } : undefined
      case 'f64.rem': {
        const [left, right] = [this.rangeOf(a), this.rangeOf(b)]
        const fits = isIntegerIn(left, 0, U32_MAX) && isIntegerIn(right, 0, U32_MAX) && !hasZero(right)
        return fits ? { op: 'i32.rem_u', args: [a, b] } : undefined
      }
      case 'math.imul':
        return { op: 'i32.mul', args: [a, b] }
      case 'f64.div':
        return this.#shift(e, false)
      case 'math.floor':
        return a.kind === 'op' && a.op === 'f64.div' ? this.#shift(a, true) : undefined
      default:
        return undefined
    }
  }

  /** Whether arithmetic on integers gives an exact integer, whose low 32 bits are those of 32-bit arithmetic. */
  #isSum(e: OpExpr): boolean {
    const isInteger = (part: Expr): boolean => isIntegerIn(this.rangeOf(part), -EXACT_MAX, EXACT_MAX)
    return isInteger(e) && e.args.every(isInteger)
  }

  /** A quotient by a power of two whose fraction is cut off, which rounds down only what is not negative, or `down`. */
  #shift({ args: [a, b] }: OpExpr, down: boolean): Shape | undefined {
    const divisor = b!.kind === 'const' ? (b!.value as number) : NaN
    const by = Math.log2(divisor)
    // The logarithm of what is nearly a power of two is rounded.
    if (!Number.isInteger(by) || 2 ** by !== divisor || by < 0 || by > 31) return undefined
    const range = this.rangeOf(a!)
    if (isIntegerIn(range, down ? I32_MIN : 0, I32_MAX)) return { op: 'i32.shr', args: [a!, by] }
    return isIntegerIn(range, 0, U32_MAX) ? { op: 'i32.ushr', args: [a!, by] } : undefined
  }
}

const ROUNDING: ReadonlySet<OpName> = new Set(['math.floor', 'math.ceil', 'math.trunc', 'math.round'])

/** Operations whose result is an i32 inside, whatever its type. */
const LEAVES: ReadonlySet<OpName> = new Set([
  'f64.from_i32',
  'f64.from_u32',
  'f64.from_bool',
  'array.length',
  'string.length',
  'typed.length',
])
