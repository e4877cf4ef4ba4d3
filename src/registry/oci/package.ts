import { canonicalJson, encodeDocument, openDocument, readUnverified, type Opened } from '../../document/index.ts'
import { sha256Hex } from '../../base/index.ts'
import {
  ARTIFACT_TYPE,
  BUNDLE_TYPE,
  CONFIG_TYPE,
  DOCUMENT_TYPE,
  EMPTY_TYPE,
  MANIFEST_TYPE,
  README_TYPE,
} from './media-types.ts'
import { unlike } from './failure.ts'

/** A document and all that goes with it. */
export type Package = {
  /** In protobuf form, as `encodeDocument` writes it. */
  readonly document: Uint8Array
  readonly readme?: Uint8Array
  /** Sigstore bundles, each as canonical JSON. */
  readonly attestations: readonly string[]
}

/** What a descriptor says of content (OCI image specification, descriptor). */
export type Descriptor = {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly artifactType?: string
  readonly annotations?: Readonly<Record<string, string>>
}

/** Content with its descriptor. */
export type Content = { readonly descriptor: Descriptor; readonly bytes: Uint8Array }

/** A package as OCI content: the manifest and what it refers to, and a manifest per statement, which refer to it. */
export type OciArtifact = {
  readonly manifest: Content
  readonly blobs: readonly Content[]
  readonly referrers: readonly { readonly manifest: Content; readonly blobs: readonly Content[] }[]
}

export const digestOf = (bytes: Uint8Array | string): string => `sha256:${sha256Hex(bytes)}`

const contentOf = (mediaType: string, bytes: Uint8Array, more: Partial<Descriptor> = {}): Content => ({
  descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length, ...more },
  bytes,
})

/** `{}`, the content of configurations that say nothing. */
const EMPTY = contentOf(EMPTY_TYPE, Buffer.from('{}'))

/**
 * Lays a package out. The bytes depend on the package alone: the same one gives the same digests everywhere. Throws an `OciError`
 * when its document or a statement is none.
 */
export function layOut({ document, readme, attestations }: Package): OciArtifact {
  const opened = openOrThrow(document)
  const config = contentOf(CONFIG_TYPE, configOf(opened))
  const body = contentOf(DOCUMENT_TYPE, document, titled('document.anrf'))
  const text = readme === undefined ? [] : [contentOf(README_TYPE, readme, titled('README.md'))]
  const layers = [body, ...text]
  const manifest = contentOf(
    MANIFEST_TYPE,
    json({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      artifactType: ARTIFACT_TYPE,
      config: config.descriptor,
      layers: layers.map(({ descriptor }) => descriptor),
      annotations: annotationsOf(opened),
    }),
    { artifactType: ARTIFACT_TYPE },
  )
  return { manifest, blobs: [config, ...layers], referrers: attestations.map((one) => layOutReferrer(manifest, one)) }
}

function layOutReferrer(subject: Content, bundle: string): OciArtifact['referrers'][number] {
  const read = readUnverified(JSON.parse(bundle) as unknown)
  if ('problem' in read) throw unlike(`a statement is no Sigstore bundle: ${read.problem}`)
  const body = contentOf(BUNDLE_TYPE, Buffer.from(bundle))
  // The names that cosign gives its bundles.
  const annotations = {
    'dev.sigstore.bundle.content': 'dsse-envelope',
    'dev.sigstore.bundle.predicateType': read.statement.predicateType,
  }
  const { mediaType, digest, size } = subject.descriptor
  const manifest = contentOf(
    MANIFEST_TYPE,
    json({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      artifactType: BUNDLE_TYPE,
      config: EMPTY.descriptor,
      layers: [body.descriptor],
      subject: { mediaType, digest, size },
      annotations,
    }),
    { artifactType: BUNDLE_TYPE, annotations },
  )
  return { manifest, blobs: [EMPTY, body] }
}

const titled = (title: string): Partial<Descriptor> => ({ annotations: { 'org.opencontainers.image.title': title } })

const json = (value: unknown): Buffer => Buffer.from(canonicalJson(value))

/** What a reader of the registry wants to know without fetching the document. It follows from the document. */
function configOf({ document, id, module }: Opened): Buffer {
  const { name = '', version = '' } = document.metadata
  return json({
    id,
    name,
    version,
    description: document.intent.description,
    tags: document.intent.tags,
    entries: module.entries.map((entry) => entry.name),
    capabilities: document.security.capabilities.map((capability) => capability.name),
  })
}

function annotationsOf({ document, id }: Opened): Readonly<Record<string, string>> {
  const { name = '', version = '' } = document.metadata
  return {
    'vnd.anrf.id': id,
    ...(name !== '' && { 'org.opencontainers.image.title': name }),
    ...(version !== '' && { 'org.opencontainers.image.version': version }),
    'org.opencontainers.image.description': document.intent.description,
  }
}

/** The document that bytes are, in the one form that it has. Throws an `OciError` otherwise. */
export function openOrThrow(bytes: Uint8Array): Opened {
  const opened = openDocument(bytes)
  if ('diagnostics' in opened)
    throw unlike(`the document is refused: ${opened.diagnostics.map(({ message }) => message).join('; ')}`)
  if (!Buffer.from(encodeDocument(opened.document)).equals(bytes))
    throw unlike('the document is not in the form in which documents are kept')
  return opened
}
