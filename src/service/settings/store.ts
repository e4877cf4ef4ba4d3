import { whole, type Setting } from './setting.ts'

/** What is kept, and where. */
export type StoreConfig = {
  readonly dataDir: string
  /** Whether inputs and what effects said are kept after the end, so that executions can be done again. */
  readonly isRecorded: boolean
  /** Days after which the audit log forgets who did what; 0: never. */
  readonly auditDays: number
}

export const STORE_DEFAULTS: StoreConfig = {
  dataDir: '.anrf',
  isRecorded: false,
  auditDays: 0,
}

export const STORE_SETTINGS: readonly Setting<StoreConfig>[] = [
  { env: 'ANRF_DATA', default: '.anrf', about: 'directory of the store', read: (dataDir) => ({ dataDir }) },
  {
    env: 'ANRF_PAYLOADS',
    default: 'drop',
    about: '`keep` keeps inputs and the journal of effects after the end, for replay; `drop` only their digests',
    read: (text) => (text === 'keep' || text === 'drop' ? { isRecorded: text === 'keep' } : 'keep or drop'),
  },
  {
    env: 'ANRF_AUDIT_DAYS',
    about: 'days after which the audit log forgets who did what (docs/AUDIT.md); 0: never',
    read: whole('auditDays', 0, 36_500),
  },
]
