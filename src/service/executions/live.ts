import { Signals } from './signals.ts'

/** An execution that this process works on. */
export type LiveExecution = {
  readonly executionId: string
  readonly tenant: string
  readonly principal: string
  /** The batch that it is of. */
  readonly batch: string | undefined
  /** The log so far. A run that is taken up writes the same lines again, which are here once. */
  readonly lines: readonly string[]
  /** Somebody wants it ended. */
  readonly isCancelAsked: boolean
}

type Entry = { -readonly [K in keyof LiveExecution]: LiveExecution[K] } & { readonly lines: string[] }

/** The executions that this process works on: what they say while they run, and who wants them ended. */
export class LiveExecutions {
  readonly #entries = new Map<string, Entry>()
  /** Woken when an execution has ended, or is suspended. */
  readonly ends = new Signals()
  /** Woken when there is another line. */
  readonly lines = new Signals()

  get size(): number {
    return this.#entries.size
  }

  begin(
    executionId: string,
    { tenant, id: principal }: { readonly tenant: string; readonly id: string },
    batch?: string,
  ): LiveExecution {
    const entry: Entry = { executionId, tenant, principal, batch, lines: [], isCancelAsked: false }
    this.#entries.set(executionId, entry)
    return entry
  }

  find(executionId: string): LiveExecution | undefined {
    return this.#entries.get(executionId)
  }

  /** Those of a batch. */
  ofBatch(batch: string): readonly string[] {
    return [...this.#entries.values()].flatMap((entry) => (entry.batch === batch ? [entry.executionId] : []))
  }

  /** Takes the lines of one attempt, which begins with those that are here already: programs do the same each time. */
  logger(executionId: string): (line: string) => void {
    let at = 0
    return (line) => {
      const entry = this.#entries.get(executionId)
      if (!entry || at++ < entry.lines.length) return
      entry.lines.push(line)
      this.lines.wake(executionId)
    }
  }

  /** Whether it is here to be ended; ending it is for the pool. */
  askToCancel(executionId: string): boolean {
    const entry = this.#entries.get(executionId)
    if (entry) entry.isCancelAsked = true
    return entry !== undefined
  }

  /** It has ended, is suspended, or is given back. */
  end(executionId: string): void {
    this.#entries.delete(executionId)
    this.ends.wake(executionId)
    this.lines.wake(executionId)
  }

  /** Nobody waits for anything any more. */
  close(): void {
    this.ends.close()
    this.lines.close()
  }
}
