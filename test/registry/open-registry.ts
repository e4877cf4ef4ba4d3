import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  encodeDocument,
  generateSigningKey,
  trustedKeyOf,
  type Document,
  type SigningKey,
  type TrustedKey,
} from '../../src/document/index.ts'
import { createRegistry, type Artifact, type PublishResult, type Registry } from '../../src/registry/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'

export const TENANT = 'acme'

export type TestRegistry = {
  readonly registry: Registry
  readonly store: Store
  readonly dir: string
  readonly close: () => void
}

/** A registry over a store of its own. */
export async function openTestRegistry(
  options: Omit<Parameters<typeof createRegistry>[0], 'store'> = {},
): Promise<TestRegistry> {
  const dir = mkdtempSync(join(tmpdir(), 'anrf-registry-'))
  const store = await openStore(dir)
  return {
    registry: createRegistry({ ...options, store }),
    store,
    dir,
    close: () => {
      store.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** A key and its trusted half with a name. */
export function namedKey(name: string): { readonly key: SigningKey; readonly trusted: TrustedKey } {
  const key = generateSigningKey()
  return { key, trusted: { ...trustedKeyOf(key.publicKey)!, name } }
}

export function publishDocument(
  registry: Registry,
  document: Document,
  more: {
    readonly attestations?: readonly unknown[]
    readonly readme?: string
    readonly by?: string
    readonly tenant?: string
  } = {},
): Promise<PublishResult> {
  const { by = 'publisher', tenant = TENANT, ...rest } = more
  return registry.publish({ bytes: encodeDocument(document), tenant, publishedBy: by, ...rest })
}

/** The artifact of a publication that must be accepted. */
export function accepted(result: PublishResult): Artifact {
  if ('refused' in result) throw new Error(JSON.stringify(result.diagnostics))
  return result.artifact
}
