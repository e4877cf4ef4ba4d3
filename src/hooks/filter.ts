import { permits } from '../effects/index.ts'
import type { Filter } from './hook.ts'

/** What an event is about, as filters see it. */
export type Filtered = {
  readonly tenant: string
  readonly name: string | undefined
  readonly version: string | undefined
  readonly outcome?: string
}

/** Whether a hook is there for it. */
export function fitsFilter(
  { tenants, programs, outcomes }: Filter,
  { tenant, name, version, outcome }: Filtered,
): boolean {
  if (tenants && !tenants.includes(tenant)) return false
  if (outcomes && outcome !== undefined && !outcomes.includes(outcome)) return false
  if (!programs) return true
  if (name === undefined) return false
  return programs.some((grant) => permits(grant, { kind: 'programs', name, version }))
}
