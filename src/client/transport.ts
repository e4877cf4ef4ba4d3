import { problemOf, unreachable, type Result } from './problem.ts'
import { isPassing, pause, pauseBefore, parseRetryAfter, type RetryOptions } from './retry.ts'

/** One route as the client knows it; `gen/routes.ts` has them all. */
export type RouteRow = {
  readonly method: string
  /** Parameters as `:name`. */
  readonly path: string
  readonly body?: 'json' | 'document'
  /** Whether the route takes an `Idempotency-Key`, with which the same call may be made twice. */
  readonly isKeyed?: true
}

export type ClientOptions = RetryOptions & {
  /** Where the service is, as `https://anrf.example.com`. */
  readonly url: string
  /** An API key or a token; absent for routes that need none. */
  readonly key?: string
  /** Used in place of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
}

/** What every method takes as its last argument. */
export type CallOptions = {
  readonly signal?: AbortSignal
  readonly headers?: Readonly<Record<string, string>>
  /** The same key, the same call: made twice it is done once. Made up by the client where a route takes one. */
  readonly idempotencyKey?: string
}

type Given = CallOptions & { readonly query?: Readonly<Record<string, string | undefined>> }

export type Transport = {
  /** Asks until there is an answer that will not be another one soon. Never rejects. */
  ask(row: RouteRow, params: readonly string[], body: unknown, given?: Given): Promise<Result<unknown>>
  /** One request; its answer, whose body nobody has read. Rejects as `fetch` does. */
  send(row: RouteRow, params: readonly string[], body: unknown, given?: Given): Promise<Response>
}

/** Methods that may be used twice (RFC 9110 section 9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE'])

export function createTransport(options: ClientOptions): Transport {
  const base = options.url.replace(/\/+$/, '')
  const send: Transport['send'] = (row, params, body, given = {}) => {
    const headers = new Headers(given.headers)
    if (options.key !== undefined) headers.set('authorization', `Bearer ${options.key}`)
    if (given.idempotencyKey !== undefined) headers.set('idempotency-key', `"${given.idempotencyKey}"`)
    const payload = payloadOf(row, body, headers)
    const init: RequestInit = { method: row.method, headers }
    if (payload !== undefined) init.body = payload
    if (given.signal) init.signal = given.signal
    return (options.fetch ?? fetch)(`${base}${pathOf(row, params)}${queryOf(given.query)}`, init)
  }

  const ask: Transport['ask'] = async (row, params, body, given = {}) => {
    const keyed = row.isKeyed ? { idempotencyKey: crypto.randomUUID(), ...given } : given
    const mayRepeat = IDEMPOTENT.has(row.method) || keyed.idempotencyKey !== undefined
    for (let attempt = 1; ; attempt++) {
      const result = await send(row, params, body, keyed).then(readResult, (error: unknown): Result<unknown> => ({
        ok: false,
        problem: unreachable(base, error),
      }))
      if (result.ok || !mayRepeat || !isPassing(result.problem.status) || given.signal?.aborted) return result
      const ms = pauseBefore(attempt, result.retryAfterMs, options)
      if (ms === undefined) return result
      await pause(ms, given.signal).catch(() => undefined)
    }
  }
  return { ask, send }
}

function pathOf({ path }: RouteRow, params: readonly string[]): string {
  let next = 0
  return path.replaceAll(/:\w+/g, (name) => {
    const value = params[next++]
    if (typeof value !== 'string' || value === '') throw new TypeError(`${path} needs a text for ${name}`)
    return encodeURIComponent(value)
  })
}

function queryOf(query: Given['query']): string {
  const given = Object.entries(query ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}

/** Bytes of a document go as they are, everything else as JSON; sets the type of the content. */
function payloadOf({ body: kind }: RouteRow, body: unknown, headers: Headers): string | Uint8Array<ArrayBuffer> | null {
  if (kind === undefined || body === undefined) return null
  const isBytes = body instanceof Uint8Array
  headers.set('content-type', isBytes ? 'application/octet-stream' : 'application/json')
  return isBytes ? new Uint8Array(body) : JSON.stringify(body)
}

async function readResult(response: Response): Promise<Result<unknown>> {
  const body = await readBody(response)
  if (response.ok) return { ok: true, value: body }
  const afterMs = parseRetryAfter(response.headers.get('retry-after'))
  return { ok: false, problem: problemOf(response, body), ...(afterMs !== undefined && { retryAfterMs: afterMs }) }
}

async function readBody(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? ''
  if (response.status === 204) return undefined
  if (/\bjson\b/.test(type)) return response.json().catch(() => undefined)
  return type.startsWith('text/') ? response.text() : new Uint8Array(await response.arrayBuffer())
}
