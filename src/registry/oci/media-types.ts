/** Media types of an ANRF document as an OCI artifact (OCI image specification 1.1, artifact guidance). */
export const ARTIFACT_TYPE = 'application/vnd.anrf.document.v1'
export const CONFIG_TYPE = 'application/vnd.anrf.config.v1+json'
export const DOCUMENT_TYPE = 'application/vnd.anrf.document.v1+protobuf'
export const README_TYPE = 'text/markdown'
/** Of a statement about it: what cosign attaches, too. */
export const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json'

export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json'
export const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json'
export const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json'

/** What a registry or a file may make a reader hold. */
export const OCI_BOUNDS = {
  /** Bytes of a manifest or an index; registries have 4 MiB. */
  manifest: 4 * 2 ** 20,
  /** Bytes of a document, see `BOUNDS` of documents. */
  document: 16 * 2 ** 20,
  readme: 1 << 20,
  config: 1 << 20,
  bundle: 1 << 20,
  /** Statements about one document. */
  referrers: 100,
  /** Bytes of an exported file. */
  file: 256 * 2 ** 20,
} as const
