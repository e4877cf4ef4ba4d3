import { canonicalJson } from '../../document/index.ts'
import { OciError } from './failure.ts'
import { INDEX_TYPE, OCI_BOUNDS } from './media-types.ts'
import { layOut, openOrThrow, type Package } from './package.ts'
import { manifestsOf, readPackage } from './read.ts'
import { readTar, writeTar } from './tar.ts'

const LAYOUT = canonicalJson({ imageLayoutVersion: '1.0.0' })

/** The tag of the artifact in the file (OCI image layout, annotations of the index). */
const REF_NAME = 'org.opencontainers.image.ref.name'

/**
 * A package as one file: an OCI image layout in a tar archive, with statements as referrers. The same package gives the same
 * bytes everywhere; other tools read it too. Throws an `OciError` when the document or a statement is none.
 */
export function exportPackage(given: Package): Uint8Array {
  const { manifest, blobs, referrers } = layOut(given)
  const { metadata } = openOrThrow(given.document).document
  const annotations = { [REF_NAME]: metadata['version'] ?? 'latest' }
  const manifests = [{ ...manifest.descriptor, annotations }, ...referrers.map(({ manifest: one }) => one.descriptor)]
  const contents = [manifest, ...blobs, ...referrers.flatMap((one) => [one.manifest, ...one.blobs])]
  const files = new Map(contents.map((one) => [pathOf(one.descriptor.digest), one.bytes]))
  const sorted = [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return writeTar([
    { name: 'oci-layout', bytes: Buffer.from(LAYOUT) },
    { name: 'index.json', bytes: Buffer.from(canonicalJson({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests })) },
    ...sorted.map(([name, bytes]) => ({ name, bytes })),
  ])
}

const pathOf = (digest: string): string => `blobs/${digest.replace(':', '/')}`

/** Reads such a file and checks all of it. Throws an `OciError`. */
export async function importPackage(bytes: Uint8Array): Promise<Package & { readonly digest: string }> {
  if (bytes.length > OCI_BOUNDS.file)
    throw new OciError('ANRF5057', `the file has ${bytes.length} bytes, more than ${OCI_BOUNDS.file}`)
  const files = readTar(bytes)
  const index = files.get('index.json')
  if (!files.has('oci-layout') || !index) throw new OciError('ANRF5057', 'the file holds no OCI image layout')
  const manifests = manifestsOf(index)
  const find = async (digest: string): Promise<Uint8Array> => {
    const found = files.get(pathOf(digest))
    if (!found) throw new OciError('ANRF5057', `the file lacks ${digest}`)
    return found
  }
  const named = manifests.filter(({ annotations }) => annotations?.[REF_NAME] !== undefined)
  const [root] = named
  if (!root || named.length > 1) throw new OciError('ANRF5057', `the file holds ${named.length} artifacts, not one`)
  const others = manifests.filter((one) => one !== root)
  return readPackage({ manifest: find, blob: find, referrers: async () => others }, root.digest)
}
