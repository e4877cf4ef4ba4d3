import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ServiceConfig } from '../settings/config.ts'
import { ProblemError } from '../http/errors.ts'
import { problem, type Problem } from '../http/problem.ts'

/** Of the head of one request. */
const FIELDS_MAX = 100

/** What every answer tells browsers: it is data, for nobody else, and never a page. A route that answers otherwise says so. */
const FIELDS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
}
const HSTS = 'max-age=31536000'

type Config = Pick<ServiceConfig, 'corsOrigins'>

/** Bounds heads of requests, gives answers the fields that protect whoever reads them, and lets in the origins that may ask. */
export function guard(app: FastifyInstance, { corsOrigins }: Config, methods: readonly string[]): void {
  const origins = new Set(corsOrigins)
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(FIELDS)
    if (request.protocol === 'https') void reply.header('strict-transport-security', HSTS)
    if (request.raw.rawHeaders.length > 2 * FIELDS_MAX)
      throw new ProblemError(problem('ANRF5026', `the request has more than ${FIELDS_MAX} header fields`))
    const refusal = lookAtHead(request.raw)
    if (refusal) throw new ProblemError(refusal)
    if (origins.size > 0) return share(request, reply, origins, methods)
    return undefined
  })
}

/** What a request of HTTP/1.1 must have, and must not ask for. */
function lookAtHead({ httpVersion, rawHeaders, headers }: IncomingMessage): Problem | undefined {
  if (httpVersion !== '1.1') return undefined
  // RFC 9112, section 3.2: which of several is meant, nobody knows.
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length
  if (hosts !== 1) return problem('ANRF5004', `the request has ${hosts} Host fields, not one`, { status: 400 })
  const { expect } = headers
  // RFC 9110, section 10.1.1: there is no other expectation.
  if (expect === undefined || expect.trim().toLowerCase() === '100-continue') return undefined
  return problem('ANRF5004', `what the request expects is not known here: ${expect}`, { status: 417 })
}

/** What scripts of other origins may send, and read of an answer (Fetch standard, CORS protocol). */
const SENT = 'authorization, content-type, idempotency-key, last-event-id, prefer, traceparent'
const READ = 'location, ratelimit, ratelimit-policy, retry-after, www-authenticate, x-request-id'

/** Only origins of the list, never `*`; no credentials of the browser, since keys are sent by scripts themselves. */
function share(
  request: FastifyRequest,
  reply: FastifyReply,
  origins: ReadonlySet<string>,
  methods: readonly string[],
): FastifyReply | undefined {
  void reply.header('vary', 'Origin')
  const { origin } = request.headers
  if (origin === undefined || !origins.has(origin)) return undefined
  void reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': READ })
  const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
  if (!isPreflight) return undefined
  return reply
    .code(204)
    .headers({
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': SENT,
      'access-control-max-age': '600',
    })
    .send()
}

/** What is no request is answered too, as far as its connection still takes an answer. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const { headers: _, ...body } = problemOfClientError(error)
  const text = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${body.status} ${STATUS_TEXTS[body.status] ?? 'Bad Request'}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
    ...Object.entries(FIELDS).map(([name, value]) => `${name}: ${value}`),
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`)
}

const STATUS_TEXTS: Readonly<Record<number, string>> = {
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}

function problemOfClientError({ code }: NodeJS.ErrnoException): Problem {
  if (code === 'HPE_HEADER_OVERFLOW')
    return problem('ANRF5026', 'the head of the request is larger than this service takes')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return problem('ANRF5004', 'the request did not come to its end in time', { status: 408 })
  return problem('ANRF5004', 'this is not an HTTP request', { status: 400 })
}
