import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { SecureContextOptions } from 'node:tls'
import type { ServiceConfig } from '../settings/config.ts'
import { findTlsMistakes } from '../settings/tls.ts'

/** How long a caller may take to send the head of a request, and all of it; the answer may take longer. */
const HEADERS_MS_MAX = 10_000
const REQUEST_MS_MAX = 60_000
/** How long a connection waits for the next request. */
const KEEP_ALIVE_MS = 65_000
const CHECK_MS = 2000

type Config = Pick<
  ServiceConfig,
  'tlsCert' | 'tlsKey' | 'tlsMin' | 'tlsClientCa' | 'tlsClients' | 'headerBytesMax' | 'connectionsMax'
>

/** Whether connections are secret. */
export const hasTls = ({ tlsCert }: Pick<Config, 'tlsCert'>): boolean => tlsCert !== undefined

/**
 * The server of Node, with bounds against clients that send little by little or hold connections. Throws what `node:tls` does
 * when certificate and key do not fit, and a system error when one cannot be read.
 */
export function createServer(config: Config, handle: RequestListener): Server {
  const limits: ServerOptions = {
    maxHeaderSize: config.headerBytesMax,
    headersTimeout: HEADERS_MS_MAX,
    requestTimeout: REQUEST_MS_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_MS,
    // Requests without a Host field are refused by `guard`, as all others are, and not here without a word.
    requireHostHeader: false,
  }
  const server = hasTls(config)
    ? createHttpsServer({ ...limits, ...secretsOf(config), ...clientsOf(config) }, handle)
    : createHttpServer(limits, handle)
  server.maxConnections = config.connectionsMax
  // The same for what a request expects that Node does not know.
  server.on('checkExpectation', handle)
  return server
}

function secretsOf({ tlsCert, tlsKey, tlsMin, tlsClientCa }: Config): SecureContextOptions {
  return {
    cert: readFileSync(tlsCert!),
    key: readFileSync(tlsKey!),
    minVersion: tlsMin,
    ...(tlsClientCa !== undefined && { ca: readFileSync(tlsClientCa) }),
  }
}

function clientsOf({ tlsClients }: Config): { requestCert: boolean; rejectUnauthorized: boolean } {
  return { requestCert: tlsClients !== 'none', rejectUnauthorized: tlsClients === 'required' }
}

/** Reads certificate and key again, for connections from now on; why not, in which case those before are still used. */
export function reloadTls(server: Server, config: Config): string | undefined {
  if (!hasTls(config)) return undefined
  const [mistake] = findTlsMistakes(config)
  if (mistake !== undefined) return mistake
  try {
    ;(server as HttpsServer).setSecureContext(secretsOf(config))
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
