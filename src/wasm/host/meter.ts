import type { Limits } from '../../base/index.ts'
import type { Left } from '../../effects/index.ts'
import { Limited } from '../../values/index.ts'

/** The counters that compiled code keeps in globals, and what reads and charges them without an integer of 64 bits. */
export type Counters = {
  readonly fuel: WebAssembly.Global<'i64'>
  readonly allocation: WebAssembly.Global<'i32'>
  readonly depthHigh: WebAssembly.Global<'i32'>
  readonly 'fuel left': () => number
  readonly spend: (fuel: number, bytes: number) => number
}

/** What `spend` gives where it did not do all. */
const NO_FUEL = 1
const NO_SLICE = 2

/** Live memory is sampled each time so much was allocated. */
const ALLOCATION_SLICE = 2 ** 24

/**
 * What a run may use. Compiled code counts down fuel, and slices of allocation, by itself; this is asked when a slice is used
 * up, and at the end. spec: fuel
 */
export class Meter {
  readonly #limits: Limits
  readonly #counters: Counters
  readonly #liveBytes: () => number
  #reserve: number
  #isOutOfFuel = false
  /** What others have of the limits. */
  #takenFuel = 0
  #takenBytes = 0

  constructor(limits: Limits, counters: Counters, liveBytes: () => number) {
    this.#limits = limits
    this.#counters = counters
    this.#liveBytes = liveBytes
    this.#reserve = limits.allocation
    counters.fuel.value = BigInt(limits.fuel)
  }

  get fuelUsed(): number {
    return this.#limits.fuel - this.#takenFuel - (this.#isOutOfFuel ? 0 : this.fuelLeft())
  }

  get allocatedBytes(): number {
    return this.#limits.allocation - this.#takenBytes - this.#bytesLeft()
  }

  get depthReached(): number {
    return this.#counters.depthHigh.value
  }

  /** What a run is told that has no fuel left; the rest of it is used up. */
  outOfFuel(): Limited {
    this.#isOutOfFuel = true
    return new Limited('fuel', 'out of fuel')
  }

  /** Notes a depth of calls that was not reached before. */
  deepen(depth: number): void {
    if (depth > this.#limits.depth) throw new Limited('depth', 'too many nested calls')
    this.#counters.depthHigh.value = depth
  }

  /** Charges for more bytes than are left of the slice. */
  allocateMore(bytes: number): void {
    const { allocation } = this.#counters
    const total = allocation.value + this.#reserve - bytes
    // No larger than the memory limit, so that a request beyond that always comes here.
    allocation.value = Math.max(0, Math.min(total, ALLOCATION_SLICE, this.#limits.memory))
    this.#reserve = Math.max(0, total - allocation.value)
    if (total < 0) throw new Limited('allocation', 'out of allocation')
    this.requireMemory(Math.max(bytes, this.#liveBytes()))
  }

  fuelLeft(): number {
    return this.#counters['fuel left']()
  }

  left(): Left {
    return { fuel: this.fuelLeft(), allocation: this.#bytesLeft() }
  }

  /** What others take is within what was left, and what they give back was. */
  take(fuel: number, bytes: number): void {
    const { allocation } = this.#counters
    const bytesLeft = this.#bytesLeft() - bytes
    this.#takenFuel += fuel
    this.#takenBytes += bytes
    if (fuel !== 0) this.#counters.spend(fuel, 0)
    allocation.value = Math.min(allocation.value, bytesLeft)
    this.#reserve = bytesLeft - allocation.value
  }

  #bytesLeft(): number {
    return this.#reserve + this.#counters.allocation.value
  }

  /** What compiled code does for its own operations. */
  spend(fuel: number, bytes: number): void {
    const end = this.#counters.spend(fuel, bytes)
    if (end === NO_FUEL) throw this.outOfFuel()
    if (end === NO_SLICE) this.allocateMore(bytes)
  }

  requireMemory(bytes: number): void {
    if (bytes > this.#limits.memory) throw new Limited('memory', 'out of memory')
  }
}
