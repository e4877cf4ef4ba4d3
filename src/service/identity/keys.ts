import { randomBytes, timingSafeEqual } from 'node:crypto'
import { recordEvent, type AuditEvent } from '../../audit/index.ts'
import { sha256Hex } from '../../base/index.ts'
import type { Query, Row, Sql } from '../../store/index.ts'
import { ownDeed } from '../audit/deeds.ts'
import { insertTenant } from './tenants.ts'
import { DEFAULT_TENANT, type Principal, type Scope } from './principal.ts'

/** A key as it is listed: never its secret, of which only the digest is stored. Times are ISO 8601, UTC. */
export type KeyInfo = {
  readonly id: string
  readonly principal: string
  readonly tenant: string
  readonly label: string
  readonly scopes: readonly Scope[]
  readonly createdAt: string
  readonly expiresAt?: string
  /** To the hour: a request does not wait for a write. */
  readonly lastUsedAt?: string
  readonly revokedAt?: string
}

/** What a key is made from. */
export type KeySpec = {
  readonly label: string
  readonly scopes: readonly Scope[]
  /** Default: the tenant of a service that has only one. */
  readonly tenant?: string
  /** An identity that has or had keys; a new one by default. */
  readonly principal?: string
  readonly expiresAt?: string
}

/** A key that was just made: its text is given here and never again. */
export type NewKey = { readonly id: string; readonly key: string }

type KeyRow = Row & {
  readonly id: string
  readonly principal: string
  readonly tenant: string
  readonly secret_hash: string
  readonly scopes: string
  readonly label: string
  readonly created_at: string
  readonly expires_at: string | null
  readonly last_used_at: string | null
  readonly revoked_at: string | null
}

const ID_BYTES = 8
/** 256 random bits need no slow hash: there is nothing to guess. */
const SECRET_BYTES = 32
const KEY = /^anrf_([0-9a-f]{16})_([0-9a-f]{64})$/
const USE_IS_KNOWN_MS = 3_600_000

/** Makes a key for whoever may write the store's files; its text is given here and never again. */
export async function createKey(sql: Sql, spec: KeySpec): Promise<NewKey> {
  return sql.tx((query) => insertOwnKey(query, spec))
}

async function insertOwnKey(query: Query, spec: KeySpec): Promise<NewKey> {
  const made = await insertKey(query, spec)
  await recordEvent(query, ownDeed('keys.create', spec.tenant ?? DEFAULT_TENANT, made.id, factsOf(spec)))
  return made
}

/** What the audit log says of a new key. */
export const factsOf = ({ label, scopes, tenant, principal, expiresAt }: KeySpec): AuditEvent['details'] => ({
  label,
  scopes,
  ...(tenant !== undefined && { tenant }),
  ...(principal !== undefined && { principal }),
  ...(expiresAt !== undefined && { expiresAt }),
})

/** The admin key of a new store, or undefined when the store has keys already. */
export async function createFirstKey(sql: Sql): Promise<string | undefined> {
  return sql.tx(async (query) => {
    const [row] = await query<{ n: number }>('select count(*) as n from api_key')
    if (row?.n !== 0) return undefined
    await insertTenant(query, { id: DEFAULT_TENANT, label: '' })
    return (await insertOwnKey(query, { label: 'first admin', scopes: ['operate', 'admin'] })).key
  })
}

