import type { TrustedKey } from '../document/index.ts'

/** How many trusted keys must have signed a program, by its name. */
export type SignatureRule = {
  /** A name, or the beginning of names followed by `*`; `*` is all programs, those without a name too. */
  readonly pattern: string
  /** How many different keys. */
  readonly count: number
  /** Names of the keys that count; all trusted ones when absent. */
  readonly keys?: readonly string[]
}

/** Whom a registry believes, and what it asks for. */
export type Trust = { readonly keys: readonly TrustedKey[]; readonly rules: readonly SignatureRule[] }

/** The rule for a program: the one that names it, else the one with the longest beginning. */
export function ruleFor({ rules }: Trust, name: string | undefined): SignatureRule | undefined {
  const fitting = rules.filter(({ pattern }) =>
    pattern.endsWith('*') ? (name ?? '').startsWith(pattern.slice(0, -1)) : pattern === name,
  )
  // An exact name is longer than any beginning of it, once the `*` is not counted.
  const weight = ({ pattern }: SignatureRule): number =>
    pattern.endsWith('*') ? pattern.length - 1 : pattern.length + 1
  return fitting.toSorted((a, b) => weight(b) - weight(a))[0]
}

/** What is missing for a program of this name to be signed as its rule asks; undefined when nothing is. */
export function missingSignatures(
  trust: Trust,
  name: string | undefined,
  signers: readonly TrustedKey[],
): string | undefined {
  const rule = ruleFor(trust, name)
  if (!rule || rule.count === 0) return undefined
  const counted = signers.filter((key) => !rule.keys || (key.name !== undefined && rule.keys.includes(key.name)))
  if (counted.length >= rule.count) return undefined
  const whose = rule.keys ? `of ${rule.keys.join(', ')}` : 'of trusted keys'
  return `programs ${rule.pattern} need ${rule.count} ${rule.count === 1 ? 'signature' : 'signatures'} ${whose}, and this one has ${counted.length}`
}

const RULE =
  /^([A-Za-z][A-Za-z0-9._-]*\*?|\*)\s*=\s*(\d{1,2})(?:\s+of\s+([A-Za-z0-9._-]+(?:\s*,\s*[A-Za-z0-9._-]+)*))?$/

/** Reads rules as `acme.*=2 of alice,bob,carol; *=1`; a text says what is wrong. */
export function parseSignatureRules(text: string): readonly SignatureRule[] | string {
  const parts = text.split(';').map((part) => part.trim())
  const rules: SignatureRule[] = []
  for (const part of parts.filter((one) => one !== '')) {
    const [, pattern, count, names] = RULE.exec(part) ?? []
    if (pattern === undefined || count === undefined)
      return `${JSON.stringify(part)} is not PATTERN=COUNT [of NAME,...]`
    const keys = names?.split(',').map((name) => name.trim())
    if (keys && new Set(keys).size < Number(count)) return `${JSON.stringify(part)} asks for more keys than it names`
    if (rules.some((rule) => rule.pattern === pattern)) return `${pattern} has two rules`
    rules.push({ pattern, count: Number(count), ...(keys && { keys }) })
  }
  return rules
}
