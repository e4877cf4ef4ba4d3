import type { Code, Span } from '../../base/index.ts'
import { admits, UNDEFINED, unionOf, type Expr, type Type } from '../../ir/index.ts'
import type { ReportParts } from '../source.ts'
import { trapHere } from './keys.ts'
import { coerce, op, undef } from './make.ts'

type Refusal = readonly [code: Code, span: Span, parts: ReportParts]
type Report = (...refusal: Refusal) => void

/** What came of emitting code for one of several kinds of values. Symbols are objects of the IR, and none to a program. */
export type Attempt = {
  readonly of: Type
  readonly isSymbol: boolean
  readonly made: Expr
  readonly refusals: readonly Refusal[]
}

/** Where refusals go: to the diagnostics of the program, or for a while to whoever tries something. */
export class Refusals {
  readonly #out: Report
  readonly #isOfPrelude: (span: Span) => boolean
  #held: Refusal[] | null = null

  constructor(out: Report, isOfPrelude: (span: Span) => boolean) {
    this.#out = out
    this.#isOfPrelude = isOfPrelude
  }

  readonly report: Report = (...refusal) => {
    if (this.#held) this.#held.push(refusal)
    else this.#out(...refusal)
  }

  /** What `make` gives, and what it refuses, which is not reported. */
  hold<T>(make: () => T): { readonly made: T; readonly refusals: readonly Refusal[] } {
    const outer = this.#held
    const refusals: Refusal[] = []
    this.#held = refusals
    const made = make()
    this.#held = outer
    return { made, refusals }
  }

  /** What `make` gives where others may use it as well: what it refuses is refused whoever tries. */
  apart<T>(make: () => T): T {
    const outer = this.#held
    this.#held = null
    const made = make()
    this.#held = outer
    return made
  }

  /**
   * Of values that may be of several kinds, those that the code is not for end the run with the trap `type-mismatch`, if it is for
   * others: whoever reads the diagnostics is told, and the program is not refused for what may never come.
   */
  settle(attempts: readonly Attempt[], type: Type): readonly Expr[] {
    const isWanted = isForSome(attempts)
    return attempts.map(({ made, refusals }) => {
      for (const [code, span, parts] of refusals) {
        if (!isWanted) this.report(code, span, parts)
        // The prelude asks its values what they are before.
        else if (!this.#isOfPrelude(span)) this.report(code, span, softened(parts))
      }
      return isWanted && isRefused(refusals) ? trapAs(made, type) : made
    })
  }
}

/** Whether code is for values of some kind: of a reference, where it is refused for references. */
function isForSome(attempts: readonly Attempt[]): boolean {
  const refused = attempts.filter(({ refusals }) => isRefused(refusals))
  const fit = attempts.filter(({ of, made, refusals }) => !isRefused(refusals) && !isNullish(of) && !isThrow(made))
  return refused.some(isReference) ? fit.some(isReference) : fit.length > 0
}

/** What was tried and settled within is no refusal any more. */
const isRefused = (refusals: readonly Refusal[]): boolean =>
  refusals.some(([, , { severity }]) => severity !== 'warning')

const isReference = ({ of: { kind }, isSymbol }: Attempt): boolean =>
  !isSymbol && !['bool', 'f64', 'string', 'bigint'].includes(kind)

const softened = (parts: ReportParts): ReportParts =>
  parts.severity === 'warning'
    ? parts
    : { ...parts, severity: 'warning', hint: `A value of this kind ends the run here. ${parts.hint ?? ''}`.trim() }

const isNullish = ({ kind }: Type): boolean => kind === 'null' || kind === 'undefined'

/** Whether code does nothing but fail, as Node does where a kind has no such member. */
function isThrow(x: Expr): boolean {
  if (x.kind === 'op' && x.args.length === 1) return isThrow(x.args[0]!)
  return x.kind === 'seq' && (x.body.some(({ kind }) => kind === 'throw') || isThrow(x.value))
}

/** Ends the run where a value of a type was to come. */
function trapAs({ span }: Expr, type: Type): Expr {
  if (admits(type, UNDEFINED)) return trapHere(span, coerce(undef(span), type))
  const either = unionOf([type, UNDEFINED])
  return op('dyn.unbox', [op('dyn.box', [undef(span)], either, span, [either])], type, span, [type])
}
