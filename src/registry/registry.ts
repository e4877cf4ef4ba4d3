import { fitsRange } from '../base/index.ts'
import type { Store } from '../store/index.ts'
import { decide, type Decision } from './approval.ts'
import type { Artifact } from './artifact.ts'
import { attach, type AttachResult } from './attestations/attach.ts'
import { listAttestations, type Attestation } from './attestations/store.ts'
import { createCache } from './cache.ts'
import { findCallers, type Caller } from './calls.ts'
import type { Loaded, RegistryContext, Unloaded } from './context.ts'
import { diffOpened, type Diff } from './diff/diff.ts'
import { load, readBlob } from './load.ts'
import { publish, type Publication, type PublishResult } from './publish.ts'
import { resolve } from './resolve.ts'
import { findById, findVersion, openVersions, selectArtifacts } from './rows.ts'
import { searchTerms, type SearchQuery } from './search.ts'
import { indexOld, sweepBlobs } from './sweep.ts'
import type { Trust } from './trust.ts'
import { newestFirst, parseReference } from './versions.ts'
import { setYanked } from './yank.ts'

type RegistryOptions = {
  readonly store: Store
  /** Keys whose signatures count, and who needs how many; nobody needs any by default. */
  readonly trust?: Trust
  /** `widening`: a version that may touch more than the one before it waits for an approval. */
  readonly approval?: RegistryContext['approval']
  /** Told of every load whether it was in memory. */
  readonly onLoad?: (isKnown: boolean) => void
}

/** Who calls an artifact, and by what. */
type Dependent = Caller & Pick<Artifact, 'name' | 'version'>

type ArtifactQuery = {
  readonly tenant: string
  readonly name?: string
  readonly after?: string
  readonly limit: number
}

/** Names, versions and digests over the store, per tenant. Failures of the store are thrown as `StoreError`. */
export type Registry = {
  publish(publication: Publication): Promise<PublishResult>
  /** The artifact of `sha256:...`, `name@1.2.0`, a range `name@^1.2`, or a bare name for its newest version. */
  resolve(tenant: string, reference: string): Promise<Artifact | undefined>
  /** Reads an artifact and checks digest, schema, rules and signatures again; what was checked is kept in memory. */
  load(artifact: Artifact): Promise<Loaded | Unloaded>
  /** Artifacts in the order of their ids, those after the id `after`. */
  list(query: ArtifactQuery): Promise<readonly Artifact[]>
  /** The newest version of each program that fits, the best first. */
  search(tenant: string, query: SearchQuery, limit: number): Promise<readonly Artifact[]>
  /** The stored bytes of the document, in protobuf form. */
  read(artifact: Artifact): Promise<Uint8Array>
  /** The text that was published beside the document. */
  readme(artifact: Artifact): Promise<Uint8Array | undefined>
  /** Takes a version out of what names and ranges stand for; whoever pins it still gets it. */
  yank(artifact: Artifact, by: string, reason: string): Promise<Artifact | undefined>
  /** Puts it back. Both give the artifact as it is then, or undefined when it was so already. */
  unyank(artifact: Artifact, by: string): Promise<Artifact | undefined>
  /** Adds a signature, or with `attest` any statement, to an artifact that is there. */
  sign(artifact: Artifact, bundle: unknown, by: string): Promise<AttachResult>
  attest(artifact: Artifact, bundle: unknown, by: string): Promise<AttachResult>
  /** The statements about an artifact, of one type of predicate or of all. */
  referrers(artifact: Artifact, predicateType?: string): Promise<readonly Attestation[]>
  /** Artifacts that call this one, and by what. */
  dependents(artifact: Artifact): Promise<readonly Dependent[]>
  /** What `b` may touch that `a` could not, and the other way round. */
  diff(a: Artifact, b: Artifact): Promise<Diff | Unloaded>
  /** Decides on a version that waits for an approval. */
  decide(artifact: Artifact, decision: Decision): ReturnType<typeof decide>
  /** Removes blobs that nobody needs, and indexes what was published before there was an index. */
  tidy(stopped: () => boolean): Promise<{ readonly removed: number; readonly indexed: number }>
}

