import { parseQuotas, QUOTA_NAMES, type Quotas } from '../quotas/table.ts'
import type { Setting } from './setting.ts'

/** How much callers may do in a time, and at once. */
export type QuotasConfig = {
  /** Of every principal, tenant and program; a tenant may have others in their place. */
  readonly quotas: Quotas
}

export const QUOTAS_DEFAULTS: QuotasConfig = { quotas: {} }

export const QUOTAS_SETTINGS: readonly Setting<QuotasConfig>[] = [
  {
    env: 'ANRF_QUOTAS',
    about: `quotas as \`NAME=QUOTA[/SECONDS]\`, separated by commas; none by default. Names: ${QUOTA_NAMES.join(', ')}`,
    read: (text) => {
      const quotas = parseQuotas(text)
      return typeof quotas === 'string' ? quotas : { quotas }
    },
  },
]
