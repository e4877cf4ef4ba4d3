import type { Level } from './buckets.ts'
import { QUOTAS, type Quota, type QuotaName } from './table.ts'

/** A quota that applies to a request, and what is left of it. */
export type Standing = { readonly name: QuotaName; readonly quota: Quota; readonly level: Level }

/** An integer of a structured field has at most 15 digits (RFC 9651, section 3.3.1). */
const INTEGER_MAX = 999_999_999_999_999

const integer = (value: number): number => Math.min(INTEGER_MAX, Math.max(0, value))

/**
 * The fields `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10): `q` units in `w` seconds, of which
 * `r` are left; after `t` seconds all are there again.
 */
export function rateLimitFields(standings: readonly Standing[]): Readonly<Record<string, string>> {
  if (standings.length === 0) return {}
  const policies = standings.map(({ name, quota: { quota, windowSeconds } }) => {
    const unit = QUOTAS[name].unit === 'requests' ? '' : `;qu="${QUOTAS[name].unit}"`
    return `"${name}";q=${quota}${unit};w=${windowSeconds}`
  })
  const levels = standings.map(
    ({ name, level }) => `"${name}";r=${integer(level.remaining)};t=${integer(level.secondsUntilWhole)}`,
  )
  return { 'ratelimit-policy': policies.join(', '), ratelimit: levels.join(', ') }
}
