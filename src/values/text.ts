import { STRING_LENGTH_MAX } from '../ir/index.ts'
import { Limited } from './failure.ts'
import type { ValueHost } from './host.ts'

type Memory = Pick<ValueHost, 'requireMemory'>

/** Arrays in arrays beyond this depth end the run; Node overflows its stack somewhere there. */
const NESTING_MAX = 2_000

/** ToString (7.1.17) of a value, see `dyn.to_string`. */
export function toText(host: Memory, value: unknown): string {
  return Array.isArray(value) ? joinElements(host, value, ',') : String(value)
}

/** Array.prototype.join (23.1.3.18). An array within itself gives nothing, as in every engine. */
export function joinElements(host: Memory, list: readonly unknown[], separator: string): string {
  return new Joiner(host).join(list, separator)
}

class Joiner {
  readonly #host: Memory
  readonly #enclosing = new Set<readonly unknown[]>()
  /** Code units made so far: arrays that share elements can be far larger as text than as data. */
  #units = 0

  constructor(host: Memory) {
    this.#host = host
  }

  join(list: readonly unknown[], separator: string): string {
    if (this.#enclosing.has(list)) return ''
    if (this.#enclosing.size >= NESTING_MAX) throw new Limited('depth', 'arrays nested too deeply to be made a string')
    this.#enclosing.add(list)
    const parts: string[] = []
    for (let i = 0; i < list.length; i++) {
      const value = list[i]
      const part =
        value === undefined || value === null ? '' : Array.isArray(value) ? this.join(value, ',') : String(value)
      parts.push(part)
      this.#count(part.length + separator.length)
    }
    this.#enclosing.delete(list)
    return parts.join(separator)
  }

  #count(units: number): void {
    this.#units += units
    if (this.#units > STRING_LENGTH_MAX) this.#host.requireMemory(Infinity)
    if (this.#units > 65_536) this.#host.requireMemory(2 * this.#units)
  }
}
