/**
 * What is bounded beside the limits of one execution. `rate`: a bucket that holds `quota` units and gets them back within its
 * window, so that a burst of a whole quota is possible; `level`: as many at once. Fuel is taken when a run has ended, for what it
 * used: a bucket may go below zero, and nothing begins before it is above it again.
 */
type QuotaRow = {
  readonly of: 'principal' | 'tenant' | 'program'
  readonly unit: 'requests' | 'fuel' | 'executions'
  readonly kind: 'rate' | 'level'
  readonly doc: string
}

export const QUOTAS = {
  'principal-requests': { of: 'principal', unit: 'requests', kind: 'rate', doc: 'requests of one identity' },
  'tenant-requests': { of: 'tenant', unit: 'requests', kind: 'rate', doc: 'requests of all identities of a tenant' },
  'program-requests': {
    of: 'program',
    unit: 'requests',
    kind: 'rate',
    doc: 'executions of one program (all its versions) that are begun in a tenant',
  },
  'principal-fuel': { of: 'principal', unit: 'fuel', kind: 'rate', doc: 'fuel that executions of one identity use' },
  'tenant-fuel': { of: 'tenant', unit: 'fuel', kind: 'rate', doc: 'fuel that executions of a tenant use' },
  'program-fuel': {
    of: 'program',
    unit: 'fuel',
    kind: 'rate',
    doc: 'fuel that executions of one program use in a tenant',
  },
  'principal-concurrency': {
    of: 'principal',
    unit: 'executions',
    kind: 'level',
    doc: 'executions of one identity that run or wait for a worker, below the limit `concurrency` of each',
  },
  'tenant-concurrency': {
    of: 'tenant',
    unit: 'executions',
    kind: 'level',
    doc: 'executions of a tenant that run or wait for a worker',
  },
  'program-concurrency': {
    of: 'program',
    unit: 'executions',
    kind: 'level',
    doc: 'executions of one program that run or wait for a worker in a tenant',
  },
} as const satisfies Record<string, QuotaRow>

export type QuotaName = keyof typeof QUOTAS
export const QUOTA_NAMES = Object.keys(QUOTAS) as readonly QuotaName[]

/** `windowSeconds` is 1 for those that are levels, and says nothing there. */
export type Quota = { readonly quota: number; readonly windowSeconds: number }
export type Quotas = { readonly [K in QuotaName]?: Quota }

/** What a tenant has in place of the quotas of the service: `null` is none. */
export type QuotaOverrides = { readonly [K in QuotaName]?: Quota | null }

export const QUOTA_MAX = 1_000_000_000_000_000
export const WINDOW_SECONDS_MAX = 86_400

/** Reads `NAME=QUOTA[/SECONDS]`, separated by commas; a text says what was expected. */
export function parseQuotas(text: string): Quotas | string {
  const quotas: { -readonly [K in QuotaName]?: Quota } = {}
  for (const part of text.split(',')) {
    const [, name = '', quotaText, windowText] = /^\s*([a-z-]+)=(\d+)(?:\/(\d+))?\s*$/.exec(part) ?? []
    if (!Object.hasOwn(QUOTAS, name)) return `a list of NAME=QUOTA[/SECONDS], with names of ${QUOTA_NAMES.join(', ')}`
    const { kind } = QUOTAS[name as QuotaName]
    const [quota, windowSeconds] = [Number(quotaText), Number(windowText ?? 1)]
    if (kind === 'level' && windowText !== undefined) return `a list of quotas (${name} has no seconds)`
    if (!(quota >= 1 && quota <= QUOTA_MAX && windowSeconds >= 1 && windowSeconds <= WINDOW_SECONDS_MAX))
      return `a list of quotas (${name} from 1 to ${QUOTA_MAX}, in 1 to ${WINDOW_SECONDS_MAX} seconds)`
    if (Object.hasOwn(quotas, name)) return `a list of quotas (${name} once, not twice)`
    quotas[name as QuotaName] = { quota, windowSeconds }
  }
  return quotas
}

/** The quotas of the service with those of a tenant in their place. */
export function overlay(quotas: Quotas, overrides: QuotaOverrides): Quotas {
  const all = Object.entries({ ...quotas, ...overrides })
  return Object.fromEntries(all.filter((entry): entry is [string, Quota] => entry[1] !== null))
}
