import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps, type RequestOptions } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { getCACertificates } from 'node:tls'
import { EffectFailure } from '../failure.ts'
import { IoLimitReached, type IoMeter } from '../meter.ts'
import type { Connections, PinnedOptions } from './connections.ts'
import { readBody } from './decode.ts'
import type { Header } from './headers.ts'

/** One request as it goes out: everything was checked, and secrets are filled in. */
export type Outgoing = {
  readonly url: URL
  /** Path and query, which may say more than the URL does. */
  readonly target: string
  readonly method: string
  readonly headers: readonly Header[]
  readonly body: Buffer | undefined
  /** The addresses that were checked: the connection goes to one of them, whatever the name means by now. */
  readonly addresses: readonly string[]
  readonly authorities?: readonly string[]
  /** Those of the run, where one of them may be used: for requests that may be sent twice. Otherwise the request has its own. */
  readonly connections?: Connections
}

export type Incoming = {
  readonly status: number
  readonly statusText: string
  /** Names in lower case. */
  readonly headers: readonly Header[]
  readonly body: Buffer
}

type Bounds = {
  readonly signal: AbortSignal
  readonly meter: IoMeter
  readonly bodyBytesMax: number
  /** Whether the body is of interest; otherwise the connection ends with the head. */
  readonly wantsBody: (status: number, headers: readonly Header[]) => boolean
}

const HEAD_BYTES_MAX = 64 * 2 ** 10

/** Sends one request and reads the answer. Fails as `network`, `timeout`, `too-large`, `cancelled`. */
export async function send(outgoing: Outgoing, bounds: Bounds): Promise<Incoming> {
  try {
    const message = await openFor(outgoing, bounds)
    try {
      const received = await receive(message, bounds)
      bounds.signal.throwIfAborted()
      return received
    } finally {
      message.destroy()
    }
  } catch (error) {
    throw failureOf(error, outgoing, bounds.signal)
  }
}

/** The other side had ended a kept connection, and knows nothing of the request. */
class Stale extends Error {}

async function openFor(outgoing: Outgoing, { signal, meter }: Bounds): Promise<IncomingMessage> {
  try {
    return await open(outgoing, signal)
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    const { connections, ...alone } = outgoing
    void connections
    meter.takeOut(alone.body?.length ?? 0)
    return open(alone, signal)
  }
}

function open(outgoing: Outgoing, signal: AbortSignal): Promise<IncomingMessage> {
  const { url, body } = outgoing
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:' ? requestHttps(optionsOf(outgoing, signal)) : requestHttp(optionsOf(outgoing, signal))
    request.on('response', (message) => {
      // A body that ends with its connection would count as whole, however the connection ended.
      request.on('error', (error) => message.destroy(error))
      resolve(message)
    })
    request.on('error', (error) => reject(request.reusedSocket && !signal.aborted ? new Stale() : error))
    // 101: nobody asked for another protocol (RFC 9110 section 7.8). Without a listener neither an answer nor an error would come.
    request.on('upgrade', (_, socket) => {
      socket.destroy()
      reject(new EffectFailure('network', `http: ${url.host}: it switches to another protocol`))
    })
    request.end(body)
  })
}

function optionsOf(
  { url, target, method, headers, body, addresses, authorities, connections }: Outgoing,
  signal: AbortSignal,
): RequestOptions & PinnedOptions {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const length: Header[] =
    body || !/^(GET|HEAD|OPTIONS|DELETE)$/.test(method) ? [['content-length', String(body?.length ?? 0)]] : []
  return {
    // None of the process, so no connection of another run and no proxy of the environment.
    agent: connections?.for(url.protocol) ?? false,
    pinned: addresses.toSorted().join(),
    host,
    port: url.port,
    method,
    path: target,
    headers: [
      ['host', url.host] as const,
      ...headers,
      ...length,
      ['connection', connections ? 'keep-alive' : 'close'] as const,
    ].flat(),
    setHost: false,
    lookup: pinnedTo(addresses),
    maxHeaderSize: HEAD_BYTES_MAX,
    signal,
    servername: isIP(host) === 0 ? host : '',
    rejectUnauthorized: true,
    ...(authorities && { ca: [...getCACertificates('default'), ...authorities] }),
  }
}

/** A look-up that knows only the addresses which were checked. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_, options, callback) => {
    if (options.all) callback(null, known)
    else callback(null, known[0]!.address, known[0]!.family)
  }
}

async function receive(message: IncomingMessage, { meter, bodyBytesMax, wantsBody }: Bounds): Promise<Incoming> {
  const { statusCode: status = 0, statusMessage: statusText = '', rawHeaders } = message
  meter.takeIn(rawHeaders.reduce((bytes, text) => bytes + text.length + 2, statusText.length + 15))
  const headers = rawHeaders.flatMap((name, i): Header[] =>
    i % 2 === 0 ? [[name.toLowerCase(), rawHeaders[i + 1]!]] : [],
  )
  const body = wantsBody(status, headers) ? await readBody(message, meter, bodyBytesMax) : Buffer.alloc(0)
  return { status, statusText, headers, body }
}

function failureOf(error: unknown, { url }: Outgoing, signal: AbortSignal): unknown {
  if (error instanceof EffectFailure || error instanceof IoLimitReached) return error
  if (signal.aborted) return abortFailure(url.host, signal)
  const { code = 'without a code' } = error as NodeJS.ErrnoException
  if (code === 'HPE_HEADER_OVERFLOW')
    return new EffectFailure('too-large', `http: the head of the answer has more than ${HEAD_BYTES_MAX} bytes`)
  return new EffectFailure('network', `http: ${url.host}: ${reasonOf(code)}`)
}

/** Why a request that was under way came to nothing when its signal was aborted. */
export function abortFailure(host: string, { reason }: AbortSignal): EffectFailure {
  return (reason as Error | undefined)?.name === 'TimeoutError'
    ? new EffectFailure('timeout', `http: ${host} took too long`)
    : new EffectFailure('cancelled', `http: the request to ${host} was given up`)
}

function reasonOf(code: string): string {
  const known: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nothing listens there',
    ECONNRESET: 'the connection broke off',
    ERR_STREAM_PREMATURE_CLOSE: 'the connection broke off',
    ETIMEDOUT: 'it does not answer',
    EHOSTUNREACH: 'it cannot be reached',
    ENETUNREACH: 'it cannot be reached',
  }
  if (known[code] !== undefined) return known[code]
  if (code.startsWith('HPE_')) return `the answer is not HTTP (${code})`
  return /CERT|SELF_SIGNED|ALTNAME|^ERR_(TLS|SSL)/.test(code)
    ? `its certificate was not accepted (${code})`
    : `it failed (${code})`
}
