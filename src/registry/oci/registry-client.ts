import { answerChallenge, LOGIN_HINT } from './authentication.ts'
import type { Credentials } from './credentials.ts'
import { OciError, unlike } from './failure.ts'
import { send, SEND_DEFAULTS, type OciAnswer, type OciRequest, type SendOptions } from './http.ts'
import { INDEX_TYPE, MANIFEST_TYPE, OCI_BOUNDS } from './media-types.ts'
import { digestOf, type Content, type Descriptor } from './package.ts'
import { manifestsOf, type Source } from './read.ts'
import { originOf, type OciReference } from './reference.ts'

export type RegistryClientOptions = Partial<SendOptions> & {
  /** Asked for once, when the registry wants to know who asks. */
  readonly credentials?: () => Promise<Credentials | undefined>
  /** Bytes of one part of an upload; larger blobs are sent in parts. */
  readonly chunkBytes?: number
}

/** One repository of an OCI registry (distribution specification 1.1). Failures are thrown as `OciError`. */
export type RegistryClient = Source & {
  /** The digest of a tag or digest, or undefined when there is none. */
  readonly find: (reference: string) => Promise<string | undefined>
  /** Sends a blob unless it is there. */
  readonly putBlob: (content: Content) => Promise<void>
  /** Sends a manifest under its digest or a tag; whether the registry keeps referrers by itself. */
  readonly putManifest: (reference: string, content: Content) => Promise<{ readonly keepsReferrers: boolean }>
}

/** Larger blobs are sent in parts of this. */
const CHUNK_BYTES = 8 * 2 ** 20
/** Pages of referrers that are read. */
const PAGES_MAX = 20

export function openRegistry(place: OciReference, options: RegistryClientOptions = {}): RegistryClient {
  const ask = createAsker(place, options)
  const base = `${originOf(place)}/v2/${place.repository}`
  const repository: Repository = { place, ask, at: (path) => new URL(`${base}/${path}`) }
  return { ...readerOf(repository), ...writerOf(repository, options.chunkBytes ?? CHUNK_BYTES) }
}

type Repository = {
  readonly place: OciReference
  readonly ask: (request: OciRequest) => Promise<OciAnswer>
  readonly at: (path: string) => URL
}

const MANIFESTS = { accept: `${MANIFEST_TYPE}, ${INDEX_TYPE}` }

function readerOf({ place, ask, at }: Repository): Source & Pick<RegistryClient, 'find'> {
  async function manifest(reference: string, max: number): Promise<Uint8Array> {
    const answer = await ask({ method: 'GET', url: at(`manifests/${reference}`), headers: MANIFESTS, max })
    if (answer.status === 404) throw new OciError('ANRF5055', `${place.host}/${place.repository} has no ${reference}`)
    expectStatus(answer, 200)
    checkPromised(answer)
    return answer.bytes
  }

  async function blob(digest: string, max: number): Promise<Uint8Array> {
    const answer = await ask({ method: 'GET', url: at(`blobs/${digest}`), max })
    expectStatus(answer, 200)
    return answer.bytes
  }

  async function find(reference: string): Promise<string | undefined> {
    const url = at(`manifests/${reference}`)
    const answer = await ask({ method: 'GET', url, headers: MANIFESTS, max: OCI_BOUNDS.manifest })
    if (answer.status === 404) return undefined
    expectStatus(answer, 200)
    return digestOf(answer.bytes)
  }

  async function referrers(digest: string): Promise<readonly Descriptor[]> {
    const found: Descriptor[] = []
    let url: URL | undefined = at(`referrers/${digest}`)
    for (let page = 0; url && page < PAGES_MAX; page++) {
      const answer = await ask({ method: 'GET', url, headers: { accept: INDEX_TYPE }, max: OCI_BOUNDS.manifest })
      // Registries of the distribution specification 1.0 do not know the route.
      if (page === 0 && answer.status === 404) return readFallback(digest)
      expectStatus(answer, 200)
      found.push(...manifestsOf(answer.bytes))
      url = nextOf(answer)
    }
    return found
  }

  /** The index under the tag that stands in for the referrers of a digest. */
  async function readFallback(digest: string): Promise<readonly Descriptor[]> {
    const url = at(`manifests/${fallbackTag(digest)}`)
    const answer = await ask({ method: 'GET', url, headers: { accept: INDEX_TYPE }, max: OCI_BOUNDS.manifest })
    if (answer.status === 404) return []
    expectStatus(answer, 200)
    return manifestsOf(answer.bytes)
  }

  return { manifest, blob, find, referrers }
}

/** Bytes of what a registry answers to what is written. */
const WRITTEN_MAX = 1 << 16

