import { decodeJwt, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import type { Log } from '../context.ts'
import { problem, type Problem } from '../http/problem.ts'
import { SCOPES, type Principal, type Scope } from '../identity/principal.ts'
import { challenge } from './challenge.ts'
import type { Issuer } from './issuer.ts'
import { KeysUnavailable, openKeySet } from './key-set.ts'

/** Signed tokens (JWT, RFC 7519 and 9068) of the configured issuers. */
export type Tokens = {
  /** Who shows this token, or why it is not taken. */
  authenticate(token: string): Promise<Principal | Problem>
  /** Whether an identity of a tenant comes from an issuer that is configured. */
  isIssued(tenant: string, principal: string): boolean
}

/** Longer tokens are not looked at. */
const TOKEN_LENGTH_MAX = 8192
const SUBJECT_LENGTH_MAX = 255
const RETRY_AFTER_S = 5

/** Three parts in base64url: a signed token, whatever is in it. */
export const isToken = (text: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)

export function createTokens(issuers: readonly Issuer[], log: Log): Tokens {
  const known = new Map(issuers.map((issuer) => [issuer.issuer, { issuer, keys: keysOf(issuer, log) }]))
  return {
    async authenticate(token) {
      if (token.length > TOKEN_LENGTH_MAX) return refused(`is longer than ${TOKEN_LENGTH_MAX} bytes`)
      const named = issuerOf(token)
      const found = named === undefined ? undefined : known.get(named)
      if (!found) return refused('is of no issuer whose tokens this service takes')
      try {
        return principalOf(found.issuer, await verify(token, found.issuer, found.keys))
      } catch (error) {
        if (error instanceof KeysUnavailable) return unavailable()
        if (error instanceof Refused) return refused(error.message)
        // A key that is too short, or of another kind than the token says.
        if (error instanceof TypeError) return refused('is signed with a key that is not fit for it')
        if (error instanceof errors.JOSEError) return refused(reasonOf(error))
        throw error
      }
    },
    isIssued: (tenant, principal) =>
      issuers.some((issuer) => principal.startsWith(principalId(tenant, issuer.issuer, '')) && mayGive(issuer, tenant)),
  }
}

const keysOf = (issuer: Issuer, log: Log): JWTVerifyGetKey =>
  openKeySet(issuer, (err) => log.warn({ err, issuer: issuer.issuer }, 'an issuer of tokens cannot be reached'))

/** Whether tokens of the issuer may be of the tenant. */
function mayGive({ tenant: from }: Issuer, tenant: string): boolean {
  if ('value' in from) return from.value === tenant
  return from.values === undefined || Object.values(from.values).includes(tenant)
}

class Refused extends Error {}

/** What a token says of its issuer, unchecked: it only chooses the keys that it is checked with. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

async function verify(token: string, issuer: Issuer, keys: JWTVerifyGetKey): Promise<JWTPayload> {
  const { payload, protectedHeader } = await jwtVerify(token, keys, {
    issuer: issuer.issuer,
    audience: [...issuer.audience],
    algorithms: [...issuer.algorithms],
    clockTolerance: issuer.clockSkewSeconds,
    requiredClaims: ['exp', 'sub'],
  })
  const typ = protectedHeader.typ?.toLowerCase().replace(/^application\//, '')
  // RFC 8725, section 3.11: what was made for another purpose, as a logout token, is no access token.
  const types = issuer.tokenType === undefined ? [undefined, 'jwt', 'at+jwt'] : [issuer.tokenType.toLowerCase()]
  if (!types.includes(typ)) throw new Refused('is of another type than an access token')
  // RFC 7800: it is bound to a key that its bearer has not shown here.
  if (payload['cnf'] !== undefined) throw new Refused('is bound to a key, which this service does not ask for')
  return payload
}

function principalOf(issuer: Issuer, payload: JWTPayload): Principal | Problem {
  // A claim of a signed token may be of any type, whatever the specification says (RFC 7519, section 4.1.2).
  const sub: unknown = payload.sub
  if (typeof sub !== 'string' || !/^[\x20-\x7e]+$/.test(sub) || sub.length > SUBJECT_LENGTH_MAX)
    throw new Refused(`has a subject that is not 1 to ${SUBJECT_LENGTH_MAX} printable letters of ASCII`)
  const tenant = tenantOf(issuer, payload)
  return { id: principalId(tenant, issuer.issuer, sub), tenant, scopes: scopesOf(issuer, payload) }
}

/** Unique: neither a tenant nor an issuer has a `#`, a tenant no `:`; and no key has such an id. */
const principalId = (tenant: string, issuer: string, subject: string): string => `${tenant}:${issuer}#${subject}`

function tenantOf({ tenant: from }: Issuer, payload: JWTPayload): string {
  if ('value' in from) return from.value
  const claimed = claimOf(payload, from.claim)
  const tenant = typeof claimed !== 'string' ? undefined : from.values ? ownOf(from.values, claimed) : claimed
  if (tenant === undefined) throw new Refused(`names no tenant of this service in the claim ${nameOf(from.claim)}`)
  return tenant
}

/** Scopes that a claim gives by their own names; `admin` and `operate` only by a name that the configuration gives them. */
const PLAIN_SCOPES: Readonly<Record<string, readonly Scope[]>> = Object.fromEntries(
  SCOPES.filter((scope) => scope !== 'admin' && scope !== 'operate').map((scope) => [scope, [scope]]),
)

function scopesOf({ scopes: from }: Issuer, payload: JWTPayload): readonly Scope[] {
  if ('value' in from) return from.value
  const claimed = claimOf(payload, from.claim)
  const names = typeof claimed === 'string' ? claimed.split(' ') : Array.isArray(claimed) ? claimed : []
  const values = from.values ?? PLAIN_SCOPES
  return [...new Set(names.flatMap((name: unknown) => (typeof name === 'string' ? (ownOf(values, name) ?? []) : [])))]
}

function claimOf(payload: JWTPayload, path: string | readonly string[]): unknown {
  let value: unknown = payload
  for (const name of [path].flat()) {
    if (typeof value !== 'object' || value === null) return undefined
    value = ownOf(value as Readonly<Record<string, unknown>>, name)
  }
  return value
}

const ownOf = <T>(values: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined

const nameOf = (claim: string | readonly string[]): string => [claim].flat().join('.')

/** What was wrong with a token, by what jose found; nothing of the token itself. */
function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'has expired'
  if (error instanceof errors.JWTClaimValidationFailed) return reasonOfClaim(error.claim, error.reason)
  if (error instanceof errors.JOSEAlgNotAllowed) return 'is signed in a way that is not allowed for its issuer'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'has a signature that is not of its issuer'
  if (error instanceof errors.JWKSNoMatchingKey) return 'is signed with a key that its issuer does not have'
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'does not say with which key of its issuer it is signed'
  return 'is not a signed token'
}

function reasonOfClaim(claim: string, reason: string): string {
  if (reason === 'missing') return `has no claim ${claim}`
  if (claim === 'nbf') return 'is not valid yet'
  if (claim === 'aud') return 'is for another audience'
  return `has a claim ${claim} that is not right`
}

function refused(why: string): Problem {
  return problem('ANRF5023', `the token ${why}`, challenge({ error: 'invalid_token', description: `the token ${why}` }))
}

function unavailable(): Problem {
  const detail = 'the keys of the issuer cannot be read now, so the token cannot be checked'
  return problem('ANRF5024', detail, { headers: { 'retry-after': String(RETRY_AFTER_S) } })
}
