import type { Encoded, Outcome } from '../base/index.ts'
import type { Amounts, Asked, Grant } from '../effects/index.ts'
import { denialOf, permits } from '../effects/index.ts'
import type { Sql } from '../store/index.ts'
import { denied } from './failure.ts'
import type { Gate } from './gate.ts'
import type { Connections } from './http/connections.ts'
import type { IoAccount, IoMeter } from './meter.ts'
import type { Secret } from './secret.ts'
import type { Secrets } from './secrets.ts'
import type { Tools } from './tools/tool.ts'
import type { Sleepers } from './sleepers.ts'

export type Json = Encoded

/** The addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly string[]>

/** A decision that a person made on what a run asked. */
export type Approval = { readonly approved: boolean; readonly by: string; readonly note: string }

/** The space of keys of one program for one principal. */
export type KvSpace = { readonly sql: Sql; readonly principal: string; readonly program: string }

export type ProgramCall = {
  readonly id: string
  readonly entry: string | null
  readonly inputs: Json
  /** How many programs called each other to get here: 1 for one that the first program calls. */
  readonly depth: number
  /** Names the call for good: doing it again with the same key is the same call. */
  readonly key: string
  /** What it may use at most, with what it calls in turn. */
  readonly grant: Amounts
  /** Where its bytes count too. */
  readonly account: IoAccount
}

/** How a program ended that was called. `used`: with what it called in turn; absent when nobody knows. */
export type ProgramEnd = { readonly outcome: Outcome; readonly used?: Amounts }

/** How programs call programs. */
export type Programs = {
  /** What a reference (`name`, `name@1.2.0`, a digest) means now. */
  find(
    reference: string,
  ): Promise<{ readonly id: string; readonly name?: string; readonly version?: string } | undefined>
  /** Runs it under limits of its own, within the grant. */
  call(call: ProgramCall, signal: AbortSignal): Promise<ProgramEnd>
  /** The depth of the run that calls; 0 for the first. */
  readonly depth: number
}

/** What the host offers to a run. What is absent answers `unavailable`. */
export type Host = {
  /** Where relative folders of grants begin. */
  readonly root?: string
  readonly resolve?: Resolve
  /** Certificates of further authorities in PEM, for https. */
  readonly authorities?: readonly string[]
  readonly secrets?: readonly Secret[]
  readonly tools?: Tools
  readonly kv?: KvSpace
  /** The W3C `traceparent` that a call, named by its idempotency key, sends to a host; none unless the operator allows it. */
  readonly traceparent?: (hostname: string, key: string) => string | undefined
  readonly programs?: Programs
  /** The decision on the call of this number, once there is one. */
  readonly findApproval?: (sequence: number) => Promise<Approval | undefined>
}

/** What a handler knows of the call that it answers. */
export type CallContext = {
  readonly grants: readonly Grant[]
  readonly signal: AbortSignal
  readonly sequence: number
  /** The idempotency key of the call: `executionId:sequence`. */
  readonly key: string
  readonly meter: IoMeter
  readonly host: Host
  readonly sleepers: Sleepers
  /** One name of a run is looked up at a time, so that it is no run's alone to wait. */
  readonly lookups: Gate
  /** Those that the run keeps for further requests. */
  readonly connections: Connections
  readonly secrets: Secrets
  /** What a program that is called may use. */
  readonly grant?: Amounts
  /** Says what a program used that was called. */
  spend(used: Amounts): void
}

/** Throws the denial of what no grant permits; otherwise the first grant that does. */
export function requireGrant({ grants }: CallContext, asked: Asked): Grant {
  const grant = grants.find((grant) => permits(grant, asked))
  if (!grant) throw denied(denialOf(grants, asked))
  return grant
}
