import { type Setting, whole } from './setting.ts'

/** Executions that are accepted before they run. */
export type QueueConfig = {
  /** Accepted executions that may wait in one process; the next is answered 503. */
  readonly acceptedMax: number
  /** Of one principal; the next is answered 429. */
  readonly acceptedPerPrincipalMax: number
  /** How long the keys of requests that are done once are kept, in ms. */
  readonly idempotencyMs: number
  /** Items that one batch may have. */
  readonly batchItemsMax: number
  /** Streams that one principal may have open. */
  readonly streamsMax: number
  /** How long a stream says nothing, in ms. */
  readonly streamHeartbeatMs: number
  /** How long the reader of a stream may take nothing, in ms. */
  readonly streamStallMs: number
  /** Who may ask for the priority `high`: keys with the scope admin, or all. */
  readonly highPriority: 'admin' | 'all'
}

const HOUR_MS = 3_600_000
const HOURS_MAX = 24 * 366

export const QUEUE_DEFAULTS: QueueConfig = {
  acceptedMax: 10_000,
  acceptedPerPrincipalMax: 1000,
  idempotencyMs: 24 * HOUR_MS,
  batchItemsMax: 10_000,
  streamsMax: 100,
  streamHeartbeatMs: 15_000,
  streamStallMs: 30_000,
  highPriority: 'admin',
}

export const QUEUE_SETTINGS: readonly Setting<QueueConfig>[] = [
  {
    env: 'ANRF_ACCEPTED',
    default: '10000',
    about: 'accepted executions that may wait; the next is answered 503',
    read: whole('acceptedMax', 0, 1_000_000),
  },
  {
    env: 'ANRF_ACCEPTED_PER_PRINCIPAL',
    default: '1000',
    about: 'accepted executions of one principal that may wait; the next is answered 429',
    read: whole('acceptedPerPrincipalMax', 0, 1_000_000),
  },
  {
    env: 'ANRF_IDEMPOTENCY_HOURS',
    default: '24',
    about: 'how long the answer to a request with an `Idempotency-Key` is given again',
    read: (text) => {
      const hours = whole('hours', 1, HOURS_MAX)(text)
      return typeof hours === 'string' ? hours : { idempotencyMs: hours.hours * HOUR_MS }
    },
  },
  {
    env: 'ANRF_BATCH_ITEMS',
    default: '10000',
    about: 'items that one batch may have',
    read: whole('batchItemsMax', 1, 1_000_000),
  },
  {
    env: 'ANRF_STREAMS',
    default: '100',
    about: 'streams that one principal may have open',
    read: whole('streamsMax', 0, 100_000),
  },
  {
    env: 'ANRF_STREAM_HEARTBEAT_MS',
    default: '15000',
    about: 'how long a stream says nothing before it says that it is still there',
    read: whole('streamHeartbeatMs', 10, 600_000),
  },
  {
    env: 'ANRF_STREAM_STALL_MS',
    default: '30000',
    about: 'how long the reader of a stream may take nothing before it is cut off',
    read: whole('streamStallMs', 10, 3_600_000),
  },
  {
    env: 'ANRF_HIGH_PRIORITY',
    default: 'admin',
    about: 'who may ask for the priority `high`: `admin` (keys with that scope) or `all`',
    read: (text) => (text === 'admin' || text === 'all' ? { highPriority: text } : 'admin or all'),
  },
]
