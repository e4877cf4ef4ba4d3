/** The incremental constraint solver DeltaBlue of Freeman-Benson, Maloney and Borning, on a chain and on a projection of n variables. */
class Strength {
  static readonly REQUIRED = new Strength(0)
  static readonly PREFERRED = new Strength(1)
  static readonly STRONG = new Strength(2)
  static readonly NORMAL = new Strength(3)
  static readonly WEAKEST = new Strength(4)
  static readonly ALL = [Strength.REQUIRED, Strength.PREFERRED, Strength.STRONG, Strength.NORMAL, Strength.WEAKEST]

  private readonly rank: number

  constructor(rank: number) {
    this.rank = rank
  }

  isStrongerThan(other: Strength): boolean {
    return this.rank < other.rank
  }

  weaker(other: Strength): Strength {
    return this.isStrongerThan(other) ? other : this
  }
}

class Variable {
  value: number
  constraints: Constraint[] = []
  determinedBy: Constraint | null = null
  mark = 0
  walkabout = Strength.WEAKEST
  stays = true

  constructor(value: number) {
    this.value = value
  }

  detach(constraint: Constraint): void {
    this.constraints = this.constraints.filter((c) => c !== constraint)
    if (this.determinedBy === constraint) this.determinedBy = null
  }

  /** The satisfied constraints that read this variable. */
  consumers(): Constraint[] {
    return this.constraints.filter((c) => c !== this.determinedBy && c.isSatisfied())
  }
}

abstract class Constraint {
  readonly strength: Strength

  constructor(strength: Strength) {
    this.strength = strength
  }

  abstract isSatisfied(): boolean
  abstract unsatisfy(): void
  abstract variables(): Variable[]
  abstract inputs(): Variable[]
  abstract output(): Variable
  /** Decides which variable to set, or that the constraint stays unsatisfied. */
  abstract chooseMethod(mark: number): void
  abstract recalculate(): void

  execute(): void {}

  /** Whether the value comes from outside. */
  isInput(): boolean {
    return false
  }

  areInputsKnown(mark: number): boolean {
    return this.inputs().every((v) => v.mark === mark || v.stays || v.determinedBy === null)
  }

  addTo(planner: Planner): void {
    for (const variable of this.variables()) variable.constraints.push(this)
    planner.add(this)
  }

  removeFrom(planner: Planner): void {
    if (this.isSatisfied()) planner.remove(this)
    else this.detach()
  }

  detach(): void {
    for (const variable of this.variables()) variable.detach(this)
    this.unsatisfy()
  }

  /** Satisfies this constraint if that is possible; gives the weaker one that had to yield. */
  satisfy(mark: number, planner: Planner): Constraint | null {
    this.chooseMethod(mark)
    if (!this.isSatisfied()) {
      if (this.strength === Strength.REQUIRED) throw new Error('a required constraint cannot be satisfied')
      return null
    }
    for (const input of this.inputs()) input.mark = mark
    const output = this.output()
    const overridden = output.determinedBy
    overridden?.unsatisfy()
    output.determinedBy = this
    planner.propagate(this, mark)
    output.mark = mark
    return overridden
  }
}

abstract class UnaryConstraint extends Constraint {
  private readonly target: Variable
  private satisfied = false

  constructor(target: Variable, strength: Strength) {
    super(strength)
    this.target = target
  }

  isSatisfied(): boolean {
    return this.satisfied
  }

  unsatisfy(): void {
    this.satisfied = false
  }

  variables(): Variable[] {
    return [this.target]
  }

  inputs(): Variable[] {
    return []
  }

  output(): Variable {
    return this.target
  }

  chooseMethod(mark: number): void {
    this.satisfied = this.target.mark !== mark && this.strength.isStrongerThan(this.target.walkabout)
  }

  recalculate(): void {
    this.target.walkabout = this.strength
    this.target.stays = !this.isInput()
  }
}

class StayConstraint extends UnaryConstraint {}

class EditConstraint extends UnaryConstraint {
  override isInput(): boolean {
    return true
  }
}

type Direction = 'none' | 'forward' | 'backward'

abstract class BinaryConstraint extends Constraint {
  protected readonly left: Variable
  protected readonly right: Variable
  protected direction: Direction = 'none'

  constructor(left: Variable, right: Variable, strength: Strength) {
    super(strength)
    this.left = left
    this.right = right
  }

  isSatisfied(): boolean {
    return this.direction !== 'none'
  }

  unsatisfy(): void {
    this.direction = 'none'
  }

  variables(): Variable[] {
    return [this.left, this.right]
  }

  inputs(): Variable[] {
    return [this.direction === 'forward' ? this.left : this.right]
  }

  output(): Variable {
    return this.direction === 'forward' ? this.right : this.left
  }

  chooseMethod(mark: number): void {
    const { left, right } = this
    const isKnown = left.mark === mark || right.mark === mark
    const isForward = isKnown ? left.mark === mark : !right.walkabout.isStrongerThan(left.walkabout)
    const output = isForward ? right : left
    const isPossible = output.mark !== mark && this.strength.isStrongerThan(output.walkabout)
    this.direction = !isPossible ? 'none' : isForward ? 'forward' : 'backward'
  }

  recalculate(): void {
    const output = this.output()
    output.walkabout = this.strength
    output.stays = true
    for (const input of this.inputs()) {
      output.walkabout = output.walkabout.weaker(input.walkabout)
      output.stays = output.stays && input.stays
    }
    if (output.stays) this.execute()
  }
}

