import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The world that effects change: a server that counts how often it was asked. */
export type Ledger = {
  readonly port: number
  /** By idempotency key: one for each call of an execution. */
  readonly counts: ReadonlyMap<string, number>
  /** By path: the same for an execution that is done a second time under another id. */
  readonly paths: ReadonlyMap<string, number>
  /** Resolves with the next request. */
  next(): Promise<void>
  close(): void
}

/** Answers every POST after some milliseconds with how often its key was seen. */
export async function openLedger(delayMs: () => number): Promise<Ledger> {
  const counts = new Map<string, number>()
  const paths = new Map<string, number>()
  let arrival = Promise.withResolvers<void>()
  const server = createServer((request, response) => {
    // A string of RFC 9651: in quotes.
    const key = String(request.headers['idempotency-key']).replaceAll('"', '')
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    const path = String(request.url)
    paths.set(path, (paths.get(path) ?? 0) + 1)
    request.resume()
    arrival.resolve()
    arrival = Promise.withResolvers()
    setTimeout(() => response.end(JSON.stringify({ count })), delayMs())
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    port,
    counts,
    paths,
    next: () => arrival.promise,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
