import { readIssuersFile, type Issuer } from '../gateway/issuer.ts'
import type { Setting } from './setting.ts'

/** Whose word counts on who asks, beside that of the service's own keys. */
export type IdentityConfig = {
  readonly issuers: readonly Issuer[]
}

export const IDENTITY_DEFAULTS: IdentityConfig = { issuers: [] }

export const IDENTITY_SETTINGS: readonly Setting<IdentityConfig>[] = [
  {
    env: 'ANRF_OIDC',
    about: 'a file that describes the OpenID Connect issuers whose tokens are taken (docs/API.md, Tokens)',
    read: (path) => {
      const read = readIssuersFile(path)
      return 'issuers' in read ? read : `a file of issuers: ${read.wrong.join('; ')}`
    },
  },
]
