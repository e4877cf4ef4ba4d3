import type { Query } from '../store/index.ts'
import type { KvSpace } from './context.ts'
import { EffectFailure } from './failure.ts'

/** What one program may keep for one principal. */
export const KV_BOUNDS = { keys: 10_000, bytes: 16 * 2 ** 20, valueBytes: 2 ** 20 } as const

/** Keys with values as JSON text. Keys are in the order of their UTF-8 bytes. */
export type Space = {
  read(key: string): Promise<string | undefined>
  /** Gives the key what `next` makes of its value, in one transaction; whether it made anything. */
  write(key: string, next: (text: string | undefined) => string | undefined): Promise<boolean>
  remove(key: string): Promise<boolean>
  list(prefix: string, after: string, limit: number): Promise<readonly string[]>
}

type Used = { keys: number; size_bytes: number }

export function openSpace({ sql, principal, program }: KvSpace): Space {
  const at = [principal, program] as const

  async function read(key: string, query: Query = sql.query): Promise<string | undefined> {
    const where = 'principal = ? and program = ? and key = ?'
    const [row] = await query<{ value: string }>(`select value from kv where ${where}`, [...at, key])
    return row?.value
  }

  const write: Space['write'] = (key, next) =>
    sql.tx(async (query) => {
      const before = await read(key, query)
      const text = next(before)
      if (text === undefined) return false
      await charge(query, at, key, before, text)
      await query(
        `insert into kv (principal, program, key, value) values (?, ?, ?, ?)
         on conflict (principal, program, key) do update set value = excluded.value`,
        [...at, key, text],
      )
      return true
    })

  const remove: Space['remove'] = (key) =>
    sql.tx(async (query) => {
      const before = await read(key, query)
      if (before === undefined) return false
      await charge(query, at, key, before, undefined)
      await query('delete from kv where principal = ? and program = ? and key = ?', [...at, key])
      return true
    })

  const list: Space['list'] = async (prefix, after, limit) => {
    const rows = await sql.query<{ key: string }>(
      `select key from kv where principal = ? and program = ? and key > ? and key >= ? and substr(key, 1, ?) = ?
       order by key limit ?`,
      [...at, after, prefix, [...prefix].length, prefix, limit],
    )
    return rows.map(({ key }) => key)
  }

  return { read: (key) => read(key), write, remove, list }
}

/** Books the change of a value (undefined: no value) on the space. Throws the failure of a quota that it would exceed. */
async function charge(
  query: Query,
  at: readonly [string, string],
  key: string,
  before: string | undefined,
  after: string | undefined,
): Promise<void> {
  const sizeOf = (text: string | undefined): number =>
    text === undefined ? 0 : Buffer.byteLength(key) + Buffer.byteLength(text)
  const [used = { keys: 0, size_bytes: 0 }] = await query<Used>(
    'select keys, size_bytes from kv_space where principal = ? and program = ?',
    at,
  )
  const keys = used.keys + Number(after !== undefined) - Number(before !== undefined)
  const bytes = used.size_bytes + sizeOf(after) - sizeOf(before)
  if (after !== undefined) {
    const over = (what: string): EffectFailure => new EffectFailure('quota', `kv: ${what}`)
    if (sizeOf(after) > KV_BOUNDS.valueBytes) throw over(`a value has at most ${KV_BOUNDS.valueBytes} bytes`)
    if (keys > KV_BOUNDS.keys) throw over(`the space has at most ${KV_BOUNDS.keys} keys`)
    if (bytes > KV_BOUNDS.bytes) throw over(`the space has at most ${KV_BOUNDS.bytes} bytes`)
  }
  await query(
    `insert into kv_space (principal, program, keys, size_bytes) values (?, ?, ?, ?)
     on conflict (principal, program) do update set keys = excluded.keys, size_bytes = excluded.size_bytes`,
    [...at, keys, bytes],
  )
}
