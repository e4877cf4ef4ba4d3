import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose'
import { isTrustedUrl, type Issuer } from './issuer.ts'

/** The keys of an issuer cannot be had: whether a token is right is not known. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
}

const FETCH_MS_MAX = 5000
/** Of a discovery document or a set of keys. */
const BYTES_MAX = 256 * 1024
/** After this the keys are read again, beside the requests: a key that the issuer withdrew is not taken much longer. */
const REFRESH_MS = 600_000
/** An issuer that cannot be reached for so long is not believed any more. */
const STALE_MS_MAX = 24 * 3_600_000
/** After a failure nobody waits for the issuer for so long. */
const FAILURE_PAUSE_MS = 2000

type RemoteSet = ReturnType<typeof createRemoteJWKSet>

/**
 * The public keys of an issuer: found by discovery, kept in memory, read again when a token names a key that is not among
 * them (at most once per cool-down), and used on while the issuer is down. The returned function rejects with
 * {@link KeysUnavailable}, or with jose's `JWKSNoMatchingKey` when the issuer has no such key.
 */
export function openKeySet(
  { issuer, jwksUri, cooldownSeconds }: Issuer,
  onFailure: (cause: unknown) => void,
): JWTVerifyGetKey {
  const source = openSource(onFailure)
  let finding: Promise<RemoteSet> | undefined

  async function find(): Promise<RemoteSet> {
    const url = jwksUri ?? (await discover(issuer, source.read))
    return createRemoteJWKSet(new URL(url), {
      [customFetch]: (target, init) => source.read(target, init.signal),
      // When it is read again is decided below, so that an issuer that is down for a while takes nobody's access.
      cacheMaxAge: Infinity,
      cooldownDuration: cooldownSeconds * 1000,
      timeoutDuration: FETCH_MS_MAX,
    })
  }

  async function refresh(set: RemoteSet): Promise<void> {
    // The first time it reads itself.
    if (set.jwks() === undefined) return
    const age = source.age()
    if (age > STALE_MS_MAX) await set.reload()
    else if (age > REFRESH_MS) set.reload().catch(() => undefined)
  }

  return async (header, token) => {
    finding ??= find()
    const mine = finding
    try {
      const set = await mine
      await refresh(set)
      return await set(header, token)
    } catch (error) {
      if (isAboutToken(error)) throw error
      source.pause()
      // Discovery that failed is tried again by the next request.
      if (finding === mine && (await hasFailed(mine))) finding = undefined
      throw error instanceof KeysUnavailable ? error : new KeysUnavailable('the keys of the issuer cannot be read')
    }
  }
}

const hasFailed = (promise: Promise<unknown>): Promise<boolean> =>
  promise.then(
    () => false,
    () => true,
  )

const isAboutToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported

/** OpenID Connect Discovery 1.0, section 4: where the keys are; the document must name the issuer that was asked. */
async function discover(issuer: string, read: Source['read']): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const response = await read(url, AbortSignal.timeout(FETCH_MS_MAX))
  const document = (await response.json().catch(() => undefined)) as
    | { issuer?: unknown; jwks_uri?: unknown }
    | undefined
  const { issuer: named, jwks_uri: found } = document ?? {}
  if (named !== issuer || typeof found !== 'string' || !isTrustedUrl(found))
    throw new KeysUnavailable('the issuer does not say where its keys are')
  return found
}

type Source = {
  /** Reads a URL within bounds; rejects with {@link KeysUnavailable}. */
  read(url: string | URL, signal: AbortSignal): Promise<Response>
  /** Asks for nothing for a moment: what was read was of no use. */
  pause(): void
  /** How long ago something was read, in ms. */
  age(): number
}

/** Times are monotonic: a clock that is set back, or ahead, neither makes a pause longer nor takes keys for old. */
function openSource(onFailure: (cause: unknown) => void): Source {
  let succeededAt = -Infinity
  let failedAt = -Infinity
  return {
    async read(url, signal) {
      if (failedAt + FAILURE_PAUSE_MS > performance.now())
        throw new KeysUnavailable('the issuer could not be reached just now')
      try {
        const response = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } })
        const body = await readBounded(response)
        if (!response.ok) throw new Error(`it answered ${response.status}`)
        succeededAt = performance.now()
        return new Response(body)
      } catch (cause) {
        failedAt = performance.now()
        onFailure(cause)
        throw new KeysUnavailable('the issuer cannot be reached', { cause })
      }
    },
    pause: () => void (failedAt = Math.max(failedAt, performance.now())),
    age: () => performance.now() - succeededAt,
  }
}

async function readBounded({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    length += chunk.length
    if (length > BYTES_MAX) throw new Error(`the answer has more than ${BYTES_MAX} bytes`)
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
