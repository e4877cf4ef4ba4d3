import type { Instance, Sql } from '../store/index.ts'
import { sendTo } from './ask.ts'
import type { Counts } from './counts.ts'
import type { DeliveryRow } from './deliveries.ts'
import { EVENTS, type CloudEvent, type EventName } from './event.ts'
import { HookFailure } from './failure.ts'
import type { Hook } from './hook.ts'
import { claimDue, nextDue, settle, sweep, takeBack, type Attempted } from './queue.ts'
import { retryDelayMs } from './retry.ts'

/** Events that one hook is sent at the same time: one that hangs holds up only itself. */
const PER_HOOK_MAX = 4
/** How often to look for what other processes put down, or left when they ended. */
const LOOK_MS = 5000
const SWEEP_MS = 60 * 60 * 1000

type DelivererOptions = {
  readonly sql: Sql
  readonly hooks: readonly Hook[]
  readonly instance: Instance
  readonly counts: Counts
  readonly onFailure: (delivery: { readonly id: string; readonly hook: string }, error: unknown) => void
}

/** Sends events to the hooks that asked for them, at least once each and in no order that could be relied on, until they are taken. */
export class Deliverer {
  readonly #options: DelivererOptions
  readonly #hooks: readonly Hook[]
  readonly #underWay = new Map<string, Set<Promise<unknown>>>()
  readonly #closing = new AbortController()
  #wake = Promise.withResolvers<void>()
  #loop: Promise<void> | undefined
  #sweptAt = 0

  constructor(options: DelivererOptions) {
    this.#options = options
    this.#hooks = options.hooks.filter(({ on }) => on.some((name) => Object.hasOwn(EVENTS, name)))
  }

  start(): void {
    if (this.#hooks.length > 0) this.#loop ??= this.#run()
  }

  /** Something was put down, or is to be sent again: it is sent when the transaction is durable. */
  wake(): void {
    this.#wake.resolve()
  }

  /** Gives up what is under way, which is sent again by whoever starts next. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.wake()
    await this.#loop
    await Promise.all([...this.#underWay.values()].flatMap((set) => [...set]))
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#wake = Promise.withResolvers<void>()
      const pause = await this.#sendDue().catch((error: unknown) => {
        this.#options.onFailure({ id: '', hook: '' }, error)
        return LOOK_MS
      })
      await this.#rest(pause)
    }
  }

  /** Begins to send what is due; how long nothing will be, in ms. */
  async #sendDue(): Promise<number> {
    const { sql, instance } = this.#options
    await takeBack(sql, (owner) => instance.isAlive(owner))
    if (Date.now() - this.#sweptAt > SWEEP_MS) {
      await sweep(sql)
      this.#sweptAt = Date.now()
    }
    let pause = LOOK_MS
    for (const hook of this.#hooks) pause = Math.min(pause, await this.#sendDueTo(hook))
    return pause
  }

  async #sendDueTo(hook: Hook): Promise<number> {
    const { sql, instance } = this.#options
    const underWay = this.#underWay.get(hook.name) ?? new Set()
    this.#underWay.set(hook.name, underWay)
    // With as many under way as there may be, the end of one of them is what is waited for.
    const free = PER_HOOK_MAX - underWay.size
    if (free === 0) return LOOK_MS
    const waitMs = (await nextDue(sql.query, hook.name)) - Date.now()
    if (waitMs > 0) return waitMs
    for (const row of await claimDue(sql, hook.name, instance.id, free)) {
      const sent = this.#deliver(hook, row).finally(() => {
        underWay.delete(sent)
        this.wake()
      })
      underWay.add(sent)
    }
    return 0
  }

  async #rest(ms: number): Promise<void> {
    const timer = setTimeout(() => this.wake(), ms)
    await this.#wake.promise
    clearTimeout(timer)
  }

  /** Never rejects: what cannot be put down is taken back once this process is gone. */
  async #deliver(hook: Hook, row: DeliveryRow): Promise<void> {
    try {
      await settle(this.#options.sql, row, await this.#attempt(hook, row))
    } catch (error) {
      this.#options.onFailure(row, error)
    }
  }

  async #attempt(hook: Hook, row: DeliveryRow): Promise<Attempted> {
    const { counts, onFailure } = this.#options
    const event = JSON.parse(row.event) as CloudEvent
    const startedMs = performance.now()
    try {
      await sendTo(hook, event, event.type.replace(/^anrf\./, '') as EventName, this.#closing.signal)
      counts.end(hook.name, { occasion: 'event', result: 'told', startedMs })
      return { state: 'delivered' }
    } catch (error) {
      if (this.#closing.signal.aborted) return { state: 'unsent' }
      onFailure(row, error)
      const known = error instanceof HookFailure ? error : new HookFailure('failed', 'a defect of the service')
      const { reason: failure, message: detail, retryAfterMs } = known
      counts.end(hook.name, { occasion: 'event', result: failure, startedMs })
      const isLast = row.attempts >= hook.attemptsMax || failure === 'gone'
      if (isLast) return { state: 'dead', failure, detail }
      const afterMs = retryDelayMs(row.attempts, hook.retryMs, retryAfterMs)
      return { state: 'waiting', failure, detail, afterMs }
    }
  }
}
