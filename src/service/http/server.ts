import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import swagger from '@fastify/swagger'
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { Call, Reply, Services } from '../context.ts'
import { ProblemError, problemOfError } from './errors.ts'
import { authorize } from '../access/authorize.ts'
import { addParsers } from '../gateway/bodies.ts'
import { answerClientError, guard } from '../gateway/guard.ts'
import { createServer } from '../gateway/server.ts'
import { authenticate } from '../flow/gateway.ts'
import type { Principal } from '../identity/principal.ts'
import { observeRequests, routeOf, spanOf, traceFields } from './observe.ts'
import { fastifySchemaOf, SWAGGER_OPTIONS } from './openapi.ts'
import { problem, type Problem } from './problem.ts'
import { ROUTES } from '../routes/index.ts'
import { methodsOf, pathsOf, type KnownPath } from '../routes/paths.ts'
import type { Route } from '../routes/route.ts'
import { ProblemSchema } from '../schemas/problem.ts'

const METHODS = [...new Set(ROUTES.map(({ method }) => method))]

/** The description of the others is none of them. */
const OPENAPI = { action: 'openapi.show', method: 'GET', path: '/openapi.json', scope: undefined } as const

/** Beyond the longest reference, `name@version`. */
const PARAM_LENGTH_MAX = 300

/** The HTTP server over the route table. Nothing here knows what a route does. */
export async function createHttp(services: Services, logger: FastifyBaseLogger): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    serverFactory: (handle) => createServer(services.config, handle),
    clientErrorHandler: answerClientError,
    trustProxy: services.config.trustedProxies.length > 0 && [...services.config.trustedProxies],
    exposeHeadRoutes: false,
    rewriteUrl: ({ url = '/' }) => encodeRest(url),
    frameworkErrors: (error, request, reply) => void sendProblem(reply, problemOfAny(error, request)),
    bodyLimit: services.config.bodyBytesMax,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
    // A value is what it is in the JSON: nothing is converted and nothing dropped.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: true } },
  })
  // The schemas of answers are for the OpenAPI document: a serialiser made from them could change a value.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  app.setErrorHandler(async (error, request, reply) => sendProblem(reply, problemOfAny(error, request)))
  app.setNotFoundHandler(async (request, reply) =>
    sendProblem(reply, problem('ANRF5003', `there is no route ${request.method} ${request.url.split('?')[0]}`)),
  )
  guard(app, services.config, METHODS)
  observeRequests(app, services.telemetry)
  await app.register(swagger, SWAGGER_OPTIONS)
  app.addSchema(ProblemSchema)
  addParsers(app)
  for (const route of ROUTES) for (const method of methodsOf(route)) addRoute(app, services, route, method)
  for (const method of methodsOf(OPENAPI))
    app.route({ method, url: OPENAPI.path, schema: { hide: true }, handler: async () => app.swagger() })
  for (const path of pathsOf([...ROUTES, OPENAPI])) addWrongMethods(app, services, path)
  return app
}

const REST_PREFIXES = ROUTES.flatMap(({ takesRest, path }) => (takesRest ? [path.replace(/:\w+$/, '')] : []))

/** The router takes a parameter up to the next slash: one that is the rest of the path has its slashes encoded. */
function encodeRest(url: string): string {
  const prefix = REST_PREFIXES.find((start) => url.startsWith(start))
  if (prefix === undefined) return url
  const [path = '', query] = url.slice(prefix.length).split('?', 2)
  return `${prefix}${path.replaceAll('/', '%2F')}${query === undefined ? '' : `?${query}`}`
}

function addRoute(app: FastifyInstance, services: Services, route: Route, method: string): void {
  const gate = createGate(services, route.action)
  app.route({
    method,
    url: route.path,
    schema: fastifySchemaOf(route),
    ...(route.body === 'document' ? { validatorCompiler: () => () => true } : {}),
    // Before the body is read: who may not ask is not listened to.
    onRequest: async (request, reply) => {
      if (route.scope === undefined) return
      const principal = await gate.identify(request, reply)
      const { params, ip: address } = request
      const asked = { params: params as Readonly<Record<string, string>>, address }
      const refusal = await authorize(services, principal, route, asked)
      if (refusal) throw new ProblemError(refusal)
    },
    errorHandler: (error, request, reply) => gate.refuse(request, reply, problemOfAny(error, request)),
    handler: async (request, reply) => {
      const call = callOf(services, route, gate.principalOf(request), request, reply)
      const answer = await (route.handle as (call: Call) => Promise<Reply | { problem: Problem }>)(call)
      if ('problem' in answer) return gate.refuse(request, reply, answer.problem)
      for (const [name, value] of Object.entries(answer.headers ?? {})) void reply.header(name, value)
      if (isProblemStatus(answer.status)) void reply.type('application/problem+json')
      return reply.code(answer.status).send(method === 'HEAD' ? headOf(answer.body) : answer.body)
    },
  })
}

