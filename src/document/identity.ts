import canonicalize from 'canonicalize'
import { sha256Hex } from '../base/index.ts'
import { documentJson } from './encode.ts'
import type { ANRF } from './schema/gen/anrf_pb.ts'

/** The identity of a document: `sha256:` and 64 lower-case hex digits. */
export type DocumentId = `sha256:${string}`

/**
 * SHA-256 over the canonical JSON form (RFC 8785) without `anrf_id`, which holds the result.
 * Signatures travel beside the document and so are never part of it. Protobuf bytes would be no
 * identity: equal messages may be written in several ways.
 */
export function documentId(document: ANRF): DocumentId {
  const json = documentJson(document)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error('a document is an object')
  const { anrf_id: _, ...content } = json
  return `sha256:${sha256Hex(canonicalJson(content))}`
}

/** Whether a text has the form of an identity. */
export function isDocumentId(text: string): text is DocumentId {
  return /^sha256:[0-9a-f]{64}$/.test(text)
}

/**
 * RFC 8785 text of a JSON value, and of two kinds of values that it has no form for: -0, which it would turn into 0, is tagged as
 * values of programs are, and a lone surrogate, which strings of programs may have, is escaped as JSON.stringify does (ECMA-262,
 * QuoteJSONString). NaN and the infinities are strings in ProtoJSON already.
 */
export function canonicalJson(value: unknown): string {
  const text = isPlain(value) ? canonicalize(value) : unmarkSurrogates(canonicalize(prepare(value)))
  if (text === undefined) throw new Error('undefined has no canonical form')
  return text
}

/** Whether RFC 8785 has a form for it. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return !Object.is(value, -0)
  for (const key in value) if (!key.isWellFormed() || !isPlain((value as Record<string, unknown>)[key])) return false
  return true
}

function prepare(value: unknown): unknown {
  if (Object.is(value, -0)) return { $: '-0' }
  if (typeof value === 'string') return markSurrogates(value)
  if (Array.isArray(value)) return value.map(prepare)
  if (typeof value !== 'object' || value === null) return value
  // A null prototype, since a key may be `__proto__`.
  const copy: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const [key, member] of Object.entries(value)) copy[markSurrogates(key)] = prepare(member)
  return copy
}

/** Stands before the digits of a lone surrogate, or of itself: a noncharacter, so that texts which have it are few. */
const MARK = '\uffff'

/** With the flag `u` the surrogates of a pair are one character, which this does not find. */
const markSurrogates = (text: string): string =>
  text.replace(/[\ud800-\udfff\uffff]/gu, (unit) => MARK + unit.charCodeAt(0).toString(16))

const unmarkSurrogates = (text: string | undefined): string | undefined =>
  text?.replace(/\uffff([0-9a-f]{4})/g, (_, digits: string) => (digits === 'ffff' ? MARK : `\\u${digits}`))
