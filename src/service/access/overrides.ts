import { randomUUIDv7 } from 'node:crypto'
import type { RuleName } from '../../policy/index.ts'
import type { Query, Row, Sql } from '../../store/index.ts'
import type { Principal } from '../identity/principal.ts'

/** Longer than this no exception lasts. */
export const OVERRIDE_DAYS_MAX = 90

/** Where an override stands: derived from its row and the clock, never stored. */
export const OVERRIDE_STATES = ['requested', 'approved', 'refused', 'revoked', 'expired'] as const
type OverrideState = (typeof OVERRIDE_STATES)[number]

/** An exception from one rule of profiles, for one principal and one program, until a time. */
export type Override = {
  readonly id: string
  readonly tenant: string
  /** Who may run the program so. */
  readonly principal: string
  /** The identity of the program: an exception is for what its approver could look at. */
  readonly program: string
  readonly rule: RuleName
  readonly justification: string
  readonly requestedBy: string
  /** ISO 8601, UTC. */
  readonly requestedAt: string
  readonly expiresAt: string
  readonly state: OverrideState
  readonly decidedBy?: string
  readonly decidedAt?: string
  readonly note?: string
  readonly revokedBy?: string
}

type OverrideRow = Row & {
  readonly id: string
  readonly tenant: string
  readonly principal: string
  readonly program: string
  readonly rule: string
  readonly justification: string
  readonly requested_by: string
  readonly requested_at: string
  readonly expires_at: string
  readonly decided_by: string | null
  readonly decided_at: string | null
  readonly approved: number | null
  readonly note: string | null
  readonly revoked_by: string | null
}

type OverrideRequest = Pick<
  Override,
  'tenant' | 'principal' | 'program' | 'rule' | 'justification' | 'requestedBy' | 'expiresAt'
>

/** Keeps what somebody asks for, which changes nothing yet. */
export async function insertOverride(query: Query, asked: OverrideRequest): Promise<Override> {
  const id = randomUUIDv7()
  const requestedAt = new Date().toISOString()
  await query(
    `insert into policy_override (id, tenant, principal, program, rule, justification, requested_by, requested_at, expires_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      asked.tenant,
      asked.principal,
      asked.program,
      asked.rule,
      asked.justification,
      asked.requestedBy,
      requestedAt,
      asked.expiresAt,
    ],
  )
  return { ...asked, id, requestedAt, state: 'requested' }
}

export async function findOverride(query: Query, id: string): Promise<Override | undefined> {
  const [row] = await query<OverrideRow>('select * from policy_override where id = ?', [id])
  return row && overrideOf(row)
}

/** The newest first, those after the id `after`; of everybody when no tenant is given. */
export async function listOverrides(
  { query }: Sql,
  { tenant, principal, after, limit }: { tenant?: string; principal?: string; after?: string; limit: number },
): Promise<readonly Override[]> {
  const conditions = [
    ...(tenant === undefined ? [] : [['tenant = ?', tenant]]),
    ...(principal === undefined ? [] : [['principal = ?', principal]]),
    ...(after === undefined ? [] : [['id < ?', after]]),
  ]
  const where = conditions.length === 0 ? '' : `where ${conditions.map(([text]) => text).join(' and ')}`
  const params = [...conditions.map(([, value]) => value!), limit]
  const rows = await query<OverrideRow>(`select * from policy_override ${where} order by id desc limit ?`, params)
  return rows.map(overrideOf)
}

/** Decides a request once; false when it is decided, revoked or expired already. */
export async function decideOverride(
  query: Query,
  id: string,
  { approved, by, note }: { readonly approved: boolean; readonly by: string; readonly note: string },
): Promise<boolean> {
  const now = new Date().toISOString()
  const decided = await query(
    `update policy_override set approved = ?, decided_by = ?, decided_at = ?, note = ?
      where id = ? and decided_at is null and revoked_at is null and expires_at > ? returning id`,
    [approved ? 1 : 0, by, now, note, id, now],
  )
  return decided.length > 0
}

/** Ends an override at once; false when it has ended already. */
export async function revokeOverride(query: Query, id: string, by: string): Promise<boolean> {
  const now = new Date().toISOString()
  const revoked = await query(
    `update policy_override set revoked_by = ?, revoked_at = ?
      where id = ? and revoked_at is null and (approved is null or approved = 1) and expires_at > ? returning id`,
    [by, now, id, now],
  )
  return revoked.length > 0
}

/** The overrides in force for a run, by their rule: of several the one that holds longest. */
export async function findOverrides(
  { query }: Sql,
  { id, tenant }: Principal,
  program: string,
): Promise<ReadonlyMap<RuleName, string>> {
  const rows = await query<OverrideRow>(
    `select * from policy_override where tenant = ? and principal = ? and program = ?
      and approved = 1 and revoked_at is null and expires_at > ? order by expires_at`,
    [tenant, id, program, new Date().toISOString()],
  )
  return new Map(rows.map((row) => [row.rule as RuleName, row.id]))
}

function overrideOf(row: OverrideRow): Override {
  return {
    id: row.id,
    tenant: row.tenant,
    principal: row.principal,
    program: row.program,
    rule: row.rule as RuleName,
    justification: row.justification,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
    state: stateOf(row),
    ...(row.decided_by !== null && { decidedBy: row.decided_by }),
    ...(row.decided_at !== null && { decidedAt: row.decided_at }),
    ...(row.note !== null && { note: row.note }),
    ...(row.revoked_by !== null && { revokedBy: row.revoked_by }),
  }
}

function stateOf({ approved, revoked_by: revokedBy, expires_at: expiresAt }: OverrideRow): OverrideState {
  if (revokedBy !== null) return 'revoked'
  if (approved === 0) return 'refused'
  if (expiresAt <= new Date().toISOString()) return 'expired'
  return approved === null ? 'requested' : 'approved'
}
