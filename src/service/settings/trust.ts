import { readFileSync } from 'node:fs'
import { trustedKeyOf, type TrustedKey } from '../../document/index.ts'
import { parseSignatureRules, type SignatureRule } from '../../registry/index.ts'
import type { Verifier } from '../flow/verifier.ts'
import { type Environment, type Setting } from './setting.ts'

/** What programs must show before they run. */
export type TrustConfig = {
  /** Keys whose signatures count. */
  readonly trustedKeys: readonly TrustedKey[]
  /** How many of them must have signed a program, by its name; none where no rule fits. */
  readonly signatureRules: readonly SignatureRule[]
  /** `widening`: a version that may touch more than the one before it waits for an approval. */
  readonly approval: 'none' | 'widening'
  /** Asked in this order before and after every execution. */
  readonly verifiers: readonly Verifier[]
}

export const TRUST_DEFAULTS: TrustConfig = {
  trustedKeys: [],
  signatureRules: [],
  approval: 'none',
  verifiers: [],
}

export const TRUST_SETTINGS: readonly Setting<TrustConfig>[] = [
  {
    env: 'ANRF_TRUSTED_KEYS',
    about:
      'files of trusted Ed25519 public keys (PEM), separated by commas, each with a name if it is given as `NAME=FILE`',
    read: readKeys,
  },
  {
    env: 'ANRF_SIGNATURES',
    default: 'optional',
    separator: ';',
    about:
      'how many trusted keys must have signed a program, by its name: `acme.*=2 of alice,bob,carol; *=1`; ' +
      '`required` is `*=1`, `optional` asks for none (docs/REGISTRY.md)',
    read: readRules,
  },
  {
    env: 'ANRF_APPROVAL',
    default: 'none',
    about:
      '`widening` lets a version that may touch more than the one before it wait for an approval by somebody else; `none`',
    read: (text) => (text === 'widening' || text === 'none' ? { approval: text } : 'widening or none'),
  },
]

const NAMED_SIGNATURES: Readonly<Record<string, readonly SignatureRule[]>> = {
  required: [{ pattern: '*', count: 1 }],
  optional: [],
}

function readRules(text: string, env: Environment): Partial<TrustConfig> | string {
  const rules = Object.hasOwn(NAMED_SIGNATURES, text) ? NAMED_SIGNATURES[text]! : parseSignatureRules(text)
  if (typeof rules === 'string') return `required, optional or a list of rules: ${rules}`
  // Keys that a file of settings names are not here: a rule about a key that there is not is never met.
  const given = env['ANRF_TRUSTED_KEYS']
  if (given === undefined) return { signatureRules: rules }
  const keys = readKeys(given)
  const names = typeof keys === 'string' ? [] : (keys.trustedKeys ?? []).map(({ name }) => name)
  const unknown = rules.flatMap((rule) => rule.keys ?? []).find((name) => !names.includes(name))
  return unknown === undefined ? { signatureRules: rules } : `rules about names of ANRF_TRUSTED_KEYS (${unknown})`
}

function readKeys(text: string): Partial<TrustConfig> | string {
  const trustedKeys: TrustedKey[] = []
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === '') continue
    const [, name, path = part] = /^([A-Za-z0-9._-]+)=(.+)$/.exec(part) ?? []
    const key = readKey(path)
    if (!key) return `a list of readable files with an Ed25519 public key each (${path})`
    const isTaken = trustedKeys.some(
      (other) => other.keyId === key.keyId || (name !== undefined && other.name === name),
    )
    if (isTaken) return `a list of different keys with different names (${part})`
    trustedKeys.push(name === undefined ? key : { ...key, name })
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
