import { closeSync, readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { BREAK_OUT } from '../isolation/lock-down.ts'
import type { Libc } from '../isolation/libc.ts'
import { makePair, sendRights } from '../isolation/rights.ts'
import type { Exit, Launch, Launched, Isolation, Started } from '../launch.ts'
import { watchFork, type Parent } from './forked.ts'
import { ANSWER_BYTES, BREAK_OUT as FORK_TO_BREAK_OUT, decodeAnswer, encodeOrder, FORK, type Answer } from './orders.ts'

export const ZYGOTE_MAIN: string = fileURLToPath(new URL('zygote-main.ts', import.meta.url))
/**
 * V8 without threads of its own, which would not be there in a child, and without the thread that waits for SIGUSR1. Functions are compiled
 * when they are loaded, once for all children: what no rehearsal calls would be compiled in each of them while somebody waits.
 */
export const ZYGOTE_FLAGS: readonly string[] = [
  '--single-threaded',
  '--v8-pool-size=0',
  '--disable-sigusr1',
  '--no-lazy',
]

/** One process that forks workers, as the service sees it. Its children do not outlive it. */
export class Zygote {
  /** How it ended. */
  readonly ended: Promise<Exit>
  /** True once it can fork; false when it ended first. */
  readonly ready: Promise<boolean>
  readonly #libc: Libc
  readonly #started: Started
  readonly #fd: number
  readonly #control: Socket
  /** Who waits for answers, in the order of the questions. The first tells that it is ready. */
  readonly #due: ((answer: Answer | undefined) => void)[] = []
  #rest = Buffer.alloc(0)
  #forks = 0
  #live = 0
  #isRetired = false

  constructor(libc: Libc, start: NonNullable<Isolation['startZygote']>, heapBytes: number) {
    const [ours, theirs] = makePair(libc)
    this.#libc = libc
    this.#fd = ours
    this.#started = start({ heapBytes, script: ZYGOTE_MAIN, flags: ZYGOTE_FLAGS }, theirs)
    closeSync(theirs)
    this.#control = new Socket({ fd: ours })
    this.ready = new Promise((resolve) => this.#due.push((answer) => resolve(answer !== undefined)))
    this.#control.on('data', (chunk: Buffer) => this.#read(chunk))
    this.#control.on('error', () => undefined)
    this.#control.once('close', () => this.kill())
    this.ended = this.#started.exited.then((exit) => (this.kill(), exit))
  }

  /** Children that were asked for. */
  get forks(): number {
    return this.#forks
  }

  /** A worker, which comes ready by itself. Undefined when this one does not take orders. */
  fork({ words = [] }: Pick<Parameters<Launch>[0], 'words'> = {}): Launched | undefined {
    if (this.#control.destroyed) return undefined
    const [channel, stderr] = [makePair(this.#libc), makePair(this.#libc)]
    const answer = this.#ask(words.includes(BREAK_OUT) ? FORK_TO_BREAK_OUT : FORK, [channel[1], stderr[1]])
    closeSync(channel[1])
    closeSync(stderr[1])
    const launched = watchFork(this.#asParent(), channel[0], stderr[0], answer)
    this.#forks++
    this.#live++
    void launched.exited.then(() => {
      this.#live--
      this.#leaveIfUnused()
    })
    return launched
  }

  /** Forks no more, and ends with its last child. */
  retire(): void {
    this.#isRetired = true
    this.#leaveIfUnused()
  }

  kill(): void {
    this.#started.kill()
    this.#control.destroy()
    for (const tell of this.#due.splice(0)) tell(undefined)
  }

  #leaveIfUnused(): void {
    if (this.#isRetired && this.#live === 0) this.kill()
  }

  #ask(order: number, descriptors: readonly number[] = []): Promise<Answer | undefined> {
    if (this.#control.destroyed) return Promise.resolve(undefined)
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>()
    this.#due.push(resolve)
    // What it cannot take, it will not answer, and what it was told before cannot be taken back.
    if (!sendRights(this.#libc, this.#fd, encodeOrder(order), descriptors)) this.kill()
    return promise
  }

  #read(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk])
    for (; this.#rest.length >= ANSWER_BYTES; this.#rest = this.#rest.subarray(ANSWER_BYTES)) {
      const tell = this.#due.shift()
      if (!tell) return this.kill()
      tell(decodeAnswer(this.#rest))
    }
  }

  #asParent(): Parent {
    return {
      bury: (id) => this.#ask(id),
      pidOf: (id) => findChild(this.#started.processId(), id),
      kill: () => this.kill(),
      ended: this.ended,
    }
  }
}

/** The child of a process that has the id `inner` in the innermost namespace (proc(5), NSpid). */
function findChild(pid: number | undefined, inner: number): number | undefined {
  if (pid === undefined) return undefined
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ')
    return children.map(Number).findLast((child) => innermostId(child) === inner)
  } catch {
    return undefined
  }
}

function innermostId(pid: number): number | undefined {
  try {
    const ids = /^NSpid:\s*(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
    return Number(ids?.split('\t').at(-1))
  } catch {
    // Ended already.
    return undefined
  }
}
