import { LIMITS } from '../../base/index.ts'
import { openLibc, type Libc } from '../isolation/libc.ts'
import { doubt, keepCompiledForm } from '../isolation/prove.ts'
import type { Isolation, Launched } from '../launch.ts'
import { heapBytesMax } from '../watch.ts'
import { Zygote, ZYGOTE_FLAGS, ZYGOTE_MAIN } from './zygote.ts'

type StartZygote = NonNullable<Isolation['startZygote']>

/** Workers by fork(2), for programs that may have the default memory. */
export type Forks = {
  /** Whether they can be had now. */
  readonly isOpen: boolean
  /** From now on `tell` hears of every change; a reason says why they cannot be had. */
  tellOfChanges(tell: Tell): void
  /** Starts what workers are forked from, once. It is done when they can be had or the reason is known why not. */
  open(): Promise<void>
  /** A worker that comes ready in milliseconds. Undefined where none can be had now; the first time that one is asked for, it opens. */
  launch(): Launched | undefined
  /** Says that a worker did not become ready, whatever the reason: others are then not forked from the same process. */
  distrust(): void
  close(): Promise<void>
}

/** Whether workers can be forked from now on; `reason` says why not. */
export type ForksChange = { readonly isOpen: boolean; readonly reason?: string }
type Tell = (change: ForksChange) => void

export type ForksOptions = {
  /** A process is replaced after so many forks: its children have their addresses in common. */
  readonly forksMax?: number
}

const FORKS_MAX = 500
/** Whatever goes wrong is not tried again at once; the pause doubles up to an hour. */
const PAUSE_MS = 1000
const PAUSE_MS_MAX = 3_600_000
/** Who served so long has done well. */
const GOOD_MS = 60_000

/** Where the isolation has processes that may fork. Nothing is started before it is opened. */
export function createForks(isolation: Isolation, { forksMax = FORKS_MAX }: ForksOptions = {}): Forks | undefined {
  const { startZygote } = isolation
  if (!startZygote) return undefined
  let compiled: Promise<void> | undefined
  const open = async (): Promise<Zygote | string> => {
    await (compiled ??= keepCompiledForm({ script: ZYGOTE_MAIN, flags: ZYGOTE_FLAGS }))
    return await openProved(await openLibc(), isolation, startZygote)
  }
  return new KeptForks(open, forksMax)
}

/**
 * Starts a process that workers are forked from, and proves it: a child of it does a run, and a forbidden call ends it. A text says
 * why there is none.
 */
async function openProved(libc: Libc, isolation: Isolation, start: StartZygote): Promise<Zygote | string> {
  const zygote = new Zygote(libc, start, heapBytesMax(LIMITS.memory.default))
  if (!(await zygote.ready)) {
    const { stderr, signal, code } = await zygote.ended
    return stderr.trim() || `it ended by ${signal ?? code}`
  }
  const launch: Isolation['launch'] = (spec) => {
    const launched = zygote.fork(spec)
    if (!launched) throw new Error('it takes no orders')
    return launched
  }
  const doubted = await doubt({ ...isolation, launch })
  if (doubted) zygote.kill()
  return doubted?.reason ?? zygote
}

/** One process at a time, replaced before it has forked too often and when it is lost. */
class KeptForks implements Forks {
  readonly #hearers: Tell[] = []
  readonly #openZygote: () => Promise<Zygote | string>
  readonly #forksMax: number
  readonly #alive = new Set<Zygote>()
  #current: Zygote | undefined
  #opened: Promise<void> | undefined
  #isReplacing = false
  #isClosed = false
  #sinceMs = 0
  #pauseMs = PAUSE_MS
  #timer: NodeJS.Timeout | undefined

  constructor(open: () => Promise<Zygote | string>, forksMax: number) {
    this.#openZygote = open
    this.#forksMax = forksMax
  }

  get isOpen(): boolean {
    return this.#current !== undefined
  }

  tellOfChanges(tell: Tell): void {
    this.#hearers.push(tell)
  }

  open(): Promise<void> {
    return (this.#opened ??= this.#replace())
  }

  launch(): Launched | undefined {
    void this.open()
    const launched = this.#current?.fork()
    if (this.#current && this.#current.forks >= this.#forksMax) void this.#replace()
    return launched
  }

  distrust(): void {
    this.#lose('a worker that it forked did not become ready')
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#current = undefined
    for (const zygote of this.#alive) zygote.kill()
    await Promise.all([this.#opened, ...[...this.#alive].map((zygote) => zygote.ended)])
  }

  /** Until the next one is ready, the one before it goes on. */
  async #replace(): Promise<void> {
    if (this.#isReplacing || this.#isClosed) return
    this.#isReplacing = true
    const next = await this.#openZygote().catch(String)
    this.#isReplacing = false
    if (typeof next !== 'string') this.#use(next)
    else if (!this.#isClosed && !this.isOpen) {
      this.#tell({ isOpen: false, reason: next })
      this.#tryLater()
    }
  }

  #use(zygote: Zygote): void {
    this.#alive.add(zygote)
    void zygote.ended.then(({ stderr }) => {
      this.#alive.delete(zygote)
      if (this.#current === zygote) this.#lose(`it has ended ${stderr.trim()}`.trim())
    })
    if (this.#isClosed) return zygote.kill()
    const before = this.#current
    this.#current = zygote
    this.#sinceMs = performance.now()
    if (before) before.retire()
    else this.#tell({ isOpen: true })
  }

  #lose(reason: string): void {
    const lost = this.#current
    if (!lost || this.#isClosed) return
    if (performance.now() - this.#sinceMs > GOOD_MS) this.#pauseMs = PAUSE_MS
    this.#current = undefined
    lost.retire()
    this.#tell({ isOpen: false, reason })
    this.#tryLater()
  }

  #tell(change: ForksChange): void {
    for (const tell of this.#hearers) tell(change)
  }

  #tryLater(): void {
    this.#timer = setTimeout(() => void this.#replace(), this.#pauseMs).unref()
    this.#pauseMs = Math.min(2 * this.#pauseMs, PAUSE_MS_MAX)
  }
}
