import type { NoteSigner } from '../audit/index.ts'
import type { Registry } from '../registry/index.ts'
import type { Pool } from '../sandbox/index.ts'
import type { SigningKey } from '../document/index.ts'
import type { OpenRun } from '../journal/index.ts'
import type { Instance, Store } from '../store/index.ts'
import type { ServiceConfig } from './settings/config.ts'
import type { Verifier } from './flow/verifier.ts'
import type { ServiceHooks } from './hooks/open.ts'
import type { PolicyBook } from './access/policy-book.ts'
import type { Meter } from './quotas/meter.ts'
import type { Tokens } from './gateway/tokens.ts'
import type { Principal } from './identity/principal.ts'
import type { Span } from '../telemetry/index.ts'
import type { ServiceTelemetry } from './telemetry.ts'
import type { Refusals } from './audit/refusals.ts'
import type { Dispatcher } from './accepted/dispatcher.ts'
import type { LiveExecutions } from './executions/live.ts'
import type { OpenStreams } from './http/streams.ts'

/** What the parts of a running service share. */
export type Services = {
  readonly config: ServiceConfig
  readonly store: Store
  readonly registry: Registry
  readonly pool: Pool
  /** This process, as others that have the same store know it. */
  readonly instance: Instance
  readonly hooks: ServiceHooks
  /** Asked in this order before and after every execution. */
  readonly verifiers: readonly Verifier[]
  /** Executions that this process works on. */
  readonly live: LiveExecutions
  /** Answers that are sent as they come. */
  readonly streams: OpenStreams
  /** Where what was accepted waits for its turn. */
  readonly dispatcher: Dispatcher
  /** Queues an execution that is in the store, and for which the dispatcher has a place. */
  readonly enqueue: (run: OpenRun, log: Log) => void
  /** Takes from the quotas. */
  readonly meter: Meter
  /** Looks at the tokens of other issuers. */
  readonly tokens: Tokens
  /** Signs receipts. */
  readonly receiptKey: SigningKey
  /** Signs the checkpoints of the audit log. */
  readonly logSigner: NoteSigner
  /** Who may do what. */
  readonly policies: PolicyBook
  /** Keeps in the audit log what is refused. */
  readonly refusals: Refusals
  readonly telemetry: ServiceTelemetry
  /** True from the moment a stop was asked for. */
  readonly isStopping: () => boolean
}

/** Structured log lines; what a program or its caller wrote never goes there. */
export type Log = {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** One request, freed of sockets. `body` and `query` have been validated against the route's row. */
export type Call<Body = unknown, Query = unknown> = {
  readonly services: Services
  /** The action of the route. */
  readonly action: string
  /** Absent only on routes without a scope. */
  readonly principal: Principal | undefined
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: Body
  readonly contentType: string
  /** Fields of the request in lower case; of some only the first counts. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly requestId: string
  /** Where the connection comes from; absent for what goes on by itself. */
  readonly address?: string
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal
  readonly log: Log
  /** The span of the request. */
  readonly span: Span
}

/** An answer. A body of bytes is sent as it is, anything else as JSON. */
export type Reply = {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}
