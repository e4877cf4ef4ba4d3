import { recordEvent, type AuditEvent } from '../../audit/index.ts'
import type { Code } from '../../base/index.ts'
import type { Sql } from '../../store/index.ts'
import type { Log } from '../context.ts'
import type { Principal } from '../identity/principal.ts'
import type { Problem } from '../http/problem.ts'

/**
 * Which refusals the audit log tells, by the code of their problem: `each` in an entry of its own; `counted` only the first of
 * every minute, and how many more there were, since whoever has no key could fill the disk with them.
 */
const TOLD: Readonly<Partial<Record<Code, 'each' | 'counted'>>> = {
  ANRF5001: 'counted',
  ANRF5002: 'each',
  ANRF5020: 'counted',
  ANRF5021: 'counted',
  ANRF5033: 'each',
  ANRF5034: 'each',
  ANRF5035: 'each',
  ANRF5023: 'counted',
}

/** Refusals of `counted` codes that have an entry of their own, in a window. */
const OWN_ENTRIES_MAX = 10
const WINDOW_MS = 60_000
/** Addresses that a summary names. */
const ADDRESSES_MAX = 16

/** A request that was answered with a problem. */
type Refusal = {
  readonly action: string
  /** Absent when it is not known who asks. */
  readonly principal: Principal | undefined
  /** What was to be done something to, as the request named it. */
  readonly subject: string
  readonly problem: Problem
  readonly requestId: string
  readonly address: string
}

/** Keeps in the audit log what was refused. */
export type Refusals = {
  /** Resolves when the entry is durable. Never rejects: what cannot be told is refused all the same, and logged. */
  record(refusal: Refusal): Promise<void>
  /** Tells what was counted and not told yet. */
  close(): Promise<void>
}

type Window = { readonly startedAt: Date; own: number; more: number; readonly addresses: Map<string, number> }

export function createRefusals(sql: Sql, log: Log): Refusals {
  let window = newWindow()
  let timer: NodeJS.Timeout | undefined

  const keep = (event: AuditEvent): Promise<void> =>
    sql
      .tx((query) => recordEvent(query, event))
      .catch((error: unknown) => log.error({ err: error, action: event.action }, 'a refusal could not be recorded'))

  async function summarise(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const told = window
    window = newWindow()
    if (told.more > 0) await keep(summaryOf(told))
  }

  async function count(refusal: Refusal): Promise<void> {
    if (Date.now() - window.startedAt.getTime() >= WINDOW_MS) await summarise()
    if (window.own++ < OWN_ENTRIES_MAX) return keep(eventOf(refusal))
    window.more++
    const { addresses } = window
    const { address } = refusal
    if (addresses.has(address) || addresses.size < ADDRESSES_MAX)
      addresses.set(address, (addresses.get(address) ?? 0) + 1)
    timer ??= setTimeout(() => void summarise(), WINDOW_MS).unref()
  }

  return {
    record: async (refusal) => {
      const told = refusal.problem.code && TOLD[refusal.problem.code]
      if (told === 'each') await keep(eventOf(refusal))
      if (told === 'counted') await count(refusal)
    },
    close: summarise,
  }
}

const newWindow = (): Window => ({ startedAt: new Date(), own: 0, more: 0, addresses: new Map() })

/** Nobody's: a request without a valid key. */
const NOBODY = { id: 'anonymous', tenant: '' }

function eventOf({ action, principal, subject, problem, requestId, address }: Refusal): AuditEvent {
  const { id, tenant } = principal ?? NOBODY
  const reasons = [`${problem.code}: ${problem.detail}`]
  const details = { requestId, address, ...(problem.policy && { policy: problem.policy }) }
  return { action, tenant, principal: id, subject, outcome: 'refused', reasons, details }
}

function summaryOf({ startedAt, more, addresses }: Window): AuditEvent {
  const details = { count: more, from: startedAt.toISOString(), addresses: Object.fromEntries(addresses) }
  const reasons = ['ANRF5001: more requests without a valid key than have an entry of their own']
  return {
    action: 'requests.refuse',
    tenant: NOBODY.tenant,
    principal: NOBODY.id,
    subject: '',
    outcome: 'refused',
    reasons,
    details,
  }
}
