import { diagnostic, type Diagnostic } from '../base/index.ts'
import type { Document } from './document.ts'
import type { SigningKey, TrustedKey } from './dsse.ts'
import { documentId, isDocumentId } from './identity.ts'
import { isAbout, signStatement, verifyStatement, type SignatureBundle } from './statement.ts'

/** The type of the statement by which a document is signed. */
export const SIGNATURE_TYPE = 'urn:anrf:predicate:document:v1'

/** Signs an in-toto Statement v1 whose subject is the identity of the document. Same document and key, same bundle. */
export function signDocument(document: Document, key: SigningKey): SignatureBundle {
  const { name = '', version = '' } = document.metadata
  const sha256 = documentId(document).slice('sha256:'.length)
  return signStatement(
    {
      subject: [{ name: `${name}@${version}`, digest: { sha256 } }],
      predicateType: SIGNATURE_TYPE,
      predicate: { name, version },
    },
    key,
  )
}

/**
 * Checks that a bundle, which may be anything, holds a signature by a trusted key over a
 * statement about the document `id`; the keys, or ANRF3003 with what is wrong.
 */
export function verifySignature(
  bundle: unknown,
  id: string,
  trusted: readonly TrustedKey[],
): { readonly keys: readonly TrustedKey[] } | { readonly diagnostics: readonly Diagnostic[] } {
  const refuse = (message: string, pointer: string): { readonly diagnostics: readonly Diagnostic[] } => ({
    diagnostics: [diagnostic('ANRF3003', { message, pointer })],
  })
  const verified = verifyStatement(bundle, SIGNATURE_TYPE, trusted)
  if ('problem' in verified) return refuse(verified.problem, verified.at)
  if (isDocumentId(id) && isAbout(verified.statement, id.slice('sha256:'.length))) return { keys: verified.keys }
  return refuse('the signed statement is about another document', '/dsseEnvelope/payload')
}
