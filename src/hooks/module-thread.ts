import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { HookFailure } from './failure.ts'
import type { FromModule, ToModule } from './module-messages.ts'

const MAIN = fileURLToPath(new URL('./module-main.ts', import.meta.url))

/** How long a module may take to load, and how long a thread may be silent after a call in it took too long; in ms. */
const LOAD_MS_MAX = 30_000
const PONG_MS_MAX = 1000
const HEAP_MIB_MAX = 512

type Call = { readonly resolve: (value: unknown) => void; readonly reject: (error: HookFailure) => void }
type Live = { readonly worker: Worker; readonly calls: Map<number, Call>; isSilent: boolean }

/** What a module has: the functions of its default export, and its `version`. */
export type Described = { readonly methods: readonly string[]; readonly version: string | undefined }

/**
 * A module of the operator in a thread of its own: a loop in it does not stop the service, and a crash ends only the thread,
 * which the next call starts again.
 */
export class ModuleThread {
  readonly #path: string
  readonly #onLine: (line: string) => void
  #live: Live | undefined
  #starting: Promise<Live> | undefined
  #described: Described | undefined
  #lastId = 0
  #isClosed = false

  constructor(path: string, onLine: (line: string) => void) {
    this.#path = path
    this.#onLine = onLine
  }

  /** Loads the module. Fails with a `HookFailure` that says why it does not fit. */
  async load(): Promise<Described> {
    await this.#thread()
    return this.#described!
  }

  /** Calls a function of the module. Its last argument is `{signal}`. Fails with a `HookFailure`. */
  async call(method: string, args: readonly unknown[], signal: AbortSignal): Promise<unknown> {
    const live = await this.#thread()
    if (signal.aborted) throw abortedBy(signal)
    const id = ++this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    live.calls.set(id, { resolve, reject })
    const abort = (): void => {
      send(live, { kind: 'abort', id })
      this.#listen(live)
      reject(abortedBy(signal))
    }
    signal.addEventListener('abort', abort, { once: true })
    send(live, { kind: 'call', id, method, args: JSON.stringify(args) })
    try {
      return await promise
    } finally {
      live.calls.delete(id)
      signal.removeEventListener('abort', abort)
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#live?.worker.terminate()
  }

  /** Ends a thread that does not answer: one call that waits holds up no other, but a loop does. */
  #listen(live: Live): void {
    if (live.isSilent) return
    live.isSilent = true
    send(live, { kind: 'ping' })
    setTimeout(() => {
      if (live.isSilent) void live.worker.terminate()
    }, PONG_MS_MAX).unref()
  }

  #thread(): Promise<Live> {
    if (this.#isClosed) return Promise.reject(new HookFailure('cancelled', 'the service is stopping'))
    if (this.#live) return Promise.resolve(this.#live)
    return (this.#starting ??= this.#start().finally(() => (this.#starting = undefined)))
  }

  async #start(): Promise<Live> {
    const { promise, resolve, reject } = Promise.withResolvers<Described>()
    const worker = new Worker(MAIN, {
      workerData: { path: this.#path },
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB_MAX },
    })
    const live: Live = { worker, calls: new Map(), isSilent: false }
    let lastError = 'its thread ended'
    for (const stream of [worker.stdout, worker.stderr]) createInterface(stream).on('line', this.#onLine)
    worker.on('message', (message: FromModule) => {
      if (message.kind === 'ready') resolve(message)
      else if (message.kind === 'unfit') reject(new HookFailure('failed', message.message))
      else settle(live, message)
    })
    worker.on(
      'error',
      (error) => (lastError = `its thread ended: ${error instanceof Error ? error.message : String(error)}`),
    )
    worker.on('exit', () => {
      if (this.#live === live) this.#live = undefined
      const failure = new HookFailure('failed', lastError)
      reject(failure)
      for (const call of live.calls.values()) call.reject(failure)
    })
    const slow = setTimeout(() => reject(new HookFailure('timeout', 'it takes too long to load')), LOAD_MS_MAX)
    try {
      this.#described = await promise
      worker.unref()
      return (this.#live = live)
    } catch (error) {
      await worker.terminate()
      throw error
    } finally {
      clearTimeout(slow)
    }
  }
}

// Of worker_threads, which has no origins.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
const send = ({ worker }: Live, message: ToModule): void => worker.postMessage(message)

function settle(live: Live, message: Exclude<FromModule, { kind: 'ready' | 'unfit' }>): void {
  if (message.kind === 'pong') live.isSilent = false
  else if (message.kind === 'value') live.calls.get(message.id)?.resolve(JSON.parse(message.value))
  else live.calls.get(message.id)?.reject(new HookFailure('failed', `it threw ${message.message}`))
}

function abortedBy({ reason }: AbortSignal): HookFailure {
  const isTimeout = (reason as Error | undefined)?.name === 'TimeoutError'
  return new HookFailure(isTimeout ? 'timeout' : 'cancelled', isTimeout ? 'it took too long' : 'it was given up')
}
