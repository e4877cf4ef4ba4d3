import type { Expr, Stmt } from '../../ir/index.ts'
import { rangeOfOp } from './arithmetic.ts'
import { assume, effective, MIRRORED, RELATIONS, type Relation } from './compare.ts'
import { termOf } from './counters.ts'
import { maySet, type Frame, type Loop } from './frame.ts'
import { factsOf, learnBelow, learnFrom, refine } from './learn.ts'
import { ANY_I32, ANY_NUMBER, between, clip, isNothing, join, NOTHING, only, type Range } from './range.ts'
import { copyOf, forget, meetStates, type State } from './state.ts'
import { Ways } from './ways.ts'
import { rangeOfTyped } from './typed.ts'

type OpExpr = Extract<Expr, { kind: 'op' }>

/** The states in which a test is true and false. */
type Branches = readonly [yes: State | undefined, no: State | undefined]

/** What a walk is told and tells. */
export type Guide = {
  /** The state at the head of a loop that is entered in the state `entry`. */
  enterLoop(loop: Loop, entry: readonly Range[]): Range[] | undefined
  goRound(loop: Loop, back: readonly Range[]): void
  /** A value came into a group of counted locals. */
  arrive(group: number, range: Range): void
  /** Bounds of the values of a local that hold at all times. */
  boundsOf(slot: number): readonly [lo: number, hi: number] | undefined
  /** Whether all elements of a local list are i32, to the bit. */
  holdsI32(local: number): boolean
  see?(e: Expr, range: Range): void
  seeSet?(slot: number, range: Range): void
}

/** Walks over a function once in the order of evaluation, with the ranges of its locals from `initial` on. */
export function walk(frame: Frame, guide: Guide, initial: readonly Range[]): void {
  new Walk(frame, guide, initial).func()
}

class Walk {
  readonly #frame: Frame
  readonly #guide: Guide
  readonly #ways = new Ways()
  /** Undefined where control never comes. */
  #state: State | undefined

  constructor(frame: Frame, guide: Guide, initial: readonly Range[]) {
    this.#frame = frame
    this.#guide = guide
    this.#state = { ranges: [...initial], below: new Map(), lengths: new Map() }
  }

  func(): void {
    this.#stmts(this.#frame.func.body)
  }

  #stmts(stmts: readonly Stmt[]): void {
    for (const stmt of stmts) if (this.#state) this.#stmt(stmt)
  }

