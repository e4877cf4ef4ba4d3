import { readFileSync } from 'node:fs'
import { trustedKeyOf, type TrustedKey } from '../../document/index.ts'
import type { Verifier } from '../flow/verifier.ts'
import { type Setting } from './setting.ts'

/** What programs must show before they run. */
export type TrustConfig = {
  /** Keys whose signatures count. */
  readonly trustedKeys: readonly TrustedKey[]
  /** Whether only signed documents may be published and run. */
  readonly signatureRequired: boolean
  /** Asked in this order before and after every execution. */
  readonly verifiers: readonly Verifier[]
}

export const TRUST_DEFAULTS: TrustConfig = {
  trustedKeys: [],
  signatureRequired: false,
  verifiers: [],
}

export const TRUST_SETTINGS: readonly Setting<TrustConfig>[] = [
  {
    env: 'ANRF_TRUSTED_KEYS',
    about: 'files of trusted Ed25519 public keys (PEM), separated by commas',
    read: readKeys,
  },
  {
    env: 'ANRF_SIGNATURES',
    default: 'optional',
    about: '`required` refuses documents without a trusted signature; `optional`',
    read: (text) =>
      text === 'required' || text === 'optional' ? { signatureRequired: text === 'required' } : 'required or optional',
  },
]

function readKeys(text: string): Partial<TrustConfig> | string {
  const trustedKeys: TrustedKey[] = []
  for (const path of text.split(',')) {
    const key = readKey(path.trim())
    if (!key) return `a list of readable files with an Ed25519 public key each (${path.trim()})`
    trustedKeys.push(key)
  }
  return { trustedKeys }
}

function readKey(path: string): TrustedKey | undefined {
  try {
    return trustedKeyOf(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
