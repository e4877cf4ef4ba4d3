import type { FastifyInstance, FastifyRequest } from 'fastify'
import { readJson } from '../../base/index.ts'
import { ProblemError } from '../http/errors.ts'
import { notJson, problem } from '../http/problem.ts'
import { ROUTES } from '../routes/index.ts'

/** Bodies come as bytes and are read here, within bounds; documents are left to their own reader. */
export function addParsers(app: FastifyInstance): void {
  app.addHook('preParsing', async (request) => requirePlain(request))
  // Without length and type there is nothing that Fastify would parse; the reader of documents says what is wrong with no bytes.
  app.addHook('preValidation', async (request) => {
    if (isDocumentRoute(request)) request.body ??= Buffer.alloc(0)
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    if (isDocumentRoute(request)) return body
    // Clients that send JSON say so with every request, also where there is nothing to send.
    if (body.length === 0 && !takesBody(request)) return undefined
    const json = readJson(body)
    if (json.ok) return json.value
    throw new ProblemError(notJson('the body', json))
  })
  const octets = 'application/octet-stream'
  app.addContentTypeParser(octets, { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    if (isDocumentRoute(request)) return body
    throw unsupported('the body must be application/json')
  })
  app.addContentTypeParser(JSON_LINES, { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    if (request.routeOptions.url === BATCHES) return { inputs: readLines(body) }
    throw unsupported('the body must be application/json')
  })
}

const JSON_LINES = ['application/jsonl', 'application/x-ndjson']
const BATCHES = '/batches'

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]*)/i

/** Bytes that mean something else than they say would be misread: no coding is undone here, and text is UTF-8. */
function requirePlain({ headers }: FastifyRequest): void {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  if (!hasBody) return
  const codings = (headers['content-encoding'] ?? 'identity').split(',').map((coding) => coding.trim().toLowerCase())
  // RFC 9110, section 15.5.16: the answer says which codings would do.
  if (codings.some((coding) => coding !== 'identity'))
    throw unsupported(`the body is coded as ${codings.join(', ')}: send it as it is`, { 'accept-encoding': 'identity' })
  const [, charset = 'utf-8'] = CHARSET.exec(headers['content-type'] ?? '') ?? []
  if (!/^utf-?8$/i.test(charset)) throw unsupported(`the body is text in ${charset}: send it in utf-8`)
}

const unsupported = (detail: string, headers?: Readonly<Record<string, string>>): ProblemError =>
  new ProblemError(problem('ANRF5004', detail, { status: 415, ...(headers && { headers }) }))

/** The values of a text with one on each line; empty lines are passed over. */
function readLines(body: Buffer): readonly unknown[] {
  const values: unknown[] = []
  for (const [i, line] of body.toString('latin1').split('\n').entries()) {
    if (line.trim() === '') continue
    const json = readJson(Buffer.from(line, 'latin1'))
    if (!json.ok) throw new ProblemError(notJson(`line ${i + 1}`, json, `/inputs/${values.length}`))
    values.push(json.value)
  }
  return values
}

const DOCUMENT_ROUTES: ReadonlySet<string> = new Set(
  ROUTES.flatMap((route) => (route.body === 'document' ? [`${route.method} ${route.path}`] : [])),
)
const BODY_ROUTES: ReadonlySet<string> = new Set(
  ROUTES.flatMap((route) => (route.body === undefined ? [] : [`${route.method} ${route.path}`])),
)
const nameOf = ({ routeOptions }: FastifyRequest): string => `${String(routeOptions.method)} ${routeOptions.url ?? ''}`
const isDocumentRoute = (request: FastifyRequest): boolean => DOCUMENT_ROUTES.has(nameOf(request))
const takesBody = (request: FastifyRequest): boolean => BODY_ROUTES.has(nameOf(request))
