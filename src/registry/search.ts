import type { Query, Row, Sql } from '../store/index.ts'
import type { Opened } from '../document/index.ts'

/** Terms of one artifact, and letters of one term. A document cannot fill the index by itself. */
const TERMS_MAX = 500
const TERM_LENGTH_MAX = 40
/** Words of one search, and artifacts that are looked at for it. */
const WORDS_MAX = 8
const FOUND_MAX = 1000

/** How much a word counts by where it stands. */
const WEIGHTS = { name: 8, tag: 6, entry: 4, description: 3, capability: 3, intent: 2, readme: 1 } as const

/** What a search asks for; all of it must fit. */
export type SearchQuery = {
  readonly text?: string | undefined
  readonly tag?: string | undefined
  readonly capability?: string | undefined
}

/** The words of a text in small letters: letters and digits of any script, and the parts of `camelCase` words beside the whole. */
export function wordsOf(text: string): readonly string[] {
  const parts = text.normalize('NFKC').split(/[^\p{L}\p{N}]+/u)
  const words = parts.flatMap((part) => [part, ...part.split(/(?<=\p{Ll})(?=\p{Lu})/u)])
  return [...new Set(words.filter((word) => word !== '').map((word) => word.toLowerCase().slice(0, TERM_LENGTH_MAX)))]
}

/** The terms by which an artifact is found, each with its greatest weight; `tag:` and `capability:` terms are whole. */
export function termsOf({ document, module }: Opened, readme: string): ReadonlyMap<string, number> {
  const terms = new Map<string, number>()
  const add = (term: string, weight: number): void => {
    if (terms.size < TERMS_MAX || terms.has(term)) terms.set(term, Math.max(weight, terms.get(term) ?? 0))
  }
  const addWords = (text: string, weight: number): void => wordsOf(text).forEach((word) => add(word, weight))
  const { intent, metadata, security } = document
  for (const { name } of security.capabilities) add(`capability:${name}`, WEIGHTS.capability)
  for (const tag of intent.tags) add(`tag:${tag.toLowerCase()}`.slice(0, TERM_LENGTH_MAX), WEIGHTS.tag)
  addWords(metadata['name'] ?? '', WEIGHTS.name)
  for (const tag of intent.tags) addWords(tag, WEIGHTS.tag)
  for (const { name } of module.entries) addWords(name, WEIGHTS.entry)
  addWords(intent.description, WEIGHTS.description)
  for (const { name } of security.capabilities) addWords(name, WEIGHTS.capability)
  for (const { description } of intent.constraints) addWords(description, WEIGHTS.intent)
  addWords(readme, WEIGHTS.readme)
  return terms
}

/** Enters the terms of an artifact, as a part of the transaction that publishes it. */
export async function insertTerms(
  query: Query,
  { tenant, id }: { readonly tenant: string; readonly id: string },
  terms: ReadonlyMap<string, number>,
): Promise<void> {
  for (const [term, weight] of terms)
    await query(
      `insert into artifact_term (tenant, term, artifact_id, weight) values (?, ?, ?, ?)
        on conflict (tenant, term, artifact_id) do nothing`,
      [tenant, term, id, weight],
    )
  await query('update artifact set indexed = 1 where tenant = ? and id = ?', [tenant, id])
}

type Found = Row & { readonly id: string }

/** Ids of artifacts that fit, the best first. A word fits every term that begins with it. */
export async function searchTerms(sql: Sql, tenant: string, asked: SearchQuery): Promise<readonly string[]> {
  const whole = [
    ...(asked.tag === undefined ? [] : [`tag:${asked.tag.toLowerCase()}`.slice(0, TERM_LENGTH_MAX)]),
    ...(asked.capability === undefined ? [] : [`capability:${asked.capability}`]),
  ]
  const words = wordsOf(asked.text ?? '').slice(0, WORDS_MAX)
  // A text of which no word is left finds nothing rather than everything.
  if (asked.text !== undefined && asked.text.trim() !== '' && words.length === 0) return []
  const parts = [
    ...whole.map((term) => ({ where: 'term = ?', params: [term] })),
    ...words.map((word) => ({ where: 'term >= ? and term < ?', params: [word, `${word}\u{10ffff}`] })),
  ]
  if (parts.length === 0) return []
  const tables = parts.map(
    ({ where }, i) =>
      `(select artifact_id, max(weight) as weight from artifact_term where tenant = ? and ${where} group by artifact_id) t${i}`,
  )
  const joined = tables.map((table, i) => (i === 0 ? table : `join ${table} on t${i}.artifact_id = t0.artifact_id`))
  const score = parts.map((_, i) => `t${i}.weight`).join(' + ')
  const rows = await sql.query<Found>(
    `select t0.artifact_id as id from ${joined.join(' ')} order by ${score} desc, t0.artifact_id limit ${FOUND_MAX}`,
    parts.flatMap(({ params }) => [tenant, ...params]),
  )
  return rows.map(({ id }) => id)
}
