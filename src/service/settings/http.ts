import { isIP } from 'node:net'
import { type Setting, whole } from './setting.ts'

/** How the service is reached, and what it says. */
export type HttpConfig = {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** The greatest body of a request, in bytes; a document in base64 must fit. */
  readonly bodyBytesMax: number
  /** The greatest head of a request, in bytes. */
  readonly headerBytesMax: number
  /** Connections at once; more are closed as they come. */
  readonly connectionsMax: number
  /** Origins whose pages may ask, as `https://app.example.com`. */
  readonly corsOrigins: readonly string[]
  /** Addresses and networks of proxies whose word on who asks is believed. */
  readonly trustedProxies: readonly string[]
  /** How long a stop waits for executions under way, in ms. */
  readonly drainMs: number
  readonly logLevel: string
}

export const HTTP_DEFAULTS: HttpConfig = {
  host: '127.0.0.1',
  port: 8787,
  bodyBytesMax: 24 * 2 ** 20,
  headerBytesMax: 16 * 1024,
  connectionsMax: 4096,
  corsOrigins: [],
  trustedProxies: [],
  drainMs: 10_000,
  logLevel: 'info',
}

const LOG_LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

export const HTTP_SETTINGS: readonly Setting<HttpConfig>[] = [
  { env: 'ANRF_HOST', default: '127.0.0.1', about: 'address to listen on', read: (host) => ({ host }) },
  { env: 'ANRF_PORT', default: '8787', about: 'port to listen on; 0 takes a free one', read: whole('port', 0, 65_535) },
  {
    env: 'ANRF_BODY_BYTES',
    default: '25165824',
    about: 'greatest request body',
    read: whole('bodyBytesMax', 1024, 2 ** 28),
  },
  {
    env: 'ANRF_HEADER_BYTES',
    default: '16384',
    about: 'greatest head of a request',
    read: whole('headerBytesMax', 1024, 2 ** 20),
  },
  {
    env: 'ANRF_CONNECTIONS',
    default: '4096',
    about: 'connections at once',
    read: whole('connectionsMax', 1, 1_000_000),
  },
  {
    env: 'ANRF_CORS_ORIGINS',
    unset: 'none',
    about: 'origins whose pages may ask, separated by commas, as `https://app.example.com`',
    read: readOrigins,
  },
  {
    env: 'ANRF_TRUSTED_PROXIES',
    unset: 'none',
    about: 'addresses and networks of proxies whose `X-Forwarded-*` is believed, as `127.0.0.1,10.0.0.0/8`',
    read: readProxies,
  },
  {
    env: 'ANRF_DRAIN_MS',
    default: '10000',
    about: 'how long a stop waits for executions',
    read: whole('drainMs', 0, 3_600_000),
  },
  {
    env: 'ANRF_LOG_LEVEL',
    default: 'info',
    about: `one of ${LOG_LEVELS.join(', ')}`,
    read: (logLevel) => (LOG_LEVELS.includes(logLevel) ? { logLevel } : `one of ${LOG_LEVELS.join(', ')}`),
  },
]

function readOrigins(text: string): Partial<HttpConfig> | string {
  const corsOrigins = text.split(',').map((part) => part.trim())
  const isOrigin = (one: string): boolean => URL.canParse(one) && new URL(one).origin === one && one !== 'null'
  const wrong = corsOrigins.find((one) => !isOrigin(one))
  return wrong === undefined ? { corsOrigins } : `a list of origins, as https://app.example.com (${wrong})`
}

function readProxies(text: string): Partial<HttpConfig> | string {
  const trustedProxies = text.split(',').map((part) => part.trim())
  const wrong = trustedProxies.find((one) => !isNetwork(one))
  return wrong === undefined ? { trustedProxies } : `a list of addresses and networks, as 10.0.0.0/8 (${wrong})`
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}
