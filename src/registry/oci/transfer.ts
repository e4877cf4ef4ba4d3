import { canonicalJson } from '../../document/index.ts'
import { OciError } from './failure.ts'
import { INDEX_TYPE } from './media-types.ts'
import { digestOf, layOut, type Content, type Descriptor, type OciArtifact, type Package } from './package.ts'
import { readPackage } from './read.ts'
import type { OciReference } from './reference.ts'
import { fallbackTag, openRegistry, type RegistryClient, type RegistryClientOptions } from './registry-client.ts'

export type Pushed = { readonly digest: string; readonly tag: string; readonly isNew: boolean }

/**
 * Pushes a package, with its statements as referrers, under the tag of the reference or that of the version. A tag that stands for
 * another artifact is not moved. Throws an `OciError`.
 */
export async function push(
  given: Package,
  place: OciReference,
  version: string,
  options?: RegistryClientOptions,
): Promise<Pushed> {
  const registry = openRegistry(place, options)
  const artifact = layOut(given)
  const { digest } = artifact.manifest.descriptor
  const tag = place.tag ?? version
  const present = await registry.find(tag)
  if (present !== undefined && present !== digest)
    throw new OciError(
      'ANRF5055',
      `${place.host}/${place.repository}:${tag} is there already, and is another artifact (${present})`,
      'Published versions are immutable here, though tags of a registry are not: push under another tag.',
    )
  for (const blob of artifact.blobs) await registry.putBlob(blob)
  // Referrers come before the tag: whoever finds the tag finds them too.
  await registry.putManifest(digest, artifact.manifest)
  await pushReferrers(registry, artifact)
  if (present === undefined) await registry.putManifest(tag, artifact.manifest)
  return { digest, tag, isNew: present === undefined }
}

async function pushReferrers(registry: RegistryClient, { manifest, referrers }: OciArtifact): Promise<void> {
  let keepsReferrers = true
  for (const { manifest: one, blobs } of referrers) {
    for (const blob of blobs) await registry.putBlob(blob)
    const put = await registry.putManifest(one.descriptor.digest, one)
    keepsReferrers &&= put.keepsReferrers
  }
  if (keepsReferrers) return
  // Two that push at once may overwrite each other's index; pushing again mends it.
  const { digest } = manifest.descriptor
  const known = await registry.referrers(digest)
  const added = referrers.map(({ manifest: one }) => one.descriptor)
  const missing = added.filter((one) => !known.some((other) => other.digest === one.digest))
  if (missing.length > 0) await registry.putManifest(fallbackTag(digest), indexOf([...known, ...missing]))
}

function indexOf(manifests: readonly Descriptor[]): Content {
  const bytes = Buffer.from(canonicalJson({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests }))
  return { descriptor: { mediaType: INDEX_TYPE, digest: digestOf(bytes), size: bytes.length }, bytes }
}

/** Pulls a package and checks all of it. Throws an `OciError`. */
export function pull(
  place: OciReference,
  options?: RegistryClientOptions,
): Promise<Package & { readonly digest: string }> {
  return readPackage(openRegistry(place, options), place.digest ?? place.tag ?? 'latest')
}