class EqualityConstraint extends BinaryConstraint {
  override execute(): void {
    if (this.direction === 'forward') this.right.value = this.left.value
    else this.left.value = this.right.value
  }
}

/** right = left * scale + offset; scale and offset are only read. */
class ScaleConstraint extends BinaryConstraint {
  private readonly scale: Variable
  private readonly offset: Variable

  constructor(left: Variable, scale: Variable, offset: Variable, right: Variable, strength: Strength) {
    super(left, right, strength)
    this.scale = scale
    this.offset = offset
  }

  override variables(): Variable[] {
    return [...super.variables(), this.scale, this.offset]
  }

  override inputs(): Variable[] {
    return [...super.inputs(), this.scale, this.offset]
  }

  override execute(): void {
    if (this.direction === 'forward') this.right.value = this.left.value * this.scale.value + this.offset.value
    else this.left.value = (this.right.value - this.offset.value) / this.scale.value
  }
}

class Planner {
  private lastMark = 0

  add(constraint: Constraint): void {
    this.lastMark++
    let next: Constraint | null = constraint
    while (next !== null) next = next.satisfy(this.lastMark, this)
  }

  remove(constraint: Constraint): void {
    const output = constraint.output()
    constraint.detach()
    const unsatisfied = this.retract(output)
    for (const strength of Strength.ALL) {
      for (const candidate of unsatisfied) if (candidate.strength === strength) this.add(candidate)
    }
  }

  /** Carries strengths and values from a constraint that was just satisfied to what depends on it. */
  propagate(constraint: Constraint, mark: number): void {
    const pending = [constraint]
    while (pending.length > 0) {
      const next = pending.pop()!
      if (next.output().mark === mark) throw new Error('the constraints have a cycle')
      next.recalculate()
      pending.push(...next.output().consumers())
    }
  }

  /** Takes back what followed from a variable that nothing determines any more; gives the constraints that may hold now. */
  private retract(start: Variable): Constraint[] {
    start.determinedBy = null
    start.walkabout = Strength.WEAKEST
    start.stays = true
    const unsatisfied: Constraint[] = []
    const pending = [start]
    while (pending.length > 0) {
      const variable = pending.pop()!
      for (const constraint of variable.constraints) if (!constraint.isSatisfied()) unsatisfied.push(constraint)
      for (const consumer of variable.consumers()) {
        consumer.recalculate()
        pending.push(consumer.output())
      }
    }
    return unsatisfied
  }

  /** The constraints to execute, in order, when the value of an edited variable changes. */
  plan(edits: Constraint[]): Constraint[] {
    this.lastMark++
    const mark = this.lastMark
    const plan: Constraint[] = []
    const pending = edits.filter((edit) => edit.isInput() && edit.isSatisfied())
    while (pending.length > 0) {
      const next = pending.pop()!
      const output = next.output()
      if (output.mark === mark || !next.areInputsKnown(mark)) continue
      plan.push(next)
      output.mark = mark
      pending.push(...output.consumers())
    }
    return plan
  }
}

function check(found: number, expected: number): void {
  if (found !== expected) throw new Error(`a variable is ${found}, which should be ${expected}`)
}

/** Sets a variable as often as is said, with all that follows; gives how many constraints were executed. */
function edit(planner: Planner, variable: Variable, values: number[], last: Variable | null): number {
  const constraint = new EditConstraint(variable, Strength.PREFERRED)
  constraint.addTo(planner)
  const plan = planner.plan([constraint])
  for (const value of values) {
    variable.value = value
    for (const step of plan) step.execute()
    if (last !== null) check(last.value, value)
  }
  constraint.removeFrom(planner)
  return plan.length * values.length
}

/** Variables that are all equal, the last of which would rather stay: editing the first changes all. */
function runChain(n: number): number {
  const planner = new Planner()
  const variables = Array.from({ length: n + 1 }, () => new Variable(0))
  for (let i = 0; i < n; i++) new EqualityConstraint(variables[i], variables[i + 1], Strength.REQUIRED).addTo(planner)
  new StayConstraint(variables[n], Strength.STRONG).addTo(planner)
  const values = Array.from({ length: 100 }, (_, i) => i)
  return edit(planner, variables[0], values, variables[n])
}

/** Pairs of variables with one scale and offset: editing one side changes the other, editing the scale changes all. */
function runProjection(n: number): number {
  const planner = new Planner()
  const scale = new Variable(10)
  const offset = new Variable(1000)
  const pairs = Array.from({ length: n }, (_, i) => {
    const pair = { from: new Variable(i), to: new Variable(i) }
    new StayConstraint(pair.from, Strength.NORMAL).addTo(planner)
    new ScaleConstraint(pair.from, scale, offset, pair.to, Strength.REQUIRED).addTo(planner)
    return pair
  })
  const times = (value: number): number[] => new Array<number>(10).fill(value)
  const { from, to } = pairs[n - 1]
  let executed = edit(planner, from, times(17), null)
  check(to.value, 1170)
  executed += edit(planner, to, times(1050), null)
  check(from.value, 5)
  executed += edit(planner, scale, times(5), null)
  for (let i = 0; i < n - 1; i++) check(pairs[i].to.value, i * 5 + 1000)
  executed += edit(planner, offset, times(2000), null)
  for (let i = 0; i < n - 1; i++) check(pairs[i].to.value, i * 5 + 2000)
  return executed
}

/** How many constraints were executed; a value that a constraint forbids ends the run. */
export function run(n: number): number {
  return runChain(n) + runProjection(n)
}
