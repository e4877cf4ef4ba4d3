import type { Span } from '../../base/index.ts'
import type { HExpr, HFunc, HStmt, HVar } from '../hir.ts'
import { newVar } from '../make-hir.ts'
import { privateName } from '../member-names.ts'

/**
 * The code of a generator as a machine of states, with the structure of the source where nothing yields. What runs between two
 * yields is one call of the function that is made here; variables that outlive it are `kept`.
 */
export class Machine {
  readonly func: ResumedFunc
  readonly self: HVar
  readonly mode: HVar
  readonly sent: HVar
  readonly driver: Driver
  readonly frame: HVar[] = []
  /** Where the machine goes on, and where to when something is thrown. */
  readonly at: HVar
  readonly handler: HVar
  readonly loop: number
  readonly newLabel: () => number
  readonly span: Span
  /** What `break`, `continue` and `return` pass on their way out, outermost first. */
  readonly contexts: Context[] = []
  /** The state that handles what is thrown where code is added now; -1 for none. */
  handling = -1
  catches = false
  #failure: HVar | null = null
  readonly #blocks: Block[] = []
  #current: Block = { id: 0, body: [], handler: -1 }
  #ids = 1

  constructor(func: ResumedFunc, driver: Driver, newLabel: () => number) {
    const [self, mode, sent] = func.params.map((p) => p.variable) as [HVar, HVar, HVar]
    this.func = func
    this.self = self
    this.mode = mode
    this.sent = sent
    this.driver = driver
    this.newLabel = newLabel
    this.loop = newLabel()
    this.span = func.span
    this.at = this.#local('state')
    this.handler = this.#local('handler')
    this.#blocks.push(this.#current)
  }

  #local(name: string): HVar {
    const { func, span } = this
    return newVar(func, name, span, { assigned: true })
  }

  add(...statements: readonly HStmt[]): void {
    this.#current.body.push(...statements)
  }

  /** A state that is not placed yet. */
  state(): number {
    return this.#ids++
  }

  /** What is added from here on is the code of the state, to which the code before leads on. */
  place(id: number): void {
    this.#current = { id, body: [], handler: this.handling }
    this.#blocks.push(this.#current)
  }

  /** Goes to a state. */
  jump(id: number): HStmt[] {
    const { span } = this
    return [assign(this.at, number(id, span)), { kind: 'continue', label: this.loop, span }]
  }

  /** Makes a variable outlive the part of the code that declares it. */
  keep(v: HVar): void {
    if (v.scope !== this.func) return
    const kept = v as { -readonly [K in keyof HVar]: HVar[K] }
    kept.scope = this.func.parent
    kept.kept = true
    this.func.captures.add(v)
    this.frame.push(v)
  }

  /** A kept variable that the program did not write. */
  temp(name: string, assigned = false): HVar {
    const made: HVar = { ...this.#local(name), assigned }
    this.keep(made)
    return made
  }

  /** What was thrown last. */
  failure(): HVar {
    return (this.#failure ??= this.temp('failure', true))
  }

  /** The value of an expression, evaluated here. */
  spill(x: HExpr, name = 'value'): HExpr {
    const temp = this.temp(name)
    this.add({ kind: 'let', v: temp, init: x, span: x.span })
    return read(temp, x.span)
  }

  /** The states as one function body. */
  body(): HStmt[] {
    const { span, self } = this
    const cases = this.#blocks.map((block) => ({
      test: number(block.id, span),
      body: this.catches ? [assign(this.handler, number(block.handler, span)), ...block.body] : block.body,
    }))
    const choose: HStmt = { kind: 'switch', label: this.newLabel(), subject: read(this.at, span), cases, span }
    const caught: HVar = { ...this.#local('error'), assigned: false }
    const attempt: HStmt = {
      kind: 'try',
      body: [choose],
      handler: { param: caught, body: this.#handle(caught) },
      finalizer: null,
      span,
    }
    return [
      { kind: 'let', v: this.at, init: field(self, STATE, span), span },
      setField(self, STATE, number(RUNNING, span)),
      ...(this.catches ? [letOf(this.handler, number(-1, span))] : []),
      { kind: 'loop', label: this.loop, test: null, post: false, body: [attempt], update: [], fresh: [], span },
    ]
  }

  #handle(caught: HVar): HStmt[] {
    const { span, self } = this
    const rethrow: HStmt[] = [
      setField(self, STATE, number(COMPLETED, span)),
      ...this.driver.fail(this, read(caught, span)),
    ]
    if (!this.catches) return rethrow
    const none: HExpr = { kind: 'binary', op: '<', a: read(this.handler, span), b: number(0, span), span }
    return [
      { kind: 'if', test: none, then: rethrow, else: [], span },
      assign(this.failure(), read(caught, span)),
      assign(this.at, read(this.handler, span)),
    ]
  }
}

/** The function that runs the states: takes the generator, how it is resumed, and the value that is sent. */
export type ResumedFunc = HFunc & { readonly captures: Set<HVar> }

type Block = { readonly id: number; readonly body: HStmt[]; readonly handler: number }

export type Context =
  | { readonly kind: 'label'; readonly label: number; readonly breakTo: number; readonly continueTo: number | null }
  | {
      readonly kind: 'finally'
      readonly state: number
      readonly completion: HVar
      readonly value: HVar
      /** Where to go on after the finalizer, by number. */
      readonly exits: { readonly kind: 'break' | 'continue'; readonly label: number }[]
    }

/** What the kinds of resumed functions do differently. */
export type Driver = {
  /** A yield: the result is what is sent when it goes on. */
  readonly yield: (m: Machine, value: HExpr) => HExpr
  /** Gives a value to whoever resumed, to go on right here. */
  readonly hand: (m: Machine, value: HExpr) => void
  /** An `await`: the result is the value that was waited for. */
  readonly wait: (m: Machine, value: HExpr) => HExpr
  /** Ends with `value`. */
  readonly finish: (m: Machine, value: HExpr) => HStmt[]
  /** Ends with what was thrown. */
  readonly fail: (m: Machine, error: HExpr) => HStmt[]
}

/** Fields of generators, and what the state is when it is no place to go on. */
export const STATE = privateName('#state')
export const RESUME = privateName('#resume')
export const YIELDED = privateName('#yielded')
export const RETURNED = privateName('#returned')
export const THROWN = privateName('#thrown')
const RUNNING = -2
export const COMPLETED = -1

export const number = (value: number, span: Span): HExpr => ({ kind: 'const', value, span })
export const read = (v: HVar, span: Span): HExpr => ({ kind: 'var', v, span })
export const nothing = (span: Span): HExpr => ({ kind: 'const', value: undefined, span })
export const letOf = (v: HVar, init: HExpr): HStmt => ({ kind: 'let', v, init, span: init.span })
export const assign = (v: HVar, value: HExpr): HStmt => effect({ kind: 'assign', v, value, span: value.span })
export const effect = (expr: HExpr): HStmt => ({ kind: 'expr', expr, span: expr.span })
export const field = (self: HVar, name: string, span: Span): HExpr => ({
  kind: 'get',
  obj: read(self, span),
  name,
  span,
})
export const setField = (self: HVar, name: string, value: HExpr): HStmt =>
  effect({ kind: 'set', obj: read(self, value.span), name, value, span: value.span })
export const equals = (v: HVar, value: number, span: Span): HExpr => ({
  kind: 'binary',
  op: '===',
  a: read(v, span),
  b: number(value, span),
  span,
})
