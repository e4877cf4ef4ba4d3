import type { Opened, TrustedKey } from '../document/index.ts'
import type { Diagnostic } from '../base/index.ts'
import type { Store } from '../store/index.ts'
import type { Artifact } from './artifact.ts'
import type { Cache } from './cache.ts'
import type { Trust } from './trust.ts'

/** A document that was found, read and checked, ready to run. */
export type Loaded = {
  readonly artifact: Artifact
  readonly opened: Opened
  /** The trusted keys by which it is signed now. */
  readonly signedBy: readonly TrustedKey[]
}

export type Unloaded = { readonly diagnostics: readonly Diagnostic[] }

/** What the parts of a registry share. */
export type RegistryContext = {
  readonly store: Store
  readonly trust: Trust
  /** `widening`: a version that may touch more than the one before it waits for an approval. */
  readonly approval: 'none' | 'widening'
  /** What was read and checked, by tenant, id and number of signatures. */
  readonly loaded: Cache<Loaded | Unloaded>
}
