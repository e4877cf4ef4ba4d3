import {
  mapAmounts,
  NO_AMOUNTS,
  PROGRAM_CALL,
  shareOf,
  type Amounts,
  type EffectCall,
  type Left,
} from '../effects/index.ts'

/**
 * What programs that a run calls may use of what is the run's, and have used. It goes by what the run does and is told, in that order,
 * and by nothing else, so that an execution that is taken up or done again comes to the same. What the run says that it has left is
 * believed only up to what it was given and nobody else has.
 */
export class Ledger {
  readonly #limits: Amounts
  /** Calls of programs since the run waited last. */
  #begun: number[] = []
  /** What those under way may use. */
  readonly #held = new Map<number, Amounts>()
  #charged = NO_AMOUNTS
  #calls = 0

  constructor({ fuel, allocation, effects }: Amounts) {
    this.#limits = { fuel, allocation, effects }
  }

  /** What others than the run have used, or may still use. */
  get taken(): Amounts {
    const held = [...this.#held.values()]
    return mapAmounts((name) => held.reduce((sum, one) => sum + one[name], this.#charged[name]))
  }

  /** What others have used. */
  get charged(): Amounts {
    return this.#charged
  }

  start({ sequence, name }: EffectCall): void {
    this.#calls++
    if (name === PROGRAM_CALL) this.#begun.push(sequence)
  }

  /** The run waits, and the programs that it called since it did so last begin: what each may use. */
  wait(left: Left): ReadonlyMap<number, Amounts> {
    const begun = this.#begun
    this.#begun = []
    const { taken } = this
    const free: Amounts = {
      fuel: Math.min(left.fuel, this.#limits.fuel - taken.fuel),
      allocation: Math.min(left.allocation, this.#limits.allocation - taken.allocation),
      effects: this.#limits.effects - taken.effects - this.#calls,
    }
    const grant = mapAmounts((name) => shareOf(free[name], begun.length))
    for (const sequence of begun) this.#held.set(sequence, grant)
    return new Map(begun.map((sequence) => [sequence, grant]))
  }

  /** The run is told what came of a call. */
  settle(sequence: number, used: Amounts = NO_AMOUNTS): void {
    const grant = this.#held.get(sequence)
    if (!grant) return
    this.#held.delete(sequence)
    const charged = this.#charged
    this.#charged = mapAmounts((name) => charged[name] + Math.min(grant[name], Math.max(0, used[name])))
  }

  /** The run gives a call up: nobody knows what it used, so it is all that it might have. */
  drop(sequence: number): void {
    this.#begun = this.#begun.filter((one) => one !== sequence)
    this.settle(sequence, this.#held.get(sequence))
  }
}
