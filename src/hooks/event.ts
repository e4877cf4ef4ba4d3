import { randomUUIDv7 } from 'node:crypto'

/**
 * What hooks may be told of after it happened, by the name that `on` lists: the only list. `action` is that of the entry in the
 * audit log, in whose transaction the event is put down.
 */
export const EVENTS = {
  'execution.ended': { action: 'executions.end', about: 'an execution ended, however it did' },
  'execution.suspended': {
    action: 'executions.suspend',
    about: 'an execution waits for a decision, and goes on when there is one',
  },
  'execution.decided': { action: 'executions.decide', about: 'somebody decided what a suspended execution asked' },
  'artifact.published': {
    action: 'artifacts.publish',
    about: 'a document was published that was not there before, or its signature came later',
  },
  'key.created': { action: 'keys.create', about: 'a key was made' },
  'key.rotated': { action: 'keys.rotate', about: 'a key got a successor' },
  'key.revoked': { action: 'keys.revoke', about: 'a key was revoked' },
  'tenant.created': { action: 'tenants.create', about: 'a tenant was made' },
  'tenant.disabled': { action: 'tenants.disable', about: 'a tenant is not served any more' },
  'tenant.enabled': { action: 'tenants.enable', about: 'a tenant is served again' },
} as const

export type EventName = keyof typeof EVENTS

/** When a hook is asked; what it answers counts. */
export const STAGES = {
  before: 'before an execution begins: it may refuse or narrow limits',
  after: 'after an execution ran, before anybody sees its answer: it may reject or redact',
} as const

export type StageName = keyof typeof STAGES
/** A hook is told `test` when an operator asks for it. */
export type Occasion = StageName | EventName | 'test'

/** CloudEvents 1.0 in JSON (structured mode), with `tenant` as an extension attribute. */
export type CloudEvent = {
  readonly specversion: '1.0'
  /** Stays the same however often the event is sent: a receiver tells repetitions by it. */
  readonly id: string
  /** The service, as a URN. */
  readonly source: string
  readonly type: string
  /** The execution or artifact that it is about. */
  readonly subject: string
  /** ISO 8601, UTC. */
  readonly time: string
  readonly datacontenttype: 'application/json'
  readonly tenant: string
  readonly data: Readonly<Record<string, unknown>>
}

const ASKED: Readonly<Record<string, string>> = {
  before: 'anrf.execution.before',
  after: 'anrf.execution.after',
  test: 'anrf.hook.test',
}

/** The event that an entry of the audit log is told as, if it is. */
export function eventOfAction(action: string): EventName | undefined {
  return EVENTS_BY_ACTION.get(action)
}

const EVENTS_BY_ACTION = new Map(
  Object.entries(EVENTS).map(([name, { action }]): [string, EventName] => [action, name as EventName]),
)

/** What an event is made of beside its id and time. */
export type EventParts = Pick<CloudEvent, 'source' | 'subject' | 'tenant' | 'data'>

export function newEvent(occasion: Occasion, { source, subject, tenant, data }: EventParts): CloudEvent {
  return {
    specversion: '1.0',
    id: randomUUIDv7(),
    source,
    type: ASKED[occasion] ?? `anrf.${occasion}`,
    subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    tenant,
    data,
  }
}
