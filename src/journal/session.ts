import type { Encoded, LimitName } from '../base/index.ts'
import {
  answersOf,
  NO_AMOUNTS,
  PROGRAM_CALL,
  type Amounts,
  type EffectAnswer,
  type EffectCall,
  type JournalEntry,
  type Left,
} from '../effects/index.ts'
import type { EffectSession, EffectUsage, Next, SessionUsage } from '../sandbox/index.ts'
import { describeDivergence, describeUnknown } from './divergence.ts'
import { Ledger } from './ledger.ts'

/** What the broker made of a call. */
export type Performed =
  /** `used`: by the program that was called, and by those that it called. */
  | { readonly kind: 'answer'; readonly text: string; readonly used?: Amounts }
  /** There will be an answer, but not now. */
  | { readonly kind: 'suspended' }
  | { readonly kind: 'limited'; readonly limit: LimitName }
  /** In a replay: nothing is known of this call. */
  | { readonly kind: 'absent' }

export type Performer = {
  /** Does a call. Never rejects. `grant`: what a program that is called may use. */
  perform(call: EffectCall, signal: AbortSignal, grant?: Amounts): Promise<Performed>
  usage(): EffectUsage
  /** The run waits for answers, or is at work. */
  waits?(isWaiting: boolean): void
  /** The run has ended. */
  close?(): void
}

/** An entry that has its answer. */
export type Answered = JournalEntry & Required<Pick<JournalEntry, 'order' | 'elapsed' | 'text'>>

/** Where the calls of an execution are kept. What a promise stands for is durable when it resolves. */
export type JournalWriter = {
  /** Before a call is done that must not be done twice. */
  begin(call: EffectCall): Promise<void>
  /** Before answers reach the run. */
  answer(answered: readonly Answered[]): Promise<void>
  cancel(call: EffectCall): Promise<void>
}

export type SessionOptions = {
  /** Those of the run, of which programs that it calls get a part. */
  readonly limits: Amounts
  readonly performer: Performer
  readonly journal: JournalWriter
  /** What earlier runs of the execution did: this one is told the same, and the world notices nothing. */
  readonly past: readonly JournalEntry[]
  /** Whether a call may be done again of which nobody knows whether it was done. */
  isRepeatable(call: EffectCall): boolean
  /** Milliseconds since the execution began. */
  elapsed(): number
}

/** Of a call whose answer was lost when the service ended. */
export const UNKNOWN = JSON.stringify({
  error: {
    name: 'outcome-unknown',
    message:
      'the service ended while this call was under way: it is not known whether it was done, and it is not done again',
  },
})

type Started = { readonly call: EffectCall; readonly givenUp: AbortController }

/**
 * Does the calls of an execution and journals them. Each answer is durable before the run gets it, and the run gets answers
 * in the order of the journal, so that another run can take its place at any time (see docs/decisions).
 */
export class Session implements EffectSession {
  readonly #options: SessionOptions
  readonly #past: ReadonlyMap<number, JournalEntry>
  readonly #started = new Map<number, Started>()
  /** Calls that are being done. */
  readonly #active = new Set<number>()
  /** Calls of programs that are done when the run waits; whether an earlier run began them. */
  readonly #deferred = new Map<number, boolean>()
  readonly #suspended = new Map<number, EffectCall>()
  readonly #ledger: Ledger
  readonly #used = new Map<number, Amounts>()
  /** Answers on their way into the journal, and those that the run gets next. */
  readonly #unwritten: Answered[] = []
  readonly #ready: EffectAnswer[]
  #order: number
  #elapsed: number
  #isWriting = false
  #end: Next | undefined
  /** Of the first call of which nothing is known. */
  #missing: string | undefined
  #failure: unknown
  #changed = Promise.withResolvers<void>()

  constructor(options: SessionOptions) {
    this.#options = options
    this.#past = new Map(options.past.map((entry) => [entry.sequence, entry]))
    this.#ready = answersOf(options.past)
    this.#ledger = new Ledger(options.limits)
    for (const { sequence, used } of options.past) if (used) this.#used.set(sequence, used)
    this.#order = this.#ready.length
    this.#elapsed = this.#ready.at(-1)?.elapsed ?? 0
    options.performer.waits?.(false)
  }

  start(call: EffectCall): void {
    const entry = this.#past.get(call.sequence)
    if (entry && (entry.name !== call.name || entry.args !== call.args))
      return this.#stop({ kind: 'diverged', message: describeDivergence(entry, call) })
    const started = { call, givenUp: new AbortController() }
    this.#started.set(call.sequence, started)
    this.#ledger.start(call)
    if (entry?.cancelled || entry?.text !== undefined) return
    this.#active.add(call.sequence)
    const isTakenUp = entry !== undefined
    // What a program may use that is called is known when the run waits: until then it uses of the same itself.
    if (call.name === PROGRAM_CALL) this.#deferred.set(call.sequence, isTakenUp)
    else void this.#work(started, isTakenUp)
  }

