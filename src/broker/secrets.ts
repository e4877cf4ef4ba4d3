import { createHash } from 'node:crypto'
import { askedOf, permits, type Denial, type Grant } from '../effects/index.ts'
import { denied, EffectFailure } from './failure.ts'
import { redactionsOf } from './redaction.ts'
import type { Secret } from './secret.ts'

/**
 * The secrets of one run. A program holds placeholders; the values are put in their place when a request goes to a host
 * of the secret, and taken out again of whatever comes back.
 */
export class Secrets {
  readonly #grants: readonly Grant[]
  readonly #placeholders: ReadonlyMap<string, Secret>
  readonly #redactions: readonly (readonly [RegExp, string])[]

  /** Placeholders follow from the id of the execution: a run that is begun again finds its own. */
  constructor(secrets: readonly Secret[], grants: readonly Grant[], executionId: string) {
    this.#grants = grants
    const named = secrets.map((secret) => [placeholderOf(secret.name, executionId), secret] as const)
    this.#placeholders = new Map(named)
    // The longest first: what another one begins with is not to leave its end behind.
    const longest = named.toSorted(([, a], [, b]) => b.value.length - a.value.length)
    this.#redactions = longest.flatMap(([placeholder, secret]) =>
      patternsOf(secret).map((pattern, part) => [pattern, part === 0 ? placeholder : ''] as const),
    )
  }

  /** The placeholder of a secret that this host has. */
  placeholder(name: string): string | undefined {
    return [...this.#placeholders].find(([, secret]) => secret.name === name)?.[0]
  }

  /** Whether a text has the placeholder of any secret. */
  isIn(text: string): boolean {
    return [...this.#placeholders.keys()].some((placeholder) => text.includes(placeholder))
  }

  /** A header value with its placeholders filled in for `url`; those within Basic credentials too (RFC 7617). */
  fillHeader(value: string, url: URL): string {
    const [, scheme, credentials] = /^(basic +)([A-Za-z0-9+/=]+)$/i.exec(value) ?? []
    const inner = credentials === undefined ? '' : Buffer.from(credentials, 'base64').toString('latin1')
    if (!this.isIn(inner)) return this.#fill(value, url, (text) => text)
    const filled = this.#fill(inner, url, (text) => text)
    return `${scheme}${Buffer.from(filled, 'latin1').toString('base64')}`
  }

  /** The query of `url` with its placeholders filled in. */
  fillQuery(url: URL): string {
    return this.#fill(url.search, url, encodeURIComponent)
  }

  /**
   * A text of the host's own configuration with its `{secret:NAME}` filled in for `url`. No grant is asked: it is the host
   * that sends it.
   */
  fillReferences(text: string, url: URL, encode: (value: string) => string = (value) => value): string {
    return text.replaceAll(/\{secret:(\w+)\}/g, (_, name: string) => {
      const secret = [...this.#placeholders.values()].find((secret) => secret.name === name)
      if (!secret || !isHostOf(secret, url))
        throw new EffectFailure('unavailable', `this host has no secret ${name} for ${url.origin}`)
      return encode(secret.value)
    })
  }

  /** Bytes that came from outside, with every secret in them, in any usual spelling, made its placeholder again. */
  redact(bytes: Buffer): Buffer {
    if (this.#redactions.length === 0) return bytes
    return Buffer.from(this.#replace(bytes.toString('latin1')), 'latin1')
  }

  redactText(text: string): string {
    return this.#replace(text)
  }

  #replace(text: string): string {
    return this.#redactions.reduce((read, [pattern, placeholder]) => read.replaceAll(pattern, placeholder), text)
  }

  #fill(text: string, url: URL, encode: (value: string) => string): string {
    let filled = text
    for (const [placeholder, secret] of this.#placeholders) {
      if (!filled.includes(placeholder)) continue
      this.#require(secret, url)
      filled = filled.replaceAll(placeholder, () => encode(secret.value))
    }
    return filled
  }

  /** Throws the denial of a secret that is not granted, or not meant for where the request goes. */
  #require(secret: Secret, url: URL): void {
    const { name, hosts } = secret
    const isGranted = this.#grants.some((grant) => permits(grant, { kind: 'secrets', name }))
    if (isGranted && isHostOf(secret, url)) return
    const denial: Denial = {
      capability: 'secrets',
      asked: `${name} for ${url.origin}`,
      rule: isGranted ? `the secret ${name} is for other hosts` : `no grant of the secret ${name}`,
      allowed: isGranted ? hosts.map(({ scheme, host, port }) => `${name} for ${scheme}://${host}:${port}`) : [],
      advice: 'Send it only to its hosts. Do not route around this: the secret is filled in nowhere else.',
    }
    throw denied(denial)
  }
}

/** Patterns are long, and the secrets of a host are the same for all its runs. */
const knownPatterns = new WeakMap<Secret, readonly RegExp[]>()

function patternsOf(secret: Secret): readonly RegExp[] {
  const patterns = knownPatterns.get(secret) ?? redactionsOf(secret.value)
  knownPatterns.set(secret, patterns)
  return patterns
}

const isHostOf = ({ hosts }: Secret, url: URL): boolean => hosts.some((host) => permits(host, askedOf(url, 'GET')))

/** Letters that stay as they are in headers, URLs and JSON; the digest keeps texts of others from being placeholders. */
function placeholderOf(name: string, executionId: string): string {
  const digest = createHash('sha256').update(`${executionId}\0${name}`).digest('hex')
  return `anrf-secret-${name}-${digest.slice(0, 20)}`
}
