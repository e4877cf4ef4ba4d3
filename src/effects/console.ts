import { Console } from 'node:console'
import { CONSOLE_METHODS, type ConsoleMethod, type LogLevel } from '../ir/index.ts'
import { formatTime } from './format-time.ts'

/**
 * The console of one run: that of Node, which writes to the log. Times come from the run. What Node says in a warning of the
 * process (a label that is in use or is not) is not said.
 */
export class RunConsole {
  readonly #write: (level: LogLevel, text: string) => void
  #made: Console | undefined
  readonly #counts = new Map<string, number>()
  readonly #starts = new Map<string, number>()
  #level: LogLevel = 'log'

  /** `write` takes what one call prints, without the line end. */
  constructor(write: (level: LogLevel, text: string) => void) {
    this.#write = write
  }

  /** Most runs print nothing. */
  get #console(): Console {
    if (this.#made) return this.#made
    const stream = { write: (text: string) => this.#write(this.#level, text.slice(0, -1)) }
    const stdout = stream as unknown as NodeJS.WritableStream
    return (this.#made = new Console({ stdout, ignoreErrors: false, colorMode: false }))
  }

  /** Calls a method with plain values of the host. */
  call(method: ConsoleMethod, values: readonly unknown[]): void {
    this.#level = CONSOLE_METHODS[method]
    switch (method) {
      case 'count':
        return this.#count(values[0] as string)
      case 'countReset':
        return void this.#counts.delete(values[0] as string)
      case 'time':
      case 'timeEnd':
      case 'timeLog':
        return this.#time(method, values)
      case 'table':
        return this.#console.table(values[0], values[1] as string[] | undefined)
      case 'dir':
        return this.#console.dir(values[0], values[1] as object | undefined)
      default:
        return this.#console[method](...values)
    }
  }

  #count(label: string): void {
    const count = (this.#counts.get(label) ?? 0) + 1
    this.#counts.set(label, count)
    this.#console.log(`${label}: ${count}`)
  }

  #time(method: 'time' | 'timeEnd' | 'timeLog', values: readonly unknown[]): void {
    const [label, elapsed, ...data] = values as [string, number, ...unknown[]]
    const start = this.#starts.get(label)
    if (method === 'time') {
      if (start === undefined) this.#starts.set(label, elapsed)
      return
    }
    if (start === undefined) return
    if (method === 'timeEnd') this.#starts.delete(label)
    this.#console.log('%s: %s', label, formatTime(elapsed - start), ...data)
  }
}
