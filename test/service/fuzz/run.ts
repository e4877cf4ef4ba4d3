// Sends requests over sockets and looks at the answers: none may be an error of the service, late, or have what is somebody else's.
import { Agent, request as httpRequest } from 'node:http'
import { makeRandom } from '../../ir/random.ts'
import { ROUTES } from '../../../src/service/routes/index.ts'
import type { Route } from '../../../src/service/routes/route.ts'
import { makeRequest, type Request } from './requests.ts'
import type { World } from './world.ts'

export type RouteReport = {
  readonly route: string
  readonly requests: number
  /** How often each status came. */
  readonly statuses: Readonly<Record<string, number>>
  readonly slowestMs: number
  /** What was wrong, with the request that shows it; the first few. */
  readonly failures: readonly string[]
}

const HANG_MS = 10_000
const FAILURES_MAX = 5
const AT_ONCE = 16

type Answer = { readonly status: number; readonly text: string }

/** Sends `requests` requests to the route; the seed repeats them. */
export async function fuzzRoute(world: World, route: Route, requests: number, seed: number): Promise<RouteReport> {
  const name = `${route.method} ${route.path}`
  const random = makeRandom(seed ^ ROUTES.indexOf(route))
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const statuses: Record<string, number> = {}
  const failures: string[] = []
  let [left, slowestMs] = [requests, 0]
  const work = async (): Promise<void> => {
    while (left-- > 0 && failures.length < FAILURES_MAX) {
      const request = makeRequest(random, world, route)
      const begun = performance.now()
      const answer = await send(world.url, request, agent)
      slowestMs = Math.max(slowestMs, performance.now() - begun)
      const status = 'status' in answer ? String(answer.status) : 'failed'
      statuses[status] = (statuses[status] ?? 0) + 1
      const wrong = 'status' in answer ? wrongIn(answer, request) : answer.failed
      if (wrong !== undefined) failures.push(`${wrong}: ${describe(request)}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  agent.destroy()
  return { route: name, requests, statuses, slowestMs: Math.round(slowestMs), failures }
}

function wrongIn({ status, text }: Answer, { foreign }: Request): string | undefined {
  const seen = foreign.find((marker) => text.includes(marker))
  if (seen !== undefined) return `the answer ${status} has ${seen}`
  // An overload is no defect: it is counted.
  if (status >= 500 && status !== 503) return `${status} ${text.slice(0, 300)}`
  if (status < 400 || text === '') return undefined
  try {
    const body = JSON.parse(text) as { status?: unknown }
    return body.status === status ? undefined : `the problem of ${status} says ${String(body.status)}`
  } catch {
    return `${status} is no problem: ${text.slice(0, 100)}`
  }
}

function send(url: string, request: Request, agent: Agent): Promise<Answer | { readonly failed: string }> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    const { method, target: path, headers, body } = request
    const length = body === undefined ? {} : { 'content-length': String(body.length) }
    const options = { hostname, port, method, path, headers: { ...headers, ...length }, agent, timeout: HANG_MS }
    const sent = httpRequest(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
      response.once('error', (error) => resolve({ failed: `the answer broke off: ${error.message}` }))
    })
    sent.once('timeout', () => sent.destroy(new Error(`no answer in ${HANG_MS} ms`)))
    sent.once('error', (error) => resolve({ failed: error.message }))
    sent.end(body)
  })
}

function describe({ method, target, headers, body }: Request): string {
  return JSON.stringify({ method, target, headers, ...(body && { body: body.toString('latin1').slice(0, 500) }) })
}