  cancel(sequence: number): void {
    const started = this.#started.get(sequence)
    if (!started) return
    started.givenUp.abort()
    this.#deferred.delete(sequence)
    this.#ledger.drop(sequence)
    const at = this.#ready.findIndex((answer) => answer.sequence === sequence)
    if (at >= 0) this.#ready.splice(at, 1)
    if (this.#suspended.delete(sequence) || this.#active.delete(sequence))
      void this.#options.journal.cancel(started.call).catch((error: unknown) => this.#fail(error))
    this.#wake()
  }

  async next(left: Left = NO_AMOUNTS): Promise<Next> {
    for (const [sequence, grant] of this.#ledger.wait(left)) this.#begin(sequence, grant)
    this.#options.performer.waits?.(true)
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure
      if (this.#end) return this.#end
      const [answer] = this.#ready
      // Of a journal the answers to later calls are there as well.
      if (answer && this.#started.has(answer.sequence)) return this.#tell(answer)
      if (this.#active.size === 0) return this.#idle()
      await this.#changed.promise
    }
  }

  /** Calls of earlier runs that this one has not made. */
  unmade(): readonly JournalEntry[] {
    return this.#options.past.filter(({ sequence }) => !this.#started.has(sequence))
  }

  /** Whether earlier runs of the execution made calls. */
  get isResumed(): boolean {
    return this.#past.size > 0
  }

  /** Calls that are being done: when the run ends now, nobody knows whether they were. */
  underWay(): readonly EffectCall[] {
    return [...this.#active].flatMap((sequence) => this.#started.get(sequence)?.call ?? [])
  }

  effectsTaken(): number {
    return this.#ledger.taken.effects
  }

  usage(): SessionUsage {
    const { fuel, allocation, effects } = this.#ledger.charged
    const nested = { nestedFuel: fuel, nestedAllocatedBytes: allocation, nestedEffects: effects }
    return { nestedBytes: 0, ...this.#options.performer.usage(), ...nested }
  }

  close(): void {
    for (const { givenUp } of this.#started.values()) givenUp.abort()
    this.#options.performer.close?.()
  }

  #tell(answer: EffectAnswer): Next {
    this.#ready.shift()
    this.#options.performer.waits?.(false)
    this.#ledger.settle(answer.sequence, this.#used.get(answer.sequence))
    const { fuel, allocation } = this.#ledger.taken
    const taken = fuel > 0 || allocation > 0 ? { taken: { fuel, allocation } } : {}
    return { kind: 'answer', answer: { ...answer, ...taken } }
  }

  /** Has a program called, unless that was done before. */
  #begin(sequence: number, grant: Amounts): void {
    const [started, isTakenUp] = [this.#started.get(sequence), this.#deferred.get(sequence)]
    this.#deferred.delete(sequence)
    if (started && isTakenUp !== undefined) void this.#work(started, isTakenUp, grant)
  }

  /** What a run waits for when nothing is being done. */
  #idle(): Next {
    if (this.#missing !== undefined) return { kind: 'diverged', message: this.#missing }
    if (this.#suspended.size === 0) return { kind: 'none' }
    const waitsFor = [...this.#suspended.values()].map(({ sequence, name, args }) => ({
      sequence,
      name,
      args: JSON.parse(args) as Encoded,
    }))
    return { kind: 'suspended', waitsFor }
  }

  /** `isTakenUp`: an earlier run began the call, and nobody knows what became of it. */
  async #work({ call, givenUp }: Started, isTakenUp: boolean, grant?: Amounts): Promise<void> {
    try {
      const performed = await this.#perform(call, isTakenUp, givenUp.signal, grant)
      if (givenUp.signal.aborted) return
      if (performed.kind === 'limited') return this.#stop({ kind: 'limited', limit: performed.limit })
      if (performed.kind === 'answer') return this.#answer(call, performed.text, performed.used)
      if (performed.kind === 'suspended') this.#suspended.set(call.sequence, call)
      // The run may have ended before this call did: that it is not in the journal counts only when the run waits for it.
      else this.#missing ??= describeUnknown(call)
      this.#active.delete(call.sequence)
      this.#wake()
    } catch (error) {
      this.#fail(error)
    }
  }

  async #perform(call: EffectCall, isTakenUp: boolean, signal: AbortSignal, grant?: Amounts): Promise<Performed> {
    const { journal, performer, isRepeatable } = this.#options
    // What may be done twice is not announced: when its answer is lost it is just done again.
    if (!isRepeatable(call)) {
      // A program that was called may have used all that it might.
      if (isTakenUp) return { kind: 'answer', text: UNKNOWN, ...(grant && { used: grant }) }
      await journal.begin(call)
    }
    return performer.perform(call, signal, grant)
  }

  #answer(call: EffectCall, text: string, used: Amounts | undefined): void {
    if (used) this.#used.set(call.sequence, used)
    this.#elapsed = Math.max(this.#elapsed, Math.floor(this.#options.elapsed()))
    const answered = { ...call, order: this.#order++, elapsed: this.#elapsed, text }
    this.#unwritten.push(used ? { ...answered, used } : answered)
    if (!this.#isWriting) void this.#write()
  }

  /** Writes answers in their order, all that have come since the last time together. */
  async #write(): Promise<void> {
    this.#isWriting = true
    try {
      while (this.#unwritten.length > 0) {
        const batch = this.#unwritten.splice(0)
        await this.#options.journal.answer(batch)
        for (const { sequence, elapsed, text } of batch) {
          if (this.#active.delete(sequence)) this.#ready.push({ sequence, elapsed, text })
        }
        this.#wake()
      }
    } catch (error) {
      this.#fail(error)
    }
    this.#isWriting = false
  }

  #stop(end: Next): void {
    this.#end ??= end
    this.#wake()
  }

  #fail(error: unknown): void {
    this.#failure ??= error
    this.#wake()
  }

  #wake(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }
}
