import type { Left } from './nested.ts'
import { closedPort, type EffectAnswer, type EffectPort } from './port.ts'

/**
 * All that a run is told of the world when it begins. What it reads of clock and chance follows from this, so that it
 * can be done again, in any mode.
 */
export type World = {
  /** Milliseconds since 1970 at the beginning of the run: a whole number. */
  readonly time: number
  /** Where the sequence of random numbers begins: a whole number from 0 to 2^53 - 1. */
  readonly seed: number
}

/** A world in which nothing happens. */
export const STILL_WORLD: World = { time: 0, seed: 0 }

/** What a run may use up, as far as others use of it too. */
export type Budget = {
  left(): Left
  /** Counts as used what others took; gives back what they did not need where it is below 0. */
  take(fuel: number, bytes: number): void
}

/** The world as one run reads it. */
export class WorldReader {
  /** Whether the run has read anything of it. */
  wasRead = false
  readonly #time: number
  #readings = 0
  readonly #seed: number
  /** Of the generator; made when the first number is asked for. */
  #state: Uint32Array | undefined
  readonly #port: EffectPort
  /** Calls of effects begun so far. */
  #calls = 0
  /** The answer that was handed over last. */
  #answer: EffectAnswer | undefined
  /** What programs that the run called have of its fuel and allocation. */
  #taken: Left = { fuel: 0, allocation: 0 }

  constructor({ time, seed }: World, port: EffectPort = closedPort()) {
    this.#time = time
    this.#seed = seed
    this.#port = port
  }

  /** The time in milliseconds. Each reading of the clock is a millisecond after the one before it. */
  now(): number {
    this.wasRead = true
    return this.#time + this.#readings++
  }

  /** Milliseconds since the run began. */
  elapsed(): number {
    this.wasRead = true
    return this.#readings++
  }

  /** A number from 0 to below 1 with 53 random bits: the upper bits of two outputs of the generator. */
  random(): number {
    this.wasRead = true
    const state = (this.#state ??= seedState(this.#seed))
    const high = nextOutput(state) >>> 5
    const low = nextOutput(state) >>> 6
    return (high * 2 ** 26 + low) / 2 ** 53
  }

  /** Begins a call of an effect with arguments as JSON text; its number. */
  startCall(name: string, args: string): number {
    const sequence = this.#calls++
    this.#port.start({ sequence, name, args })
    return sequence
  }

  /** Gives up a call. What is no call of this run is passed over. */
  cancelCall(sequence: number): void {
    if (Number.isInteger(sequence) && sequence >= 0 && sequence < this.#calls) this.#port.cancel(sequence)
  }

  /** Waits for the next answer: the number of its call, -1 when none is under way. The clock goes on to when it came. */
  nextCall(budget: Budget): number {
    this.#answer = this.#port.next(budget.left())
    if (!this.#answer) return -1
    const { taken = { fuel: 0, allocation: 0 } } = this.#answer
    budget.take(taken.fuel - this.#taken.fuel, taken.allocation - this.#taken.allocation)
    this.#taken = taken
    this.#readings = Math.max(this.#readings, this.#answer.elapsed)
    return this.#answer.sequence
  }

  /** What programs that the run called have of what is the run's. */
  get taken(): Left {
    return this.#taken
  }

  /** The answer that {@link nextCall} gave last, if it is that of the call; empty otherwise. */
  answerOf(sequence: number): string {
    return this.#answer?.sequence === sequence ? this.#answer.text : ''
  }
}

/** xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021). */
function nextOutput(s: Uint32Array): number {
  const [a, b, c, d] = s as unknown as readonly [number, number, number, number]
  const output = Math.imul(rotate(Math.imul(b, 5), 7), 9)
  const e = c ^ a
  const f = d ^ b
  s[0] = a ^ f
  s[1] = b ^ e
  s[2] = e ^ (b << 9)
  s[3] = rotate(f, 11)
  return output
}

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by))

/** Four words from the two halves of the seed, by the finaliser of MurmurHash3 over a counter. */
function seedState(seed: number): Uint32Array {
  let counter = (seed >>> 0) ^ Math.imul(Math.floor(seed / 2 ** 32), 0x85ebca6b)
  return Uint32Array.from({ length: 4 }, () => {
    counter = (counter + 0x9e3779b9) | 0
    let word = Math.imul(counter ^ (counter >>> 16), 0x85ebca6b)
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
    return word ^ (word >>> 16)
  })
}
