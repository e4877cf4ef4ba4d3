import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after } from 'node:test'
import { text } from 'node:stream/consumers'

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')
/** The authority of `https` servers: its own certificate, for api.test and secure.test. */
export const CERTIFICATE = fixture('cert.pem')

export type Seen = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A real server on loopback, which ends with the test file. */
export type TestServer = { readonly port: number; readonly seen: Seen[]; readonly server: Server }

export async function startServer(
  answer: RequestListener,
  scheme: 'http' | 'https' = 'http',
  at: { host: string; port: number } = { host: '127.0.0.1', port: 0 },
): Promise<TestServer> {
  const seen: Seen[] = []
  const listener: RequestListener = (request, response) => {
    void text(request).then((body) => {
      seen.push({ method: request.method!, url: request.url!, headers: request.headers, body })
      answer(request, response)
    })
  }
  const server =
    scheme === 'http'
      ? createServer(listener)
      : createSecureServer({ key: fixture('key.pem'), cert: CERTIFICATE }, listener)
  server.listen(at)
  await once(server, 'listening')
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, seen, server }
}

/** Arguments of `http.fetch` with the usual rest. */
export const fetchOf = (url: string, more: object = {}): object => ({
  url,
  method: 'GET',
  headers: [],
  body: null,
  base64: false,
  redirect: 'follow',
  timeoutMs: 5000,
  ...more,
})
