import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { NO_SPAN, type Span, type Telemetry } from '../../telemetry/index.ts'

/** Routes that machines ask for again and again, and of which no traces are kept. */
const UNTRACED: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics'])
const spans = new WeakMap<FastifyRequest, Span>()

/** The span of a request; one that records nothing where there is none. */
export const spanOf = (request: FastifyRequest): Span => spans.get(request) ?? NO_SPAN

/** Begins a span with every request (OpenTelemetry, "Semantic conventions for HTTP spans"), and counts and logs its answer. */
export function observeRequests(app: FastifyInstance, { tracer, metrics }: Telemetry): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id)
    const route = routeOf(request)
    if (UNTRACED.has(route)) return
    const attributes = { 'http.request.method': request.method, 'http.route': route, 'url.scheme': request.protocol }
    const { traceparent } = request.headers
    const parent = typeof traceparent === 'string' ? traceparent : undefined
    spans.set(request, tracer.start(`${request.method} ${route}`, 'server', attributes, parent))
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = routeOf(request)
    metrics.record('requestSeconds', [request.method, route, String(reply.statusCode)], reply.elapsedTime / 1000)
    endSpan(spanOf(request), reply)
    logResponse(request, reply, route)
  })
}

/** The pattern, never the path: names of programs and ids of executions are endless. */
export function routeOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.url?.replaceAll(/:(\w+)/g, '{$1}') ?? 'none'
}

function endSpan(span: Span, { statusCode }: FastifyReply): void {
  span.set({ 'http.response.status_code': statusCode })
  if (statusCode >= 500) span.fail(String(statusCode))
  span.end()
}

function logResponse(request: FastifyRequest, reply: FastifyReply, route: string): void {
  const { method, log } = request
  const ms = Math.round(reply.elapsedTime * 10) / 10
  log.info({ method, route, status: reply.statusCode, ms, ...traceFields(spanOf(request)) }, 'request')
}

/** How log lines name a span (OpenTelemetry, "Trace context in non-OTLP log formats"). */
export function traceFields({ context }: Span): object {
  return context ? { trace_id: context.traceId, span_id: context.spanId } : {}
}

/** Does what nobody asked for over HTTP in a trace of its own, which is the principal's. */
export async function inTrace<T>(
  { tracer }: Telemetry,
  name: string,
  { id, tenant }: { readonly id: string; readonly tenant: string },
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = tracer.start(name, 'internal')
  span.setOwner(id, tenant)
  try {
    return await work(span)
  } finally {
    span.end()
  }
}