/** What is sent little by little is not begun for who wants the head only; Node leaves out any other body. */
function headOf(body: unknown): unknown {
  if (!(body instanceof Readable)) return body
  body.destroy()
  return undefined
}

/** Answers methods that a path does not have (RFC 9110, section 15.5.6), like everything there only to who has a key. */
function addWrongMethods(app: FastifyInstance, services: Services, { path, methods, isOpen, action }: KnownPath): void {
  const gate = createGate(services, action)
  const allow = methods.join(', ')
  app.route({
    method: app.supportedMethods.filter((method) => !methods.includes(method)),
    url: path,
    schema: { hide: true },
    onRequest: async (request, reply) => {
      if (!isOpen) await gate.identify(request, reply)
      const detail = `there is no ${request.method} here: the path has ${allow}`
      throw new ProblemError(problem('ANRF5004', detail, { status: 405, headers: { allow } }))
    },
    errorHandler: (error, request, reply) => gate.refuse(request, reply, problemOfAny(error, request)),
    handler: async (_, reply) => reply,
  })
}

/** Finds out who asks, and answers who is refused. */
type Gate = {
  /** Who asks, if the quota lets them; throws a {@link ProblemError}. */
  identify(request: FastifyRequest, reply: FastifyReply): Promise<Principal>
  principalOf(request: FastifyRequest): Principal | undefined
  refuse(request: FastifyRequest, reply: FastifyReply, given: Problem): Promise<FastifyReply>
}

function createGate(services: Services, action: string): Gate {
  const principals = new WeakMap<FastifyRequest, Principal>()
  return {
    async identify(request, reply) {
      const principal = await authenticate(services, request.headers.authorization)
      if ('status' in principal) throw new ProblemError(principal)
      principals.set(request, principal)
      const taken = await services.meter.takeRequest({ principal })
      if ('problem' in taken) throw new ProblemError(taken.problem)
      void reply.headers(taken.fields)
      return principal
    },
    principalOf: (request) => principals.get(request),
    async refuse(request, reply, given) {
      const subject = Object.values(request.params as Record<string, string>).join('/')
      const { id: requestId, ip: address } = request
      const principal = principals.get(request)
      const code = given.code ?? 'none'
      if (isTurnedAway(given.status)) services.telemetry.metrics.add('rejections', [routeOf(request), code])
      await services.refusals.record({ action, principal, subject, problem: given, requestId, address })
      return sendProblem(reply, given)
    },
  }
}

/** Not because of what was asked, but because of when. */
const isTurnedAway = (status: number): boolean => status === 429 || status === 503
const isProblemStatus = (status: number): boolean => status >= 400

function callOf(
  services: Services,
  { action }: Route,
  principal: Principal | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Call {
  const span = spanOf(request)
  if (principal) span.setOwner(principal.id, principal.tenant)
  const left = new AbortController()
  // The caller went away before the answer was written.
  reply.raw.once('close', () => (reply.raw.writableFinished ? undefined : left.abort()))
  return {
    services,
    action,
    principal,
    params: request.params as Readonly<Record<string, string>>,
    query: request.query,
    body: request.body,
    contentType: request.headers['content-type'] ?? '',
    headers: request.headers,
    requestId: request.id,
    address: request.ip,
    signal: left.signal,
    log: span.context ? request.log.child(traceFields(span)) : request.log,
    span,
  }
}

function problemOfAny(error: unknown, request: FastifyRequest): Problem {
  const known = problemOfError(error)
  if (!known || known.status === 500) request.log.error({ err: error }, 'a request failed')
  const more = { requestId: request.id }
  return known
    ? { ...known, ...more }
    : problem('ANRF5008', `something went wrong here; the service's log has it under ${request.id}`, more)
}

function sendProblem(reply: FastifyReply, given: Problem): FastifyReply {
  const { headers = {}, ...body } = given
  for (const [name, value] of Object.entries(headers)) void reply.header(name, value)
  return reply
    .code(body.status)
    .type('application/problem+json')
    .send(JSON.stringify({ requestId: reply.request.id, ...body }))
}
