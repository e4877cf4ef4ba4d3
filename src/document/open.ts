import type { Diagnostic } from '../base/index.ts'
import type { Module } from '../ir/index.ts'
import { decodeDocument } from './decode.ts'
import { VERSION_CURRENT, VERSION_PUBLISHED, type Document } from './document.ts'
import { encodeDocument } from './encode.ts'
import { extractModule } from './extract.ts'
import { documentId, type DocumentId } from './identity.ts'
import { migrateDocument } from './migrate.ts'
import { Report } from './report.ts'
import { checkRules } from './rules.ts'
import type { ANRF } from './schema/gen/anrf_pb.ts'

export type OpenOptions = {
  /** The identity that was asked for; another one is refused (ANRF3002). */
  readonly expectedId?: string
}

/** A document that may be run. */
export type Opened = {
  readonly document: Document
  readonly id: DocumentId
  readonly module: Module
  /** The encoded IR module: the `code` of an `ir` document, what a `graph` was lowered to. */
  readonly program: Uint8Array
  /** ANRF3006 when the document was migrated. */
  readonly warnings: readonly Diagnostic[]
}

/**
 * Reads a document and checks everything that can be known without running it: the schema, the
 * rules, the security section, the identity, the IR, and that the layers tell the truth about the
 * IR. Signatures are beside the document, see `verifySignature`. What comes back without diagnostics may be trusted as far
 * as its publisher is.
 */
export function openDocument(
  bytes: Uint8Array,
  options: OpenOptions = {},
): Opened | { readonly diagnostics: readonly Diagnostic[] } {
  const decoded = decodeDocument(bytes)
  if ('diagnostics' in decoded) return decoded
  const report = new Report()
  const { document: migrated, warnings } = migrateDocument(decoded.document)
  if (warnings.length > 0) {
    // What is kept of a migrated document is its new form, which must stay within the bounds too.
    const again = decodeDocument(encodeDocument(migrated))
    if ('diagnostics' in again) return again
  }
  const document = requireParts(migrated, report)
  if (!document) return { diagnostics: report.diagnostics }
  checkRules(document, report)
  const id = checkIdentity(document, options.expectedId, report)
  if (report.diagnostics.length > 0) return { diagnostics: report.diagnostics }
  const extracted = extractModule(document)
  return 'diagnostics' in extracted ? extracted : { document, id, warnings, ...extracted }
}

function requireParts(document: ANRF, report: Report): Document | undefined {
  const { version, intent, semantic, execution, security } = document
  if (version !== VERSION_CURRENT)
    report.add('ANRF3001', '/version', `the version is neither ${VERSION_CURRENT} nor ${VERSION_PUBLISHED}`)
  for (const [name, part] of Object.entries({ intent, semantic, execution }))
    if (!part) report.add('ANRF3001', `/${name}`, `the ${name} layer is missing`)
  if (!security) report.add('ANRF3005', '/security', 'the security section is missing')
  if (report.diagnostics.length > 0 || !intent || !semantic || !execution || !security) return undefined
  return { ...document, intent, semantic, execution, security }
}

function checkIdentity(document: Document, expected: string | undefined, report: Report): DocumentId {
  const id = documentId(document)
  if (document.anrfId !== id)
    report.add('ANRF3002', '/anrf_id', `the document says that it is ${document.anrfId}, but it is ${id}`)
  if (expected !== undefined && expected !== id)
    report.add('ANRF3002', '', `${expected} was asked for, but the document is ${id}`)
  return id
}
