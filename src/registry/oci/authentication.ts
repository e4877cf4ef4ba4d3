import { readJson } from '../../base/index.ts'
import type { Credentials } from './credentials.ts'
import { OciError, unlike } from './failure.ts'
import { checkScheme, send, type SendOptions } from './http.ts'
import { isLoopback } from './reference.ts'

/** A challenge of `WWW-Authenticate` (RFC 9110 section 11.3): `Bearer realm="...",service="..."`. */
type Challenge = { readonly scheme: string; readonly params: Readonly<Record<string, string>> }

const TOKEN_BYTES_MAX = 1 << 18

export function parseChallenge(header: string): Challenge | undefined {
  const [, scheme, rest = ''] = /^\s*([A-Za-z]+)\s+(.*)$/s.exec(header) ?? []
  if (scheme === undefined) return undefined
  const params: Record<string, string> = {}
  for (const [, name, quoted, plain] of rest.matchAll(/([A-Za-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g))
    params[name!.toLowerCase()] = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? ''
  return { scheme: scheme.toLowerCase(), params }
}

/**
 * The `Authorization` that answers a challenge; undefined when there is nothing to answer it with. Tokens come from the realm that
 * the registry names, by the flow of the distribution specification; credentials go nowhere else.
 */
export async function answerChallenge(
  header: string,
  registry: URL,
  scope: string,
  credentials: Credentials | undefined,
  options: SendOptions,
): Promise<string | undefined> {
  const challenge = parseChallenge(header)
  if (challenge?.scheme === 'basic') return credentials && 'user' in credentials ? basic(credentials) : undefined
  if (challenge?.scheme !== 'bearer') return undefined
  const { realm = '', service = '' } = challenge.params
  if (!URL.canParse(realm)) throw unlike(`${registry.host} names no realm that gives tokens`)
  const url = new URL(realm)
  checkScheme(url)
  if (isLoopback(url.hostname) && !isLoopback(registry.hostname))
    throw unlike(`${registry.host} sends for a token to this machine`)
  const asked = { service, scope: challenge.params['scope'] ?? scope }
  return `Bearer ${await fetchToken(url, asked, credentials, options)}`
}

const basic = ({ user, password }: { readonly user: string; readonly password: string }): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

async function fetchToken(
  realm: URL,
  { service, scope }: { readonly service: string; readonly scope: string },
  credentials: Credentials | undefined,
  options: SendOptions,
): Promise<string> {
  const isIdentity = credentials !== undefined && 'identityToken' in credentials
  const url = new URL(realm)
  if (!isIdentity) {
    if (service !== '') url.searchParams.set('service', service)
    if (scope !== '') url.searchParams.set('scope', scope)
  }
  const form = isIdentity && {
    grant_type: 'refresh_token',
    service,
    scope,
    client_id: 'anrf',
    refresh_token: credentials.identityToken,
  }
  const answer = await send(
    form
      ? {
          method: 'POST',
          url,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: Buffer.from(new URLSearchParams(form).toString()),
          max: TOKEN_BYTES_MAX,
        }
      : {
          method: 'GET',
          url,
          headers: credentials && 'user' in credentials ? { authorization: basic(credentials) } : {},
          max: TOKEN_BYTES_MAX,
        },
    options,
  )
  if (answer.status !== 200)
    throw new OciError('ANRF5055', `${realm.host} gives no token for ${scope}: status ${answer.status}`, LOGIN_HINT)
  const json = readJson(answer.bytes)
  const { token, access_token: access } = (json.ok ? (json.value as object) : {}) as Record<string, unknown>
  const given = token ?? access
  if (typeof given !== 'string' || !/^[\x21-\x7e]+$/.test(given)) throw unlike(`${realm.host} gives no token`)
  return given
}

export const LOGIN_HINT =
  'Log in with `docker login HOST`, or set ANRF_REGISTRY_HOST, ANRF_REGISTRY_USER and ANRF_REGISTRY_PASSWORD.'
