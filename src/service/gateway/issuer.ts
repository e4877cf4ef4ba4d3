import { readFileSync } from 'node:fs'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { readJson } from '../../base/index.ts'
import { DEFAULT_TENANT, SCOPES } from '../identity/principal.ts'
import { closed } from '../schemas/common.ts'
import { TENANT_ID } from '../identity/tenants.ts'

/**
 * Signatures that an issuer may use: asymmetric ones only. With `none` there is no signature, and with HS* whoever checks
 * tokens can make them (RFC 8725, sections 2.1 and 3.1).
 */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

/** The name of a claim at the top, however it looks, or the path to one inside. */
const Claim = Type.Union([
  Type.String({ minLength: 1, maxLength: 200 }),
  Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 8 }),
])
const TenantId = Type.String({ pattern: TENANT_ID })
const ScopeList = Type.Array(Type.Enum([...SCOPES]), { uniqueItems: true })

const IssuerSchema = closed({
  issuer: Type.String({ maxLength: 500 }),
  audience: Type.Union([
    Type.String({ minLength: 1, maxLength: 500 }),
    Type.Array(Type.String({ minLength: 1, maxLength: 500 }), { minItems: 1, maxItems: 16 }),
  ]),
  jwksUri: Type.Optional(Type.String({ maxLength: 500 })),
  algorithms: Type.Optional(Type.Array(Type.Enum([...ALGORITHMS]), { minItems: 1, uniqueItems: true })),
  clockSkewSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 300 })),
  cooldownSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 3600 })),
  tokenType: Type.Optional(Type.Enum(['at+jwt', 'JWT'])),
  tenant: Type.Optional(
    Type.Union([
      closed({ value: TenantId }),
      closed({ claim: Claim, values: Type.Optional(Type.Record(Type.String(), TenantId)) }),
    ]),
  ),
  scopes: Type.Optional(
    Type.Union([
      closed({ value: ScopeList }),
      closed({ claim: Claim, values: Type.Optional(Type.Record(Type.String(), ScopeList)) }),
    ]),
  ),
})
const FileSchema = closed({ issuers: Type.Array(IssuerSchema, { minItems: 1, maxItems: 32 }) })

/** An issuer whose tokens are taken, as the file of `ANRF_OIDC` describes it, with defaults filled in. */
export type Issuer = Required<Omit<Static<typeof IssuerSchema>, 'jwksUri' | 'tokenType' | 'audience'>> & {
  readonly audience: readonly string[]
  /** Where its keys are; found by discovery if absent. */
  readonly jwksUri?: string
  /** The type that its tokens must say they have (RFC 9068: `at+jwt`); any that is no other kind of token, if absent. */
  readonly tokenType?: 'at+jwt' | 'JWT'
}

const DEFAULTS = {
  algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'] as (typeof ALGORITHMS)[number][],
  clockSkewSeconds: 30,
  cooldownSeconds: 30,
  tenant: { value: DEFAULT_TENANT },
  scopes: { claim: 'scope' },
}

/** Reads the file of issuers, or says everything that is wrong with it. */
export function readIssuersFile(path: string): { readonly issuers: readonly Issuer[] } | { readonly wrong: string[] } {
  try {
    const json = readJson(readFileSync(path))
    return json.ok ? readIssuers(json.value) : { wrong: [json.message] }
  } catch (error) {
    return { wrong: [(error as Error).message] }
  }
}

export function readIssuers(json: unknown): { readonly issuers: readonly Issuer[] } | { readonly wrong: string[] } {
  const errors = Value.Errors(FileSchema, json).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`)
  if (errors.length > 0) return { wrong: errors }
  const { issuers } = json as Static<typeof FileSchema>
  const wrong = issuers.flatMap(({ issuer, jwksUri }, i) => [
    ...(isIssuer(issuer) ? [] : [`/issuers/${i}/issuer is no https URL without query and fragment (http on loopback)`]),
    ...(jwksUri === undefined || isTrustedUrl(jwksUri) ? [] : [`/issuers/${i}/jwksUri is no https URL`]),
  ])
  const names = issuers.map(({ issuer }) => issuer)
  if (new Set(names).size < names.length) wrong.push('/issuers names an issuer twice')
  if (wrong.length > 0) return { wrong }
  return { issuers: issuers.map((one) => ({ ...DEFAULTS, ...one, audience: [one.audience].flat() })) }
}

/** OpenID Connect Discovery 1.0, section 2: an issuer is an https URL without query or fragment. */
const isIssuer = (text: string): boolean => isTrustedUrl(text) && !/[?#]/.test(text)

/** Whether what comes from this URL comes from whom it names: over TLS, or from this machine. */
export function isTrustedUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && /^(127(\.\d+){3}|localhost|\[::1\])$/.test(hostname))
}
