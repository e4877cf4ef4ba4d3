import {
  listEntries,
  logKeyTextOf,
  parseTilePath,
  proveConsistency,
  proveInclusion,
  readHead,
  readLeaf,
  readTileBytes,
  widthAt,
  type EntryFilter,
} from '../../audit/index.ts'
import type { Call, Reply } from '../context.ts'
import { known } from '../flow/flow.ts'
import { problem, type Problem } from '../http/problem.ts'
import { readTimes } from './times.ts'

type Answer = Promise<Reply | { readonly problem: Problem }>
type EntriesQuery = EntryFilter & { readonly after?: string; readonly limit?: string }

const LIMIT_DEFAULT = 100
const TEXT = { 'content-type': 'text/plain; charset=utf-8' }

/** `GET /audit/entries`: of all tenants. */
export function getEntries(call: Call<unknown, EntriesQuery>): Answer {
  return answerEntries(call, call.query)
}

/** `GET /audit/tenant/entries`: of the tenant of whoever asks. */
export function getTenantEntries(call: Call<unknown, EntriesQuery>): Answer {
  return answerEntries(call, { ...call.query, tenant: known(call.principal).tenant })
}

async function answerEntries({ services }: Call, query: EntriesQuery): Answer {
  const { after, limit, from, until, ...texts } = query
  const bounds = readTimes({ from, until })
  if ('problem' in bounds) return bounds
  const page = { limit: Number(limit ?? LIMIT_DEFAULT), ...(after !== undefined && { before: Number(after) }) }
  const { entries, next } = await listEntries(services.store.sql.query, { ...texts, ...bounds.times }, page)
  return { status: 200, body: { entries, ...(next !== undefined && { next: String(next) }) } }
}

/** `GET /audit/checkpoint` */
export async function getCheckpoint({ services }: Call): Answer {
  const { checkpoint } = await readHead(services.store.sql.query)
  return checkpoint === undefined ? notYet('there is no entry yet') : { status: 200, body: checkpoint, headers: TEXT }
}

/** `GET /audit/key` */
export async function getLogKey({ services }: Call): Answer {
  return { status: 200, body: `${logKeyTextOf(services.logSigner)}\n`, headers: TEXT }
}

/** `GET /audit/tile/{path}`, with a path of C2SP tlog-tiles. */
export async function getTile({ services, params }: Call): Answer {
  const { query } = services.store.sql
  const tile = parseTilePath(`tile/${params['path']}`)
  const { frontier } = await readHead(query)
  if (!tile || tile.width > widthAt(tile, frontier.size)) return notYet(`there is no tile ${params['path']}`)
  const headers = { 'content-type': 'application/octet-stream' }
  return { status: 200, body: await readTileBytes(query, tile), headers }
}

/** `GET /audit/inclusion/{sequence}` */
export async function getInclusion(call: Call<unknown, { readonly size?: string }>): Answer {
  const { query } = call.services.store.sql
  const head = await readHead(query)
  const sequence = wholeOf(call.params['sequence'])
  const size = wholeOf(call.query.size) ?? head.frontier.size
  if (sequence === undefined || sequence >= size || size > head.frontier.size)
    return notYet(`there is no entry ${call.params['sequence']} among ${size}, or the log is smaller`)
  const hashes = encode(await proveInclusion(query, sequence, size))
  const leaf = await readLeaf(query, sequence)
  return { status: 200, body: { sequence, size, leaf, hashes, ...checkpointAt(head, size) } }
}

/** `GET /audit/consistency/{size}` */
export async function getConsistency(call: Call<unknown, { readonly to?: string }>): Answer {
  const { query } = call.services.store.sql
  const head = await readHead(query)
  const from = wholeOf(call.params['size'])
  const to = wholeOf(call.query.to) ?? head.frontier.size
  if (from === undefined || from === 0 || from > to || to > head.frontier.size)
    return notYet(`the log was never of ${call.params['size']} and then of ${to} entries`)
  const hashes = encode(await proveConsistency(query, from, to))
  return { status: 200, body: { from, to, hashes, ...checkpointAt(head, to) } }
}

const encode = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('base64'))

const checkpointAt = ({ frontier, checkpoint }: Awaited<ReturnType<typeof readHead>>, size: number): object =>
  frontier.size === size ? { checkpoint } : {}

const wholeOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : undefined

const notYet = (detail: string): { readonly problem: Problem } => ({ problem: problem('ANRF5003', detail) })