  #stmt(stmt: Stmt): void {
    switch (stmt.kind) {
      case 'expr':
        return void this.#value(stmt.expr)
      case 'set':
        return this.#set(stmt)
      case 'if': {
        const [yes, no] = this.#branch(stmt.test)
        const then = this.#from(yes, () => this.#stmts(stmt.then))
        this.#state = meetStates(
          then,
          this.#from(no, () => this.#stmts(stmt.else)),
        )
        return
      }
      case 'block':
        return this.#labelled(stmt.label, () => this.#stmts(stmt.body))
      case 'loop':
        return this.#labelled(stmt.label, () => this.#loop(stmt))
      case 'switch':
        return this.#labelled(stmt.label, () => this.#switch(stmt))
      case 'break':
      case 'continue':
        this.#ways.jump(stmt, this.#state!)
        this.#state = undefined
        return
      case 'return':
      case 'throw': {
        this.#value(stmt.value)
        this.#state = undefined
        return
      }
      case 'try':
        return this.#try(stmt)
    }
  }

  /** Does `body` beginning in a state; the state it ends in. */
  #from(state: State | undefined, body: () => void): State | undefined {
    this.#state = state
    if (state) body()
    return this.#state
  }

  #labelled(label: number, body: () => void): void {
    this.#ways.enter(label)
    body()
    this.#ways.leave()
    this.#state = meetStates(this.#state, this.#ways.land({ kind: 'break', label }))
  }

  #set(stmt: Extract<Stmt, { kind: 'set' }>): void {
    const { local, value } = stmt
    const range = this.#value(value)
    const state = this.#state
    if (!state) return
    const slot = this.#frame.slots[local]!
    const facts = slot < 0 ? {} : factsOf(value, state)
    forget(state, local)
    if (slot < 0) return
    const group = this.#frame.counters.groupOf(local)
    if (group !== undefined && !this.#frame.counters.isStep(stmt)) this.#guide.arrive(group, range)
    const bounds = this.#guide.boundsOf(slot)
    const known = bounds ? clip(range, ...bounds) : range
    if (isNothing(known)) return void (this.#state = undefined)
    state.ranges[slot] = known
    if (facts.below !== undefined && facts.below !== local) state.below.set(local, facts.below)
    if (facts.length !== undefined && facts.length !== local) state.lengths.set(local, facts.length)
    this.#ways.noteSet(slot, known)
    this.#guide.seeSet?.(slot, known)
  }

  #loop(loop: Loop): void {
    const entry = this.#state!
    const head = this.#guide.enterLoop(loop, entry.ranges)
    if (!head) return void (this.#state = undefined)
    const state = { ...copyOf(entry), ranges: [...head] }
    for (const [local, loops] of this.#frame.settingLoops) if (loops.has(loop)) forget(state, local)
    this.#state = state
    let exit: State | undefined
    const test = (): void => {
      if (loop.test && this.#state) [this.#state, exit] = this.#branch(loop.test)
    }
    if (!loop.post) test()
    this.#stmts(loop.body)
    this.#state = meetStates(this.#state, this.#ways.land({ kind: 'continue', label: loop.label }))
    this.#stmts(loop.update)
    if (loop.post) test()
    if (this.#state) this.#guide.goRound(loop, this.#state.ranges)
    this.#state = exit
  }

  /** All tests up to the one that holds are evaluated before its case is entered, for the default all of them. */
  #switch(stmt: Extract<Stmt, { kind: 'switch' }>): void {
    this.#value(stmt.subject)
    const entries = stmt.cases.map(({ test }) => {
      if (test && this.#state) this.#value(test)
      return test && this.#state && copyOf(this.#state)
    })
    const last = this.#state
    this.#state = undefined
    for (const [i, { test, body }] of stmt.cases.entries()) {
      this.#state = meetStates(this.#state, test ? entries[i] : last && copyOf(last))
      this.#stmts(body)
    }
    if (stmt.cases.every(({ test }) => test)) this.#state = meetStates(this.#state, last)
  }

  #try(stmt: Extract<Stmt, { kind: 'try' }>): void {
    const before = this.#state!
    const body = (): void => {
      const caught = this.#ways.guard(before, () => this.#stmts(stmt.body))
      if (!stmt.catch) return
      const after = this.#state
      const handler = stmt.catch.body
      this.#state = meetStates(
        after,
        this.#from(caught, () => this.#stmts(handler)),
      )
    }
    const last = stmt.finally
    if (!last) return body()
    let jumps: ReturnType<Ways['intercept']> = []
    const entry = this.#ways.guard(before, () => (jumps = this.#ways.intercept(body)))
    const goesOn = this.#state !== undefined
    // One state for all ways that come by: what was set anywhere inside may have been set.
    const state = this.#from(entry, () => this.#stmts(last))
    if (state) for (const jump of jumps) this.#ways.jump(jump, state)
    this.#state = goesOn ? state : undefined
  }

  /** Evaluates an expression; what it may be where that is a number. */
  #value(e: Expr): Range {
    if (!this.#state) return NOTHING
    const range = this.#valueOf(e)
    if (!this.#state) return NOTHING
    if (e.type.kind === 'f64' || e.type.kind === 'i32') this.#guide.see?.(e, range)
    return range
  }

  #valueOf(e: Expr): Range {
    switch (e.kind) {
      case 'const':
        return typeof e.value === 'number' ? only(e.value) : ANY_NUMBER
      case 'local': {
        const slot = this.#frame.slots[e.local]!
        return slot < 0 ? ANY_NUMBER : this.#state!.ranges[slot]!
      }
      case 'op':
        return this.#op(e)
      case 'call':
        for (const arg of e.args) this.#value(arg)
        return anyOf(e)
      case 'invoke':
        this.#value(e.callee)
        for (const arg of e.args) this.#value(arg)
        return anyOf(e)
      case 'cond': {
        const [yes, no] = this.#branch(e.test)
        let range = NOTHING
        const side = (part: Expr) => (): void => {
          const value = this.#value(part)
          if (this.#state) range = join(range, value)
        }
        const then = this.#from(yes, side(e.then))
        this.#state = meetStates(then, this.#from(no, side(e.else)))
        return range
      }
      case 'seq':
        this.#stmts(e.body)
        return this.#value(e.value)
    }
  }

  #op(e: OpExpr): Range {
    const args = e.args.map((arg) => this.#value(arg))
    if (!this.#state) return NOTHING
    if (!learnFrom(this.#frame, this.#state, e)) {
      this.#state = undefined
      return NOTHING
    }
    if (e.op === 'array.get' || e.op === 'array.get_nan') return this.#element(e)
    if (e.op === 'string.code_at' && this.#isInside(e, args[1]!)) return between(0, 0xffff)
    const typed = rangeOfTyped(e, () => this.#isInside(e, args[1]!))
    if (typed) return typed
    return rangeOfOp(e.op, e.type, args)
  }

  #element({ op, args: [list] }: OpExpr): Range {
    if (list!.kind !== 'local' || !this.#guide.holdsI32(list!.local)) return ANY_NUMBER
    return op === 'array.get' ? ANY_I32 : { ...ANY_I32, nan: true }
  }

  /** Whether the index of a code unit, or of an element of a typed array, is known to be one: there is nothing between two elements. */
  #isInside({ args: [string, at] }: OpExpr, index: Range): boolean {
    const term = termOf(at!)
    if (!term || term.add > 0 || string!.kind !== 'local' || !index.whole || index.nan || index.lo < 0) return false
    return this.#state!.below.get(term.local) === string!.local
  }

  /** Evaluates a test; the states in which it is true and false. */
  #branch(e: Expr): Branches {
    if (e.kind === 'seq') {
      this.#stmts(e.body)
      return this.#state ? this.#branch(e.value) : [undefined, undefined]
    }
    if (e.kind === 'cond') {
      const [yes, no] = this.#branch(e.test)
      const side = (state: State | undefined, part: Expr): Branches => {
        this.#state = state
        return state ? this.#branch(part) : [undefined, undefined]
      }
      const then = side(yes, e.then)
      const otherwise = side(no, e.else)
      return [meetStates(then[0], otherwise[0]), meetStates(then[1], otherwise[1])]
    }
    if (e.kind === 'const') return e.value === true ? [this.#state, undefined] : [undefined, this.#state]
    if (e.kind === 'op' && e.op === 'bool.not') {
      const [yes, no] = this.#branch(e.args[0]!)
      return [no, yes]
    }
    const relation = e.kind === 'op' ? RELATIONS[e.op] : undefined
    if (relation) return this.#compare(e as OpExpr, relation)
    if (e.kind === 'op' && e.op === 'f64.truthy') return this.#truth(e.args[0]!)
    this.#value(e)
    return [this.#state, this.#state && copyOf(this.#state)]
  }

  #compare({ args: [a, b] }: OpExpr, relation: Relation): Branches {
    const left = this.#value(a!)
    const right = this.#value(b!)
    const state = this.#state
    if (!state) return [undefined, undefined]
    const given = (known: State, sense: boolean): State | undefined => {
      const isKnown =
        (maySet(b!) || refine(this.#frame, known, a!, assume(left, relation, right, sense))) &&
        refine(this.#frame, known, b!, assume(right, MIRRORED[relation], left, sense))
      if (!isKnown) return undefined
      const holds = effective(relation, sense, left, right)
      if (holds === '<' && !maySet(b!)) learnBelow(known, a!, b!)
      if (holds === '>' && !maySet(b!)) learnBelow(known, b!, a!)
      return known
    }
    return [given(copyOf(state), true), given(state, false)]
  }

  /** False are 0, -0 and NaN. */
  #truth(e: Expr): Branches {
    const range = this.#value(e)
    const state = this.#state
    if (!state) return [undefined, undefined]
    const given = (known: State, left: Range): State | undefined =>
      refine(this.#frame, known, e, left) ? known : undefined
    return [
      given(copyOf(state), { ...assume(range, '!=', only(0), true), nan: false }),
      given(state, between(0, 0, { nan: range.nan, minusZero: range.minusZero })),
    ]
  }
}

function anyOf(e: Expr): Range {
  return e.type.kind === 'i32' ? ANY_I32 : ANY_NUMBER
}
