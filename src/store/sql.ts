import { setTimeout as sleep } from 'node:timers/promises'
import type { DatabaseSync } from 'node:sqlite'
import { StoreError, storeErrorOf } from './error.ts'

type SqlValue = null | number | string | Uint8Array
export type Row = { readonly [column: string]: SqlValue }
export type Query = <R extends Row = Row>(sql: string, params?: readonly SqlValue[]) => Promise<readonly R[]>

/** The seam to a database. Parameters are `?`. Every failure of the environment is a `StoreError`. */
export type Sql = {
  /** Reads what is committed. */
  query: Query
  /**
   * Runs `work` as one transaction: all of it is durable when the promise resolves, and none of it
   * happened when it rejects. `work` awaits nothing but its own queries.
   */
  tx<T>(work: (query: Query) => Promise<T>): Promise<T>
}

type Pending = {
  readonly work: (query: Query) => Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}
/** Rejects, for ever from then on, when the disk did not take what was written: nobody knows what it has. */
export type Sync = () => Promise<void>
/** What belongs to every commit. */
export type CommitHooks = {
  /** Done in its transaction; when it rejects, nothing of the commit happened. */
  readonly beforeCommit?: (query: Query) => Promise<void>
  /** Told of the transactions that shared a commit, and the seconds it took with the wait for the disk. */
  readonly onCommit?: (transactions: number, seconds: number) => void
}
type Done = { readonly pending: Pending; readonly value: unknown }

/** How long a transaction waits for one of another process. */
const BUSY_MS_MAX = 10_000
/** Transactions that share one commit, and so one fsync. */
const GROUP_MAX = 256

/**
 * The seam over node:sqlite: `reader` answers queries, `writer` runs transactions one after
 * another. Those that wait together are committed together (group commit: one `sync` for all),
 * each in a savepoint, so that one that fails takes no other with it. `sync` makes durable what was
 * committed before it was called; while it works, the event loop goes on and the next group gathers.
 * `beforeCommit` is done once for a group.
 */
export function createSqliteSql(
  writer: DatabaseSync,
  reader: DatabaseSync,
  sync: Sync,
  { beforeCommit, onCommit }: CommitHooks = {},
): Sql {
  const waiting: Pending[] = []
  let isDraining = false
  let syncing: Promise<void> | undefined

  function tx<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    waiting.push({ work, resolve: resolve as (value: unknown) => void, reject })
    if (!isDraining) void drain()
    return promise
  }

  async function drain(): Promise<void> {
    isDraining = true
    // Whoever asks in this turn of the event loop joins the first group.
    await Promise.resolve()
    while (waiting.length > 0) {
      const group = waiting.splice(0, GROUP_MAX)
      const startedMs = performance.now()
      await commitGroup(writer, group, syncOnce, beforeCommit)
      onCommit?.(group.length, (performance.now() - startedMs) / 1000)
    }
    isDraining = false
  }

  async function syncOnce(): Promise<void> {
    syncing = sync()
    try {
      await syncing
    } finally {
      syncing = undefined
    }
  }

  const read = queryOn(reader)
  // What is committed and not yet durable must not be told to anybody: a power cut could take it back.
  async function query<R extends Row = Row>(text: string, params?: readonly SqlValue[]): Promise<readonly R[]> {
    const rows = await read<R>(text, params)
    await syncing
    return rows
  }

  return { query, tx }
}

async function commitGroup(
  db: DatabaseSync,
  group: readonly Pending[],
  sync: Sync,
  beforeCommit: CommitHooks['beforeCommit'],
): Promise<void> {
  const done: Done[] = []
  try {
    await retryWhileBusy(() => db.exec('begin immediate'))
    for (const pending of group) {
      const value = await runOne(db, pending)
      if (value !== undefined) done.push({ pending, value: value.value })
    }
    await beforeCommit?.(queryOn(db))
    await retryWhileBusy(() => db.exec('commit'))
    await sync()
    for (const { pending, value } of done) pending.resolve(value)
  } catch (error) {
    rollBack(db)
    // Resolving and rejecting twice does nothing: those that failed by themselves know already.
    for (const pending of group) pending.reject(storeErrorOf(error))
  }
}

async function runOne(db: DatabaseSync, pending: Pending): Promise<{ value: unknown } | undefined> {
  db.exec('savepoint one')
  try {
    const value = await pending.work(queryOn(db))
    db.exec('release one')
    return { value }
  } catch (error) {
    const typed = storeErrorOf(error)
    pending.reject(typed)
    try {
      db.exec('rollback to one')
      db.exec('release one')
    } catch {
      // A full disk rolls back everything, the savepoint too: then the whole group failed, for that reason.
      throw typed
    }
    return undefined
  }
}

function rollBack(db: DatabaseSync): void {
  try {
    db.exec('rollback')
  } catch {
    // There is no transaction any more: SQLite rolls back by itself on some errors.
  }
}

/** Waits for another process without blocking the event loop, as SQLite's own busy handler would. */
export async function retryWhileBusy<T>(work: () => T): Promise<T> {
  const startedMs = performance.now()
  for (let waitMs = 1; ; waitMs = Math.min(50, waitMs * 2)) {
    try {
      return work()
    } catch (error) {
      const typed = storeErrorOf(error)
      const isBusy = typed instanceof StoreError && typed.fault === 'busy'
      if (!isBusy || performance.now() - startedMs > BUSY_MS_MAX) throw typed
      await sleep(waitMs)
    }
  }
}

const STATEMENTS_MAX = 100

export function queryOn(db: DatabaseSync): Query {
  const prepared = statementsOf(db)
  return async <R extends Row>(sql: string, params: readonly SqlValue[] = []) => {
    try {
      const statement = prepared.get(sql) ?? db.prepare(sql)
      if (prepared.size < STATEMENTS_MAX) prepared.set(sql, statement)
      return statement.all(...params) as unknown as readonly R[]
    } catch (error) {
      throw storeErrorOf(error)
    }
  }
}

type Statements = Map<string, ReturnType<DatabaseSync['prepare']>>
const statements = new WeakMap<DatabaseSync, Statements>()

function statementsOf(db: DatabaseSync): Statements {
  const known = statements.get(db) ?? new Map()
  statements.set(db, known)
  return known
}