const LOADED_MAX = 256

export function createRegistry({ store, trust, approval = 'none', onLoad }: RegistryOptions): Registry {
  const context: RegistryContext = {
    store,
    trust: trust ?? { keys: [], rules: [] },
    approval,
    loaded: createCache<Loaded | Unloaded>(LOADED_MAX, (value) => !('diagnostics' in value), onLoad),
  }
  return {
    publish: (publication) => publish(context, publication),
    resolve: (tenant, reference) => resolve(context, tenant, reference),
    load: (artifact) => load(context, artifact),
    list: ({ tenant, name, after = '', limit }) =>
      name === undefined
        ? selectArtifacts(store.sql, 'where tenant = ? and id > ? order by id limit ?', [tenant, after, limit])
        : selectArtifacts(store.sql, 'where tenant = ? and name = ? and id > ? order by id limit ?', [
            tenant,
            name,
            after,
            limit,
          ]),
    search: (tenant, query, limit) => search(context, tenant, query, limit),
    read: (artifact) => readBlob(store, artifact, artifact.blob),
    readme: async (artifact) =>
      artifact.readme === undefined ? undefined : readBlob(store, artifact, artifact.readme),
    yank: (artifact, by, reason) => setYanked(context, artifact, by, reason),
    unyank: (artifact, by) => setYanked(context, artifact, by, undefined),
    sign: (artifact, bundle, by) => attach(context, artifact, bundle, by, true),
    attest: (artifact, bundle, by) => attach(context, artifact, bundle, by, false),
    referrers: (artifact, predicateType) => listAttestations(store.sql, artifact, predicateType),
    dependents: (artifact) => dependentsOf(context, artifact),
    diff: (a, b) => diffArtifacts(context, a, b),
    decide: (artifact, decision) => decide(context, artifact, decision),
    tidy: async (stopped) => ({
      indexed: await indexOld(context, stopped),
      removed: await sweepBlobs(context, { now: Date.now(), stopped }),
    }),
  }
}

/** Several versions of one program fit: the newest of them that its name may stand for is shown, in the place of the best. */
async function search(
  { store }: RegistryContext,
  tenant: string,
  query: SearchQuery,
  limit: number,
): Promise<readonly Artifact[]> {
  const shown = new Map<string, Artifact>()
  const fitting = new Set(await searchTerms(store.sql, tenant, query))
  for (const id of fitting) {
    if (shown.size >= limit) break
    const artifact = await findById(store.sql, tenant, id)
    if (!artifact || shown.has(artifact.name ?? id)) continue
    if (artifact.name === undefined) shown.set(id, artifact)
    else
      for (const version of newestFirst(await openVersions(store.sql.query, tenant, artifact.name))) {
        const newest = await findVersion(store.sql, tenant, artifact.name, version)
        if (!newest || !fitting.has(newest.id)) continue
        shown.set(artifact.name, newest)
        break
      }
  }
  return [...shown.values()]
}

async function dependentsOf({ store }: RegistryContext, artifact: Artifact): Promise<readonly Dependent[]> {
  const { tenant } = artifact
  const callers = (await findCallers(store.sql, tenant, artifact)).filter((caller) => isCall(caller, artifact))
  return Promise.all(
    callers.map(async (caller) => {
      const { name, version } = (await findById(store.sql, tenant, caller.id)) ?? artifact
      return { ...caller, name, version }
    }),
  )
}

function isCall({ reference }: Caller, { version }: Artifact): boolean {
  const asked = parseReference(reference)
  if (asked?.kind === 'version') return asked.version === version
  if (asked?.kind !== 'range' || !asked.range) return true
  return version !== undefined && fitsRange(asked.range, version)
}

async function diffArtifacts(context: RegistryContext, a: Artifact, b: Artifact): Promise<Diff | Unloaded> {
  const before = await load(context, a)
  if ('diagnostics' in before) return before
  const after = await load(context, b)
  return 'diagnostics' in after ? after : diffOpened(before.opened, after.opened)
}
