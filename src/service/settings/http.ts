import { type Setting, whole } from './setting.ts'

/** How the service is reached, and what it says. */
export type HttpConfig = {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** The greatest body of a request, in bytes; a document in base64 must fit. */
  readonly bodyBytesMax: number
  /** How long a stop waits for executions under way, in ms. */
  readonly drainMs: number
  readonly logLevel: string
}

export const HTTP_DEFAULTS: HttpConfig = {
  host: '127.0.0.1',
  port: 8787,
  bodyBytesMax: 24 * 2 ** 20,
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