function writerOf({ ask, at }: Repository, chunkBytes: number): Pick<RegistryClient, 'putBlob' | 'putManifest'> {
  async function putBlob({ descriptor, bytes }: Content): Promise<void> {
    const head = await ask({ method: 'HEAD', url: at(`blobs/${descriptor.digest}`), max: 0 })
    if (head.status === 200) return
    const started = await ask({ method: 'POST', url: at('blobs/uploads/'), body: new Uint8Array(), max: WRITTEN_MAX })
    expectStatus(started, 202)
    const isWhole = bytes.length <= chunkBytes
    const session = isWhole ? sessionOf(started) : await putChunks(sessionOf(started), bytes)
    session.searchParams.set('digest', descriptor.digest)
    const headers = { 'content-type': 'application/octet-stream' }
    const body = isWhole ? bytes : new Uint8Array()
    expectStatus(await ask({ method: 'PUT', url: session, headers, body, max: WRITTEN_MAX }), 201)
  }

  async function putChunks(first: URL, bytes: Uint8Array): Promise<URL> {
    let session = first
    for (let from = 0; from < bytes.length; from += chunkBytes) {
      const part = bytes.subarray(from, from + chunkBytes)
      const headers = {
        'content-type': 'application/octet-stream',
        'content-range': `${from}-${from + part.length - 1}`,
      }
      const answer = await ask({ method: 'PATCH', url: session, headers, body: part, max: WRITTEN_MAX })
      expectStatus(answer, 202)
      session = sessionOf(answer)
    }
    return session
  }

  async function putManifest(reference: string, { descriptor, bytes }: Content): Promise<{ keepsReferrers: boolean }> {
    const headers = { 'content-type': descriptor.mediaType }
    const url = at(`manifests/${reference}`)
    const answer = await ask({ method: 'PUT', url, headers, body: bytes, max: WRITTEN_MAX })
    expectStatus(answer, 201)
    return { keepsReferrers: answer.headers.get('oci-subject') !== null }
  }

  return { putBlob, putManifest }
}

/** The tag by which a registry without the route for referrers keeps their index (distribution specification, referrers tag schema). */
export const fallbackTag = (digest: string): string => digest.replace(':', '-')

/** Sends requests with the authorisation that the registry asked for last. */
function createAsker(place: OciReference, options: RegistryClientOptions): (request: OciRequest) => Promise<OciAnswer> {
  const sending = { ...SEND_DEFAULTS, ...options }
  const origin = new URL(originOf(place))
  let authorization: string | undefined
  let known: Promise<Credentials | undefined> | undefined

  return async function ask(request) {
    for (let attempt = 0; ; attempt++) {
      const headers = { ...request.headers, ...(authorization !== undefined && { authorization }) }
      const answer = await send({ ...request, headers }, sending)
      const challenge = answer.headers.get('www-authenticate')
      // Only the registry itself may ask who is there.
      if (answer.status !== 401 || challenge === null || answer.url.origin !== origin.origin) return answer
      known ??= options.credentials?.() ?? Promise.resolve(undefined)
      const scope = `repository:${place.repository}:${request.method === 'GET' || request.method === 'HEAD' ? 'pull' : 'pull,push'}`
      const next = await answerChallenge(challenge, origin, scope, await known, sending)
      if (next === undefined || attempt > 0)
        throw new OciError('ANRF5055', `${place.host} does not let you in to ${place.repository}`, LOGIN_HINT)
      authorization = next
    }
  }
}

/** Where an upload goes on: at the registry itself, which has the authorisation. */
function sessionOf({ headers, url }: OciAnswer): URL {
  const location = headers.get('location')
  if (location === null || !URL.canParse(location, url)) throw unlike(`${url.host} says not where the upload goes on`)
  const session = new URL(location, url)
  if (session.host !== url.host) throw unlike(`${url.host} sends an upload to another host, ${session.host}`)
  // Registries behind a proxy often name themselves without TLS.
  session.protocol = url.protocol
  return session
}

/** The next page of a list (RFC 8288), at the same registry. */
function nextOf({ headers, url }: OciAnswer): URL | undefined {
  const [, next] = /<([^>]+)>\s*;\s*rel="?next"?/.exec(headers.get('link') ?? '') ?? []
  if (next === undefined || !URL.canParse(next, url)) return undefined
  const page = new URL(next, url)
  return page.origin === url.origin ? page : undefined
}

function checkPromised({ headers, bytes, url }: OciAnswer): void {
  const promised = headers.get('docker-content-digest')
  if (promised?.startsWith('sha256:') && promised !== digestOf(bytes))
    throw unlike(`${url.host} promises ${promised}, and sends ${digestOf(bytes)}`)
}

function expectStatus(answer: OciAnswer, status: number): void {
  if (answer.status === status) return
  const said = Buffer.from(answer.bytes)
    .toString('utf8')
    .slice(0, 300)
    .replaceAll(/[^\x20-\x7e]/g, ' ')
  throw new OciError('ANRF5055', `${answer.url.host} answers ${answer.status} to ${answer.url.pathname}: ${said}`)
}
