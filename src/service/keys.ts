import { randomBytes, timingSafeEqual } from 'node:crypto'
import { recordEvent } from '../audit/index.ts'
import { sha256Hex } from '../base/index.ts'
import type { Query, Row, Sql } from '../store/index.ts'
import { ownDeed } from './deeds.ts'

/**
 * What a key may do in its tenant; `admin` everything there. What concerns the whole service (its policies, its audit log, its metrics, its tenants)
 * only `operate` may do.
 */
export const SCOPES = ['operate', 'admin', 'publish', 'execute', 'approve', 'read'] as const
export type Scope = (typeof SCOPES)[number]

/** Who asks. Nobody sees or touches anything of another tenant. */
export type Principal = {
  /** The same for every key of one caller, and unique among all tenants. */
  readonly id: string
  readonly tenant: string
  readonly scopes: readonly Scope[]
}

/** The tenant of a service that has only one. */
const DEFAULT_TENANT = 'default'

/** A key as it is listed: never its secret, of which only the digest is stored. */
export type KeyInfo = {
  readonly id: string
  readonly principal: string
  readonly tenant: string
  readonly label: string
  readonly scopes: readonly Scope[]
  readonly createdAt: string
  readonly revokedAt?: string
}

type KeyRow = Row & {
  readonly id: string
  readonly principal: string
  readonly tenant: string
  readonly secret_hash: string
  readonly scopes: string
  readonly label: string
  readonly created_at: string
  readonly revoked_at: string | null
}

const ID_BYTES = 8
/** 256 random bits need no slow hash: there is nothing to guess. */
const SECRET_BYTES = 32
const KEY = /^anrf_([0-9a-f]{16})_([0-9a-f]{64})$/

type NewKey = { readonly key: string; readonly id: string }

/** Makes a key for whoever may write the store's files; its text is given here and never again. */
export async function createKey(sql: Sql, label: string, scopes: readonly Scope[]): Promise<NewKey> {
  return sql.tx((query) => insertOwnKey(query, label, scopes))
}

/** The admin key of a new store, or undefined when the store has keys already. */
export async function createFirstKey(sql: Sql): Promise<string | undefined> {
  return sql.tx(async (query) => {
    const [row] = await query<{ n: number }>('select count(*) as n from api_key')
    return row?.n === 0 ? (await insertOwnKey(query, 'first admin', ['operate', 'admin'])).key : undefined
  })
}

const INSERT =
  'insert into api_key (id, principal, tenant, secret_hash, scopes, label, created_at) values (?, ?, ?, ?, ?, ?, ?)'

async function insertOwnKey(query: Query, label: string, scopes: readonly Scope[]): Promise<NewKey> {
  const made = await insertKey(query, label, scopes)
  await recordEvent(query, ownDeed('keys.create', DEFAULT_TENANT, made.id, { label, scopes }))
  return made
}

/** Makes a key in the transaction that records it. */
export async function insertKey(query: Query, label: string, scopes: readonly Scope[]): Promise<NewKey> {
  const id = randomBytes(ID_BYTES).toString('hex')
  const secret = randomBytes(SECRET_BYTES).toString('hex')
  await query(INSERT, [
    id,
    id,
    DEFAULT_TENANT,
    sha256Hex(secret),
    JSON.stringify(scopes),
    label,
    new Date().toISOString(),
  ])
  return { key: `anrf_${id}_${secret}`, id }
}

/** Who has this key; undefined when it is malformed, unknown, revoked or its secret is wrong. */
export async function findPrincipal(sql: Sql, key: string): Promise<Principal | undefined> {
  const [, id, secret] = KEY.exec(key) ?? []
  if (id === undefined || secret === undefined) return undefined
  const [row] = await sql.query<KeyRow>('select * from api_key where id = ?', [id])
  const given = Buffer.from(sha256Hex(secret), 'hex')
  // An unknown id takes the same comparison as a wrong secret.
  const stored = row ? Buffer.from(row.secret_hash, 'hex') : Buffer.alloc(given.length)
  const isRight = stored.length === given.length && timingSafeEqual(stored, given)
  if (!row || !isRight || row.revoked_at !== null) return undefined
  return { id: row.principal, tenant: row.tenant, scopes: infoOf(row).scopes }
}

export async function listKeys(sql: Sql): Promise<readonly KeyInfo[]> {
  return (await sql.query<KeyRow>('select * from api_key order by created_at, id')).map(infoOf)
}

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
  const sqlText = 'update api_key set revoked_at = ? where id = ? and revoked_at is null returning id'
  return (await query(sqlText, [new Date().toISOString(), id])).length > 0
}

function infoOf(row: KeyRow): KeyInfo {
  const { id, principal, tenant, label, created_at: createdAt, revoked_at: revokedAt } = row
  const scopes = JSON.parse(row.scopes) as Scope[]
  return { id, principal, tenant, label, scopes, createdAt, ...(revokedAt === null ? {} : { revokedAt }) }
}
