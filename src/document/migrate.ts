import { clone } from '@bufbuild/protobuf'
import { diagnostic, type Diagnostic } from '../base/index.ts'
import { VERSION_CURRENT, VERSION_PUBLISHED } from './document.ts'
import { documentId } from './identity.ts'
import { isProgramName, isProgramVersion, programNameOf } from './names.ts'
import { ANRFSchema, type ANRF } from './schema/gen/anrf_pb.ts'
import { createSecurity } from './security.ts'

/**
 * Brings a document of the published version "v1" to ours, as docs/DOCUMENT.md describes: the
 * security section with the defaults where a `graph` document has none, references back from the
 * execution layer and the constraints, name and version of the program, and the identity; the
 * former `anrf_id` is kept in the metadata. Other documents come back as they are.
 */
export function migrateDocument(document: ANRF): { readonly document: ANRF; readonly warnings: readonly Diagnostic[] } {
  if (document.version !== VERSION_PUBLISHED) return { document, warnings: [] }
  const migrated = clone(ANRFSchema, document)
  const added: string[] = []
  if (!migrated.security && migrated.execution?.format === 'graph') {
    migrated.security = createSecurity()
    added.push('a security section with no capabilities, the default limits and no override')
  }
  addNames(migrated, added)
  addBackReferences(migrated)
  migrated.version = VERSION_CURRENT
  if (document.anrfId !== '') migrated.metadata['v1_anrf_id'] = document.anrfId
  migrated.anrfId = documentId(migrated)
  const what = added.length === 0 ? '' : ` with ${added.join(' and ')}`
  const message = `the document is of version ${VERSION_PUBLISHED} and was read as ${VERSION_CURRENT}${what}`
  return { document: migrated, warnings: [diagnostic('ANRF3006', { message, pointer: '/version' })] }
}

function addNames(document: ANRF, added: string[]): void {
  const label = document.semantic?.nodes.find((node) => node.nodeType === 'function')?.label ?? ''
  if (!isProgramName(document.metadata['name'] ?? '')) {
    document.metadata['name'] = programNameOf(label)
    added.push(`the name ${document.metadata['name']}`)
  }
  if (!isProgramVersion(document.metadata['version'] ?? '')) {
    document.metadata['version'] = '1.0.0'
    added.push('the version 1.0.0')
  }
}

/**
 * The published schema has references in one direction only; the other one follows from them.
 * Linear in the document, which may be hostile: nothing was checked yet.
 */
function addBackReferences(document: ANRF): void {
  const nodes = document.semantic?.nodes ?? []
  const execution = invert(nodes.map((node) => [node.nodeId, node.executionRefs]))
  for (const exec of document.execution?.nodes ?? [])
    exec.semanticRefs = merge(exec.semanticRefs, execution.get(exec.nodeId))
  const subject = nodes.find((node) => node.nodeType === 'function')
  const constraints = document.intent?.constraints ?? []
  for (const [i, constraint] of constraints.entries()) {
    if (constraint.constraintId === '') constraint.constraintId = `constraint_${i + 1}`
    // The published form does not say what a formal constraint is about; its documents are about one function.
    if (constraint.formalSpec !== '' && subject)
      constraint.semanticRefs = merge(constraint.semanticRefs, [subject.nodeId])
  }
  const about = invert(constraints.map((constraint) => [constraint.constraintId, constraint.semanticRefs]))
  for (const node of nodes) node.intentRefs = merge(node.intentRefs, about.get(node.nodeId))
  const intent = invert(nodes.map((node) => [node.nodeId, node.intentRefs]))
  for (const constraint of constraints)
    constraint.semanticRefs = merge(constraint.semanticRefs, intent.get(constraint.constraintId))
}

/** From what is referred to, to those that refer to it. */
function invert(referrers: readonly (readonly [string, readonly string[]])[]): Map<string, string[]> {
  const inverse = new Map<string, string[]>()
  for (const [id, refs] of referrers)
    for (const ref of refs) {
      const list = inverse.get(ref)
      if (list) list.push(id)
      else inverse.set(ref, [id])
    }
  return inverse
}

function merge(list: readonly string[], more: readonly string[] = []): string[] {
  return [...new Set([...list, ...more])]
}
