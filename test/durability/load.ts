import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import type { Random } from '../ir/random.ts'
import type { Acknowledged, ExecuteAnswer, Keyed } from './acknowledged.ts'
import { programDocument } from './program.ts'
import type { ServiceProcess } from './service-process.ts'

/** Calls of `fetch` in one execution. */
export const ENTRIES = 4
const BATCH_ITEMS = 2
const ASYNC = { prefer: 'respond-async' }
/** Under way, too many at once, busy: nothing was done, and it may be asked again. */
const LATER = [409, 429, 503]

export type Answer = { readonly status: number; readonly body: unknown }

/** One caller of the service at `url`; undefined where the service was killed before it answered. */
export async function ask(
  service: ServiceProcess,
  key: string,
  method: string,
  path: string,
  body?: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer | undefined> {
  const type = typeof body === 'string' ? 'application/json' : 'application/octet-stream'
  try {
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': type }), ...headers },
      ...(body === undefined ? {} : { body: body as string }),
    })
    const said = response.headers.get('content-type') ?? ''
    const read = /json/.test(said) ? response.json() : said.startsWith('text') ? response.text() : response.bytes()
    return { status: response.status, body: await read }
  } catch (error) {
    if (service.isKilled()) return undefined
    throw error
  }
}

/** Asks a service for work of all kinds and notes what it acknowledges. */
export class Load {
  /** Requests with a key of which nobody knows since the last kill whether they were done. */
  readonly pending = new Set<Keyed>()
  /** Requests that were put off. */
  later = 0
  /** Answers to a key that was asked before. */
  askedAgain = 0
  readonly keyed: Keyed[] = []
  readonly #key: string
  readonly #port: number
  readonly #random: Random
  readonly #noted: Acknowledged
  #count = 0

  constructor(key: string, port: number, random: Random, noted: Acknowledged) {
    this.#key = key
    this.#port = port
    this.#random = random
    this.#noted = noted
  }

  /** So many requests at once, of kinds that chance picks, beside those with keys that are asked again. */
  begin(service: ServiceProcess, count: number): Promise<readonly PromiseSettledResult<void>[]> {
    const again = [...this.pending].map((keyed) => this.#askKeyed(service, keyed))
    const kinds = [this.#execute, this.#accept, this.#executeOnce, this.#runBatch, this.#publish]
    const fresh = Array.from({ length: count }, () => this.#random.pick(kinds).call(this, service))
    return Promise.allSettled([...again, ...fresh, this.#keepCheckpoint(service)])
  }

  /** Asks again for everything that was asked with a key, until it is answered. */
  async settle(service: ServiceProcess, keyed: Iterable<Keyed>): Promise<void> {
    for (const one of keyed) {
      this.pending.add(one)
      for (let i = 0; this.pending.has(one); i++) {
        assert.ok(i < 600, `a request with a key is not answered: ${JSON.stringify(one)}`)
        await this.#askKeyed(service, one)
        if (this.pending.has(one)) await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  }

  #tag(): string {
    return `t${++this.#count}`
  }

  #inputs(tag: string): object {
    return { port: this.#port, tag, entries: ENTRIES }
  }

  async #post(
    service: ServiceProcess,
    status: number,
    path: string,
    body: string | Uint8Array,
    headers?: Keyed['headers'],
  ): Promise<unknown> {
    const answer = await ask(service, this.#key, 'POST', path, body, headers)
    if (answer === undefined) return undefined
    if (answer.status === status) return answer.body
    assert.ok(LATER.includes(answer.status), `${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    this.later++
    return undefined
  }

  async #execute(service: ServiceProcess): Promise<void> {
    const body = JSON.stringify({ inputs: this.#inputs(this.#tag()) })
    const answer = await this.#post(service, 200, '/execute/poster', body)
    if (answer !== undefined) this.#noted.addExecution(answer as ExecuteAnswer)
  }

  async #accept(service: ServiceProcess): Promise<void> {
    const tag = this.#tag()
    const answer = await this.#post(
      service,
      202,
      '/execute/poster',
      JSON.stringify({ inputs: this.#inputs(tag) }),
      ASYNC,
    )
    if (answer !== undefined) this.#noted.addAccepted((answer as ExecuteAnswer).executionId, tag)
  }

  #runBatch(service: ServiceProcess): Promise<void> {
    return this.#askFirst(
      service,
      '/batches',
      Array.from({ length: BATCH_ITEMS }, () => this.#tag()),
      {},
    )
  }

  #executeOnce(service: ServiceProcess): Promise<void> {
    return this.#askFirst(service, '/execute/poster', [this.#tag()], this.#random.oneIn(2) ? ASYNC : {})
  }

  #askFirst(service: ServiceProcess, path: string, tags: readonly string[], headers: Keyed['headers']): Promise<void> {
    const inputs = tags.map((tag) => this.#inputs(tag))
    const body = JSON.stringify(path === '/batches' ? { program: 'poster', inputs } : { inputs: inputs[0] })
    const keyed: Keyed = { path, tags, body, headers: { ...headers, 'idempotency-key': `"key-${tags[0]}"` } }
    this.keyed.push(keyed)
    return this.#askKeyed(service, keyed)
  }

  /** The first answer is noted; every later one must be the same. */
  async #askKeyed(service: ServiceProcess, keyed: Keyed): Promise<void> {
    const { path, body, headers, tags } = keyed
    const isInPlace = path !== '/batches' && headers['prefer'] === undefined
    const isAgain = this.pending.has(keyed)
    this.pending.add(keyed)
    const answer = await this.#post(service, isInPlace ? 200 : 202, path, body, headers)
    if (answer === undefined) return
    keyed.answer ??= answer
    assert.ok(isDeepStrictEqual(answer, keyed.answer), `key ${headers['idempotency-key']}: another answer than before`)
    if (isInPlace) this.#noted.addExecution(answer as ExecuteAnswer)
    else if (path === '/batches') this.#noted.addBatch((answer as { batchId: string }).batchId, tags)
    else this.#noted.addAccepted((answer as ExecuteAnswer).executionId, tags[0]!)
    if (isAgain) {
      this.askedAgain++
      this.pending.delete(keyed)
    }
  }

  async #publish(service: ServiceProcess): Promise<void> {
    const bytes = programDocument(`kept-${this.#tag()}`)
    const answer = await this.#post(service, 201, '/artifacts', bytes)
    if (answer !== undefined) this.#noted.addArtifact((answer as { id: string }).id, bytes)
  }

  /** What an auditor would keep elsewhere. */
  async #keepCheckpoint(service: ServiceProcess): Promise<void> {
    const answer = await ask(service, this.#key, 'GET', '/audit/checkpoint')
    if (answer?.status === 200) this.#noted.checkpoints.push(answer.body as string)
  }
}
