import type { Sql } from '../../store/index.ts'
import { isHookPrincipal } from '../../hooks/index.ts'
import { problem, type Problem } from '../http/problem.ts'
import type { Principal } from '../identity/principal.ts'
import { findQuotas } from '../identity/tenants.ts'
import type { Buckets, Charge } from './buckets.ts'
import { rateLimitFields, type Standing } from './fields.ts'
import { overlay, QUOTA_NAMES, QUOTAS, type QuotaName, type Quotas } from './table.ts'

/** Who asks, and for which program of the tenant. */
export type Subject = { readonly principal: Principal; readonly program?: string }

/** Takes from quotas, or says that there is nothing left. */
export type Meter = {
  /** Takes one request; the fields that tell the caller where it stands. */
  takeRequest(subject: Subject): Promise<{ readonly problem: Problem } | { readonly fields: Fields }>
  /** Takes one execution of a program, if there is fuel at all; why it must wait, if so. */
  takeExecution(subject: Required<Subject>): Promise<Problem | undefined>
  /** Takes the fuel that an execution has used. */
  spendFuel(subject: Required<Subject>, fuel: number): Promise<void>
  /** How many executions may be under way at once, by who they count for. */
  concurrency(subject: Required<Subject>): Promise<Concurrency>
  /** The quotas of a tenant were changed. */
  forget(tenant: string): void
}

/** Header fields of an answer. */
type Fields = Readonly<Record<string, string>>

/** `shares`: names of those who share it, with how many they have together. */
export type Concurrency = {
  readonly principalMax: number
  readonly shares: readonly { readonly name: string; readonly max: number }[]
}

/** How long another process may not know of a change. */
const KNOWN_MS = 2000
const TENANTS_MAX = 10_000

export function createMeter(sql: Sql, quotas: Quotas, buckets: Buckets): Meter {
  const known = new Map<string, { readonly quotas: Quotas; readonly untilMs: number }>()

  async function quotasOf(tenant: string): Promise<Quotas> {
    const found = known.get(tenant)
    if (found && found.untilMs > performance.now()) return found.quotas
    const read = overlay(quotas, await findQuotas(sql.query, tenant))
    if (known.size >= TENANTS_MAX) known.clear()
    known.set(tenant, { quotas: read, untilMs: performance.now() + KNOWN_MS })
    return read
  }

  async function take(subject: Subject, amounts: Amounts): Promise<Problem | readonly Standing[]> {
    const applying = chargesOf(await quotasOf(subject.principal.tenant), subject, amounts)
    if (applying.length === 0) return []
    const taken = await buckets.take(applying.map(({ charge }) => charge))
    const standings = applying.map(({ name, charge }, i) => ({ name, quota: charge, level: taken.levels[i]! }))
    return taken.ok ? standings : exceeded(standings, applying[taken.short]!.name, taken.retryAfterSeconds)
  }

  return {
    async takeRequest(subject) {
      const taken = await take(subject, REQUEST)
      return 'status' in taken ? { problem: taken } : { fields: rateLimitFields(taken) }
    },
    async takeExecution(subject) {
      // What hooks run is asked for by the service.
      if (isHookPrincipal(subject.principal.id)) return undefined
      const taken = await take(subject, EXECUTION)
      return 'status' in taken ? taken : undefined
    },
    async spendFuel(subject, fuel) {
      if (isHookPrincipal(subject.principal.id)) return
      const applying = chargesOf(await quotasOf(subject.principal.tenant), subject, {
        'principal-fuel': fuel,
        'tenant-fuel': fuel,
        'program-fuel': fuel,
      })
      if (applying.length > 0) await buckets.spend(applying.map(({ charge }) => charge))
    },
    async concurrency({ principal, program }) {
      const own = await quotasOf(principal.tenant)
      const shares = (['tenant-concurrency', 'program-concurrency'] as const).flatMap((name) => {
        const max = own[name]?.quota
        return max === undefined ? [] : [{ name: keyOf(name, { principal, program }), max }]
      })
      return { principalMax: own['principal-concurrency']?.quota ?? Infinity, shares }
    },
    forget: (tenant) => void known.delete(tenant),
  }
}

type Amounts = { readonly [K in QuotaName]?: number }

/** Of each request: one. */
const REQUEST: Amounts = { 'principal-requests': 1, 'tenant-requests': 1 }
/** Of each execution: one of its program, and that there is fuel left. */
const EXECUTION: Amounts = { 'program-requests': 1, 'principal-fuel': 0, 'tenant-fuel': 0, 'program-fuel': 0 }

function chargesOf(
  quotas: Quotas,
  subject: Subject,
  amounts: Amounts,
): readonly { readonly name: QuotaName; readonly charge: Charge }[] {
  return QUOTA_NAMES.flatMap((name) => {
    const [quota, amount] = [quotas[name], amounts[name]]
    if (!quota || amount === undefined) return []
    return [{ name, charge: { ...quota, key: keyOf(name, subject), amount } }]
  })
}

/** A program is one of its tenant: nobody uses up what another tenant has for a program of the same name. */
function keyOf(name: QuotaName, { principal: { id, tenant }, program = '' }: Subject): string {
  const { of } = QUOTAS[name]
  return `${name} ${of === 'principal' ? id : of === 'tenant' ? tenant : `${tenant}/${program}`}`
}

function exceeded(standings: readonly Standing[], name: QuotaName, retryAfterSeconds: number): Problem {
  const { quota, windowSeconds } = standings.find((one) => one.name === name)!.quota
  const { unit } = QUOTAS[name]
  return problem('ANRF5025', `the quota ${name} of ${quota} ${unit} in ${windowSeconds} s is used up`, {
    violatedPolicies: [name],
    headers: { 'retry-after': String(retryAfterSeconds), ...rateLimitFields(standings) },
  })
}
