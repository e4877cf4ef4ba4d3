// A receiver of webhooks in a process of its own: checks every signature with SECRET, does what the path says, and tells on stdout
// what came as a line of JSON. The first line is its port.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { verifyWebhook } from './verify-webhook.ts'

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)
const json = (response: ServerResponse, body: unknown, status = 200): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

type Answer = (response: ServerResponse, path: string) => unknown

let failures = 0
const ANSWERS: Readonly<Record<string, Answer>> = {
  allow: (response) => json(response, { allow: true }),
  refuse: (response) => json(response, { allow: false, reason: 'not on Sundays' }),
  narrow: (response) => json(response, { allow: true, limits: { fuel: 1000, wall: 999_999_999 } }),
  redact: (response) => json(response, { allow: true, redact: ['/output/result', '/logs', '/error/message'] }),
  hang: () => undefined,
  slow: (response) => sleep(3000).then(() => json(response, { allow: true })),
  fail: (response) => json(response, { error: 'sorry' }, 500),
  gone: (response) => json(response, {}, 410),
  // The metadata service of clouds.
  redirect: (response) => response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
  flood: (response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const chunk = Buffer.alloc(2 ** 20, 'x')
    const pump = (n: number): void => void (n === 0 ? response.end() : response.write(chunk, () => pump(n - 1)))
    pump(64)
  },
  bomb: (response) =>
    response
      .writeHead(200, { 'content-encoding': 'gzip' })
      .end(process.env['BOMB'] ? Buffer.from(process.env['BOMB'], 'base64') : ''),
  close: (response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{"allow":')
    setTimeout(() => response.destroy(), 20)
  },
  garbage: (response) => response.end('allow: yes'),
  unknown: (response) => json(response, { allow: true, permit: 'all' }),
  empty: (response) => response.writeHead(204).end(),
  // Wants to be left alone for a while.
  later: (response) => response.writeHead(429, { 'retry-after': '3600' }).end(),
  tomorrow: (response) =>
    response.writeHead(503, { 'retry-after': new Date(Date.now() + 86_400_000).toUTCString() }).end(),
  // No status that has the field.
  broken: (response) => response.writeHead(500, { 'retry-after': '3600' }).end(),
  // Fails twice, then takes it.
  flaky: (response) => (failures++ < 2 ? json(response, {}, 503) : json(response, {})),
}

const server = createServer((request, response) => {
  void text(request).then((body) => {
    const path = request.url!.slice(1)
    try {
      const event = verifyWebhook(request.headers, body, process.env['SECRET']!)
      say({ path, id: request.headers['webhook-id'], headers: request.headers, body, event })
    } catch (error) {
      say({ path, rejected: (error as Error).message })
      return json(response, { error: (error as Error).message }, 401)
    }
    return (ANSWERS[path] ?? ANSWERS['allow']!)(response, path)
  })
})
server.listen(0, '127.0.0.1', () => say({ port: (server.address() as AddressInfo).port }))
// Ends with who started it, whatever became of them.
process.stdin.on('end', () => process.exit(0)).resume()
