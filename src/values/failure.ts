import { TRAPS, type LimitName, type TrapName } from '../base/index.ts'

/**
 * How operations leave the dispatch loop early. They are host exceptions, but no errors: the
 * loop turns them into outcomes. Any other exception is a defect of ours and goes on its way.
 */

/** The program throws `value`, which it can catch. `trace`: where it was first thrown, if that is not here. */
export class Thrown {
  readonly value: unknown
  readonly trace: unknown
  constructor(value: unknown, trace?: unknown) {
    this.value = value
    this.trace = trace
  }
}

/** The program cannot go on; it cannot catch this. */
export class Trapped {
  readonly trap: TrapName
  readonly message: string
  constructor(trap: TrapName) {
    this.trap = trap
    this.message = TRAPS[trap]
  }
}

/** A limit is reached; the program cannot catch this and no `finally` runs. */
export class Limited {
  readonly limit: LimitName
  readonly message: string
  constructor(limit: LimitName, message: string) {
    this.limit = limit
    this.message = message
  }
}
