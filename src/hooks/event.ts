import { randomUUIDv7 } from 'node:crypto'

/** What hooks may be told of after it happened, by the name that `on` lists: the only list. Docs and checks read it. */
export const EVENTS = {
  'execution.ended': 'an execution ended, however it did',
  'execution.suspended': 'an execution waits for a decision, and goes on when there is one',
  'artifact.published': 'a document was published that was not there before',
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

const TYPES: Readonly<Record<Occasion, string>> = {
  before: 'anrf.execution.before',
  after: 'anrf.execution.after',
  test: 'anrf.hook.test',
  'execution.ended': 'anrf.execution.ended',
  'execution.suspended': 'anrf.execution.suspended',
  'artifact.published': 'anrf.artifact.published',
}

/** What an event is made of beside its id and time. */
export type EventParts = Pick<CloudEvent, 'source' | 'subject' | 'tenant' | 'data'>

export function newEvent(occasion: Occasion, { source, subject, tenant, data }: EventParts): CloudEvent {
  return {
    specversion: '1.0',
    id: randomUUIDv7(),
    source,
    type: TYPES[occasion],
    subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    tenant,
    data,
  }
}
