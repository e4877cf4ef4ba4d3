import { sha256Hex } from '../../base/index.ts'
import { canonicalJson } from '../../document/index.ts'
import type { Query, Row } from '../../store/index.ts'
import type { Call, Services } from '../context.ts'
import { known } from '../flow/flow.ts'
import { problem, type Problem } from './problem.ts'

/** The key of a request that is being done, whose subject is an execution or a batch. */
export type Reservation = { readonly principal: string; readonly key: string; readonly subject: string }

/** What a key means for a request (draft-ietf-httpapi-idempotency-key-header). */
export type KeyClaim =
  /** There is no key: the request is done as any other. */
  | { readonly kind: 'none' }
  /** It is the first with this key: to be settled in the transaction that makes its subject, or released. */
  | { readonly kind: 'reserved'; readonly reservation: Reservation }
  /** It was done: its answer follows from what is kept of the subject. */
  | { readonly kind: 'done'; readonly subject: string }
  | { readonly kind: 'refused'; readonly problem: Problem }

type KeyRow = Row & {
  readonly fingerprint: string
  readonly subject: string
  readonly owner: string
  readonly settled: number
  readonly created_at: string
}

const KEY_LENGTH_MAX = 255
/** A string of RFC 9651 without escapes, or the same without quotes, as many clients send it. */
const KEY = /^(?:"([ !#-[\]-~]+)"|([!#-[\]-~]+))$/

/** Reserves the key of a request for `subject`, or finds what was done with it. */
export async function claimKey(call: Call, subject: string): Promise<KeyClaim> {
  const field = call.headers['idempotency-key']
  if (field === undefined) return { kind: 'none' }
  const key = readKey(field)
  if (key === undefined)
    return refused('ANRF5041', `Idempotency-Key is no string of 1 to ${KEY_LENGTH_MAX} letters of printable ASCII`)
  const { services } = call
  const { id: principal } = known(call.principal)
  const reservation = { principal, key, subject }
  const fingerprint = fingerprintOf(call)
  return services.store.sql.tx(async (query): Promise<KeyClaim> => {
    const row = await findRow(query, reservation)
    if (row && !isForgotten(row, call)) {
      if (row.fingerprint !== fingerprint)
        return refused('ANRF5043', 'the key was used for another request: same key, same method, target and body')
      if (row.settled === 1) return { kind: 'done', subject: row.subject }
      const isUnderWay = services.instance.isAlive(row.owner) && !unreleasedOf(services).has(row.subject)
      if (isUnderWay) return refused('ANRF5042', 'the request with this key is under way')
    }
    // Nothing came of a request whose process has ended before its subject was in the store.
    await writeRow(query, reservation, fingerprint, services.instance.id)
    return { kind: 'reserved', reservation }
  })
}

const refused = (code: 'ANRF5041' | 'ANRF5042' | 'ANRF5043', detail: string): KeyClaim => ({
  kind: 'refused',
  problem: problem(code, detail, { progress: 'not-started' }),
})

function readKey(field: string | string[]): string | undefined {
  const [, quoted, bare] = (typeof field === 'string' && KEY.exec(field.trim())) || []
  const key = quoted ?? bare
  return key !== undefined && key.length <= KEY_LENGTH_MAX ? key : undefined
}

function fingerprintOf({ action, params, query, body }: Call): string {
  return sha256Hex(canonicalJson({ action, params, query: query ?? {}, body: body ?? null }))
}

async function findRow(query: Query, { principal, key }: Reservation): Promise<KeyRow | undefined> {
  const [row] = await query<KeyRow>('select * from idempotency where principal = ? and key = ?', [principal, key])
  return row
}

/** Keys are kept for a time; one that is still under way does not end. */
function isForgotten({ created_at: at, settled }: KeyRow, { services }: Call): boolean {
  return settled === 1 && Date.parse(at) < Date.now() - services.config.idempotencyMs
}

async function writeRow(query: Query, to: Reservation, fingerprint: string, owner: string): Promise<void> {
  await query(
    `insert into idempotency (principal, key, fingerprint, subject, owner, settled, created_at) values (?, ?, ?, ?, ?, 0, ?)
      on conflict (principal, key) do update set fingerprint = excluded.fingerprint, subject = excluded.subject,
        owner = excluded.owner, settled = 0, created_at = excluded.created_at`,
    [to.principal, to.key, fingerprint, to.subject, owner, new Date().toISOString()],
  )
}

/** Says that the subject of a key is in the store, in the transaction that puts it there. */
export async function settleKey(query: Query, reservation: Reservation | undefined): Promise<void> {
  if (!reservation) return
  const { principal, key, subject } = reservation
  await query('update idempotency set settled = 1 where principal = ? and key = ? and subject = ?', [
    principal,
    key,
    subject,
  ])
}

/** Takes {@link settleKey} back, in the transaction that takes the subject out of the store. */
export async function unsettleKey(query: Query, reservation: Reservation | undefined): Promise<void> {
  if (!reservation) return
  const { principal, key, subject } = reservation
  await query('delete from idempotency where principal = ? and key = ? and subject = ?', [principal, key, subject])
}

/** Keys whose requests came to nothing while the store did not take that, by the subjects that there never were. */
const unreleased = new WeakMap<Services, Map<string, Reservation>>()

function unreleasedOf(services: Services): Map<string, Reservation> {
  const keys = unreleased.get(services) ?? new Map<string, Reservation>()
  unreleased.set(services, keys)
  return keys
}

/** Gives a key back whose request came to nothing; what is settled stays. Never rejects: what the store does not take now it takes later. */
export async function releaseKey({ services, log }: Call, reservation: Reservation): Promise<void> {
  try {
    await deleteRow(services, reservation)
  } catch (error) {
    unreleasedOf(services).set(reservation.subject, reservation)
    log.warn({ err: error }, 'the key of a request that came to nothing is given back when the store takes it')
  }
}

/** Gives back the keys that could not be given back. Rejects when the store still fails. */
export async function releaseKeys(services: Services): Promise<void> {
  const keys = unreleasedOf(services)
  for (const reservation of keys.values()) {
    await deleteRow(services, reservation)
    keys.delete(reservation.subject)
  }
}

async function deleteRow({ store }: Services, { principal, key, subject }: Reservation): Promise<void> {
  const text = 'delete from idempotency where principal = ? and key = ? and subject = ? and settled = 0'
  await store.sql.tx((query) => query(text, [principal, key, subject]))
}

/** Forgets old keys, at most so many; how many. */
export async function forgetKeys(query: Query, before: string, max: number): Promise<number> {
  const rows = await query(
    `delete from idempotency where (principal, key) in
      (select principal, key from idempotency where created_at < ? and settled = 1 order by created_at limit ?) returning key`,
    [before, max],
  )
  return rows.length
}
