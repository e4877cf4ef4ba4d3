type Callback = (...args: never[]) => unknown
type Waiting = {
  readonly id: number
  /** Grows each time that a timer is set, or set anew. */
  readonly order: number
  due: number
  readonly run: () => unknown
  readonly period: number | undefined
}

/** Timers in the place of Node's, which go off in the order of the times that were asked for, without anybody waiting. */
export class VirtualTimers {
  #now = 0
  #set = 0
  #waiting: Waiting[] = []

  install(): void {
    const set = (callback: Callback, ms: number | undefined, args: never[], repeats: boolean): number => {
      const delay = Math.trunc(Number(ms))
      const period = delay >= 1 && delay <= 2 ** 31 - 1 ? delay : 1
      const id = ++this.#set
      const run = (): unknown => callback(...args)
      this.#waiting.push({ id, order: id, due: this.#now + period, run, period: repeats ? period : undefined })
      return id
    }
    const clear = (id: number | undefined): void => {
      this.#waiting = this.#waiting.filter((one) => one.id !== id)
    }
    Object.assign(globalThis, {
      setTimeout: (callback: Callback, ms?: number, ...args: never[]) => set(callback, ms, args, false),
      setInterval: (callback: Callback, ms?: number, ...args: never[]) => set(callback, ms, args, true),
      clearTimeout: clear,
      clearInterval: clear,
    })
  }

  /** Runs the timer whose turn it is; false when there is none. What its callback throws is thrown. */
  runNext(): boolean {
    // Those of one time go off in the order in which they were set.
    const [next] = this.#waiting.toSorted((a, b) => a.due - b.due || a.order - b.order)
    if (!next) return false
    this.#now = Math.max(this.#now, next.due)
    if (next.period === undefined) this.#waiting.splice(this.#waiting.indexOf(next), 1)
    else next.due = Infinity
    next.run()
    // Node sets a repeated timer anew after its callback: it comes after those set meanwhile for the same time.
    if (next.period !== undefined && this.#waiting.includes(next)) {
      this.#waiting.splice(this.#waiting.indexOf(next), 1)
      this.#waiting.push({ ...next, order: ++this.#set, due: this.#now + next.period })
    }
    return true
  }
}