/** Makes a key in the transaction that records it. */
export async function insertKey(query: Query, spec: KeySpec): Promise<NewKey> {
  const { label, scopes, tenant = DEFAULT_TENANT, expiresAt } = spec
  const id = randomBytes(ID_BYTES).toString('hex')
  const secret = randomBytes(SECRET_BYTES).toString('hex')
  const row = {
    id,
    principal: spec.principal ?? id,
    tenant,
    secret_hash: sha256Hex(secret),
    scopes: JSON.stringify(scopes),
    label,
    created_at: new Date().toISOString(),
    expires_at: expiresAt ?? null,
  }
  const columns = Object.keys(row)
  await query(
    `insert into api_key (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
    Object.values(row),
  )
  return { key: `anrf_${id}_${secret}`, id }
}

/** Whether a text has the form of a key. */
export const isKey = (text: string): boolean => KEY.test(text)

/** Whose key this is, or why it is none: the reason is told only to those who have its secret. */
export async function findPrincipal(
  sql: Sql,
  key: string,
  now = new Date(),
): Promise<Principal | { readonly refused: 'unknown' | 'revoked' | 'expired' }> {
  const [, id, secret] = KEY.exec(key) ?? []
  if (id === undefined || secret === undefined) return { refused: 'unknown' }
  const row = await findRow(sql.query, id)
  const given = Buffer.from(sha256Hex(secret), 'hex')
  // An unknown id takes the same comparison as a wrong secret.
  const stored = row ? Buffer.from(row.secret_hash, 'hex') : Buffer.alloc(given.length)
  const isRight = stored.length === given.length && timingSafeEqual(stored, given)
  if (!row || !isRight) return { refused: 'unknown' }
  const info = infoOf(row)
  if (!isLive(info, now)) return { refused: info.revokedAt === undefined ? 'expired' : 'revoked' }
  noteUse(sql, row, now)
  return { id: info.principal, tenant: info.tenant, scopes: info.scopes }
}

/** Keeps when a key was used, at most once in an hour; a store that cannot take it has worse to tell. */
function noteUse(sql: Sql, { id, last_used_at: last }: KeyRow, now: Date): void {
  const before = new Date(now.getTime() - USE_IS_KNOWN_MS).toISOString()
  if (last !== null && last > before) return
  const text = 'update api_key set last_used_at = ? where id = ? and (last_used_at is null or last_used_at <= ?)'
  sql.tx((query) => query(text, [now.toISOString(), id, before])).catch(() => undefined)
}

/** Keys of a tenant in the order of their ids, those after the id `after`. */
export async function listKeys(
  sql: Sql,
  tenant: string = DEFAULT_TENANT,
  { after = '', limit = 1000 }: { readonly after?: string; readonly limit?: number } = {},
): Promise<readonly KeyInfo[]> {
  const text = 'select * from api_key where tenant = ? and id > ? order by id limit ?'
  return (await sql.query<KeyRow>(text, [tenant, after, limit])).map(infoOf)
}

/** A key that is neither revoked nor expired. */
export async function findLiveKey(query: Query, id: string, now = new Date()): Promise<KeyInfo | undefined> {
  const row = await findRow(query, id)
  const info = row && infoOf(row)
  return info && isLive(info, now) ? info : undefined
}

/** All keys that an identity of a tenant ever had. */
export async function listKeysOf(query: Query, tenant: string, principal: string): Promise<readonly KeyInfo[]> {
  const text = 'select * from api_key where principal = ? and tenant = ? order by id'
  return (await query<KeyRow>(text, [principal, tenant])).map(infoOf)
}

/** Whether a key is neither revoked nor expired. */
export const isLive = ({ revokedAt, expiresAt }: KeyInfo, now = new Date()): boolean =>
  revokedAt === undefined && (expiresAt === undefined || expiresAt > now.toISOString())

/** Ends a key for whoever may write the store's files; whether there was one. */
export async function revokeKey(sql: Sql, id: string): Promise<boolean> {
  return sql.tx(async (query) => {
    const isEnded = await endKey(query, id)
    if (isEnded) await recordEvent(query, ownDeed('keys.revoke', DEFAULT_TENANT, id))
    return isEnded
  })
}

/** Ends a key at once, in the transaction that records it; whether there was one. */
export async function endKey(query: Query, id: string): Promise<boolean> {
  const text = 'update api_key set revoked_at = ? where id = ? and revoked_at is null returning id'
  return (await query(text, [new Date().toISOString(), id])).length > 0
}

/** Another key for the same principal, in the transaction that records it; the one before ends `graceMs` later, if not sooner. */
export async function rotateKey(
  query: Query,
  old: KeyInfo,
  { expiresAt, graceMs }: { readonly expiresAt: string | undefined; readonly graceMs: number },
): Promise<NewKey & { readonly oldExpiresAt: string }> {
  const { label, scopes, tenant, principal } = old
  const spec = { label, scopes, tenant, principal, ...(expiresAt === undefined ? {} : { expiresAt }) }
  const made = await insertKey(query, spec)
  const end = new Date(Date.now() + graceMs).toISOString()
  const oldExpiresAt = old.expiresAt !== undefined && old.expiresAt < end ? old.expiresAt : end
  await query('update api_key set expires_at = ? where id = ?', [oldExpiresAt, old.id])
  return { ...made, oldExpiresAt }
}

async function findRow(query: Query, id: string): Promise<KeyRow | undefined> {
  const [row] = await query<KeyRow>('select * from api_key where id = ?', [id])
  return row
}

function infoOf(row: KeyRow): KeyInfo {
  const { id, principal, tenant, label, created_at: createdAt } = row
  return {
    id,
    principal,
    tenant,
    label,
    scopes: JSON.parse(row.scopes) as Scope[],
    createdAt,
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
    ...(row.last_used_at !== null && { lastUsedAt: row.last_used_at }),
    ...(row.revoked_at !== null && { revokedAt: row.revoked_at }),
  }
}
