import type { ANRF, ExecutionLayer, IntentLayer, SecuritySection, SemanticLayer } from './schema/gen/anrf_pb.ts'

/** The published version, without a security section, and ours, where it is mandatory. */
export const VERSION_PUBLISHED = 'v1'
export const VERSION_CURRENT = 'v1.1'

/** An ANRF document that has all its parts; what `openDocument` and `buildDocument` give back. */
export type Document = ANRF & {
  readonly intent: IntentLayer
  readonly semantic: SemanticLayer
  readonly execution: ExecutionLayer
  readonly security: SecuritySection
}

/** Bounds of the reader. A document beyond them is refused (ANRF3008) before it takes memory. */
export const BOUNDS = {
  /** Bytes of a document in either form. */
  bytes: 16 * 2 ** 20,
  /** Nesting of JSON; the schema itself needs 6. */
  depth: 32,
  /** Messages, list elements, map entries and fields in total. */
  records: 400_000,
  /** Diagnostics per document; a reader needs no more to see that it is broken. */
  diagnostics: 100,
} as const

/** The program's `name` and `version` as `name@1.2.0`, or the name alone where the document has no version. */
export function documentName(document: ANRF): string {
  const { name = '', version = '' } = document.metadata
  return version === '' ? name : `${name}@${version}`
}
