/** What came of an execution of the program, as it says itself. */
export type Result = { readonly tag: string; readonly done: number; readonly unknown: number; readonly die: number }
export type ExecuteAnswer = { readonly executionId: string; readonly output: { readonly result: Result } }

/** A request with an `Idempotency-Key`, which is sent again after a kill, and what was answered first. */
export type Keyed = {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly tags: readonly string[]
  answer?: unknown
}

/** An entry that the audit log must have exactly once. */
type Deed = { readonly action: string; readonly subject: string }

/** All that a service acknowledged, kept outside of it. Lists only grow. */
export class Acknowledged {
  /** Executions that were answered in place: what was said must be on record in every word. */
  readonly executions: ExecuteAnswer[] = []
  /** Executions that were accepted, which end some time. */
  readonly accepted: { readonly id: string; readonly tag: string }[] = []
  readonly batches: { readonly id: string; readonly tags: readonly string[] }[] = []
  readonly artifacts: { readonly id: string; readonly bytes: Uint8Array }[] = []
  readonly deeds: Deed[] = []
  /** Checkpoints of the audit log, in the order in which they were given. */
  readonly checkpoints: string[] = []
  readonly #ids = new Set<string>()

  addExecution(answer: ExecuteAnswer): void {
    if (!this.#isNew(answer.executionId)) return
    this.executions.push(answer)
    this.deeds.push({ action: 'executions.end', subject: answer.executionId })
  }

  addAccepted(id: string, tag: string): void {
    if (!this.#isNew(id)) return
    this.accepted.push({ id, tag })
    this.deeds.push({ action: 'executions.accept', subject: id })
  }

  addBatch(id: string, tags: readonly string[]): void {
    if (!this.#isNew(id)) return
    this.batches.push({ id, tags })
    this.deeds.push({ action: 'batches.create', subject: id })
  }

  addArtifact(id: string, bytes: Uint8Array): void {
    this.artifacts.push({ id, bytes })
    this.deeds.push({ action: 'artifacts.publish', subject: id })
  }

  /** What a key is answered again tells of no new subject. */
  #isNew(id: string): boolean {
    const isNew = !this.#ids.has(id)
    this.#ids.add(id)
    return isNew
  }

  /** How much was acknowledged of each kind, for `since`. */
  mark(): Mark {
    const { executions, accepted, batches, artifacts, deeds } = this
    return [executions, accepted, batches, artifacts, deeds].map((list) => list.length) as unknown as Mark
  }

  /** What was acknowledged after a mark. */
  since(mark: Mark): Pick<Acknowledged, 'executions' | 'accepted' | 'batches' | 'artifacts' | 'deeds'> {
    const [executions, accepted, batches, artifacts, deeds] = mark
    return {
      executions: this.executions.slice(executions),
      accepted: this.accepted.slice(accepted),
      batches: this.batches.slice(batches),
      artifacts: this.artifacts.slice(artifacts),
      deeds: this.deeds.slice(deeds),
    }
  }
}

export type Mark = readonly [number, number, number, number, number]
export const FROM_THE_START: Mark = [0, 0, 0, 0, 0]
export type Part = ReturnType<Acknowledged['since']>
