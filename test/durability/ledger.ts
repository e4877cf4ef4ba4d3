import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The world that effects change: a server that counts how often it was asked for each idempotency key. */
export type Ledger = {
  readonly port: number
  readonly counts: ReadonlyMap<string, number>
  close(): void
}

/** Answers every POST after some milliseconds with how often its key was seen. */
export async function openLedger(delayMs: () => number): Promise<Ledger> {
  const counts = new Map<string, number>()
  const server = createServer((request, response) => {
    // A string of RFC 9651: in quotes.
    const key = String(request.headers['idempotency-key']).replaceAll('"', '')
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    request.resume()
    setTimeout(() => response.end(JSON.stringify({ count })), delayMs())
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    port,
    counts,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
