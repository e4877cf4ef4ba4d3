import { canonicalJson } from '../../document/index.ts'
import { readJson } from '../../base/index.ts'
import { unlike } from './failure.ts'
import {
  ARTIFACT_TYPE,
  BUNDLE_TYPE,
  DOCUMENT_TYPE,
  INDEX_TYPE,
  MANIFEST_TYPE,
  OCI_BOUNDS,
  README_TYPE,
} from './media-types.ts'
import { digestOf, layOut, type Descriptor, type Package } from './package.ts'

/** Where OCI content comes from: a registry, or a file. Both check nothing; {@link readPackage} does. */
export type Source = {
  /** The bytes of a manifest by digest or tag, at most `max` of them. */
  readonly manifest: (reference: string, max: number) => Promise<Uint8Array>
  readonly blob: (digest: string, max: number) => Promise<Uint8Array>
  /** Descriptors of the manifests that have this one as their subject. */
  readonly referrers: (digest: string) => Promise<readonly Descriptor[]>
}

const DIGEST = /^sha256:[0-9a-f]{64}$/

/**
 * Reads a package and checks all of it: every digest and size, the document itself, that manifest and configuration say what
 * follows from the document, and that every statement is about it. Throws an `OciError` otherwise; nothing is kept meanwhile.
 */
export async function readPackage(source: Source, reference: string): Promise<Package & { readonly digest: string }> {
  const bytes = await source.manifest(reference, OCI_BOUNDS.manifest)
  const digest = digestOf(bytes)
  if (reference.startsWith('sha256:') && reference !== digest)
    throw unlike(`${reference} was asked for, and the manifest that came is ${digest}`)
  const layers = layersOf(bytes, ARTIFACT_TYPE)
  const one = (type: string): Descriptor | undefined => layers.find(({ mediaType }) => mediaType === type)
  const body = one(DOCUMENT_TYPE)
  if (!body) throw unlike(`the manifest has no layer of type ${DOCUMENT_TYPE}`)
  const document = await readContent(source, body, OCI_BOUNDS.document)
  const text = one(README_TYPE)
  const readme = text && (await readContent(source, text, OCI_BOUNDS.readme))
  const plain = { document, ...(readme && { readme }) }
  const expected = layOut({ ...plain, attestations: [] })
  if (!Buffer.from(expected.manifest.bytes).equals(bytes))
    throw unlike('the manifest says something else than what follows from the document')
  // The configuration has the digest of what was expected, so that its bytes are known.
  const attestations = await readAttestations(source, digest)
  return { ...plain, attestations, digest }
}

async function readAttestations(source: Source, subject: string): Promise<readonly string[]> {
  const found = (await source.referrers(subject)).filter(({ artifactType }) => artifactType === BUNDLE_TYPE)
  if (found.length > OCI_BOUNDS.referrers)
    throw unlike(`${found.length} statements refer to the artifact, more than ${OCI_BOUNDS.referrers}`)
  const bundles: string[] = []
  for (const descriptor of found) bundles.push(await readAttestation(source, descriptor, subject))
  return [...new Set(bundles)]
}

async function readAttestation(source: Source, descriptor: Descriptor, subject: string): Promise<string> {
  checkDescriptor(descriptor)
  const bytes = checked(await source.manifest(descriptor.digest, OCI_BOUNDS.manifest), descriptor)
  const manifest = objectOf(bytes)
  const about = (manifest['subject'] as Partial<Descriptor> | undefined)?.digest
  if (about !== subject) throw unlike(`the manifest ${descriptor.digest} is about ${String(about)}, not ${subject}`)
  const layer = layersOf(bytes, BUNDLE_TYPE).find(({ mediaType }) => mediaType === BUNDLE_TYPE)
  if (!layer) throw unlike(`the manifest ${descriptor.digest} has no bundle`)
  const bundle = readJson(await readContent(source, layer, OCI_BOUNDS.bundle))
  if (!bundle.ok) throw unlike(`the bundle ${layer.digest} is not JSON: ${bundle.message}`)
  return canonicalJson(bundle.value)
}

async function readContent(source: Source, descriptor: Descriptor, max: number): Promise<Uint8Array> {
  checkDescriptor(descriptor)
  if (descriptor.size > max) throw unlike(`${descriptor.digest} has ${descriptor.size} bytes, more than ${max}`)
  return checked(await source.blob(descriptor.digest, descriptor.size), descriptor)
}

function checked(bytes: Uint8Array, { digest, size }: Descriptor): Uint8Array {
  if (bytes.length !== size) throw unlike(`${digest} has ${bytes.length} bytes, not ${size}`)
  const found = digestOf(bytes)
  if (found !== digest) throw unlike(`${digest} was asked for, and the bytes that came are ${found}`)
  return bytes
}

function checkDescriptor({ digest, size }: Descriptor): void {
  if (!DIGEST.test(digest)) throw unlike(`${JSON.stringify(digest)} is no SHA-256 digest`)
  if (!Number.isSafeInteger(size) || size < 0) throw unlike(`${digest} has no size`)
}

/** The layers of a manifest of this artifact type. */
function layersOf(bytes: Uint8Array, artifactType: string): readonly Descriptor[] {
  const manifest = objectOf(bytes)
  const { mediaType = MANIFEST_TYPE, layers } = manifest
  if (mediaType === INDEX_TYPE) throw unlike('there is an index of several images, not the manifest of one artifact')
  const type = manifest['artifactType'] ?? (manifest['config'] as Partial<Descriptor> | undefined)?.mediaType
  if (type !== artifactType) throw unlike(`the artifact is of type ${String(type)}, not ${artifactType}`)
  return descriptorsOf(layers)
}

/** The manifests that an index lists. */
export function manifestsOf(bytes: Uint8Array): readonly Descriptor[] {
  return descriptorsOf(objectOf(bytes)['manifests'])
}

function descriptorsOf(value: unknown): readonly Descriptor[] {
  const isDescriptor = (one: unknown): one is Descriptor =>
    typeof one === 'object' &&
    one !== null &&
    typeof (one as Descriptor).digest === 'string' &&
    typeof (one as Descriptor).mediaType === 'string' &&
    typeof (one as Descriptor).size === 'number'
  if (!Array.isArray(value) || !value.every(isDescriptor)) throw unlike('a list of descriptors is missing or malformed')
  return value
}

function objectOf(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const json = readJson(bytes)
  if (!json.ok) throw unlike(`a manifest is not JSON: ${json.message}`)
  if (typeof json.value !== 'object' || json.value === null) throw unlike('a manifest is no JSON object')
  return json.value as Readonly<Record<string, unknown>>
}
