import { setTimeout as sleep } from 'node:timers/promises'
import { OciError, unlike } from './failure.ts'
import { isLoopback } from './reference.ts'

/** One request to a registry. A body is bytes, so that it can be sent again. */
export type OciRequest = {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Bytes of the answer that are read at most; more is refused. */
  readonly max: number
}

export type OciAnswer = {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
  readonly url: URL
}

export type SendOptions = {
  readonly signal?: AbortSignal
  /** How long an answer may take altogether, in ms. */
  readonly timeoutMs: number
  /** How long before the second attempt, in ms; later ones wait twice as long each. */
  readonly pauseMs: number
}

export const SEND_DEFAULTS: SendOptions = { timeoutMs: 60_000, pauseMs: 250 }

const REDIRECTS_MAX = 5
const ATTEMPTS_MAX = 4
/** Longer than this nobody waits because a registry asks for it, in ms. */
const RETRY_AFTER_MS_MAX = 10_000

/** Sends a request, again when the registry is busy or the connection breaks, and follows redirects of reads. Throws an `OciError`. */
export async function send(request: OciRequest, options: SendOptions): Promise<OciAnswer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await sendOnce(request, options).catch((error: unknown) => {
      if (error instanceof OciError || options.signal?.aborted || attempt >= ATTEMPTS_MAX)
        throw failureOf(request, error)
      return undefined
    })
    const isBusy = answer !== undefined && (answer.status === 429 || answer.status >= 500)
    if (answer && (!isBusy || attempt >= ATTEMPTS_MAX)) return answer
    await sleep(pauseOf(answer, attempt, options), undefined, options.signal ? { signal: options.signal } : {}).catch(
      (error: unknown) => {
        throw failureOf(request, error)
      },
    )
  }
}

function pauseOf(answer: OciAnswer | undefined, attempt: number, { pauseMs }: SendOptions): number {
  const asked = Number(answer?.headers.get('retry-after') ?? Number.NaN) * 1000
  return asked >= 0 ? Math.min(asked, RETRY_AFTER_MS_MAX) : pauseMs * 2 ** (attempt - 1)
}

function failureOf({ url }: OciRequest, error: unknown): OciError {
  if (error instanceof OciError) return error
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const { name, message, code } = cause as Error & { code?: string }
  const why =
    name === 'TimeoutError' ? 'it took too long' : name === 'AbortError' ? 'it was stopped' : (code ?? message)
  return new OciError('ANRF5055', `${url.host} cannot be reached: ${why}`)
}

async function sendOnce(request: OciRequest, options: SendOptions): Promise<OciAnswer> {
  const timeout = AbortSignal.timeout(options.timeoutMs)
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout
  let { url, headers = {} } = request
  for (let hops = 0; hops <= REDIRECTS_MAX; hops++) {
    checkScheme(url)
    const body = request.body === undefined ? {} : { body: new Uint8Array(request.body) }
    const response = await fetch(url, { method: request.method, headers, redirect: 'manual', signal, ...body })
    const location = response.headers.get('location')
    const isRedirect = [301, 302, 303, 307, 308].includes(response.status) && location !== null
    if (!isRedirect) return await readAnswer(response, url, request.max)
    await response.body?.cancel()
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw unlike(`${url.host} sends what is written to another place, ${location}`)
    const next = new URL(location, url)
    checkRedirect(url, next)
    // Credentials are for the registry alone, never for where it keeps its blobs.
    if (next.origin !== url.origin) headers = withoutCredentials(headers)
    url = next
  }
  throw unlike(`${request.url.host} redirects more than ${REDIRECTS_MAX} times`)
}

const withoutCredentials = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'authorization'))

export function checkScheme({ protocol, hostname, host }: URL): void {
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return
  throw unlike(`${host} is spoken to by ${protocol.slice(0, -1)}, which only this machine may be`)
}

/** A registry elsewhere has no business on this machine. */
function checkRedirect(from: URL, to: URL): void {
  checkScheme(to)
  if (isLoopback(to.hostname) && !isLoopback(from.hostname)) throw unlike(`${from.host} redirects to this machine`)
  if (from.protocol === 'https:' && to.protocol !== 'https:')
    throw unlike(`${from.host} redirects to a place without TLS`)
  if (to.username !== '' || to.password !== '') throw unlike(`${from.host} redirects with credentials in the address`)
}

/** Reads an answer no further than its bound. */
async function readAnswer(response: Response, url: URL, max: number): Promise<OciAnswer> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > max) throw unlike(`${url.host} sends more than the ${max} bytes that ${url.pathname} may have`)
    parts.push(part)
  }
  return { status: response.status, headers: response.headers, bytes: Buffer.concat(parts), url }
}
