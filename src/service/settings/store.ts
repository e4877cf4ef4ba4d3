import { whole, type Setting } from './setting.ts'

/** What is kept, and where. */
export type StoreConfig = {
  readonly dataDir: string
  /** Whether inputs and what effects said are kept after the end, so that executions can be done again. */
  readonly isRecorded: boolean
  /** Days after which the audit log forgets who did what; 0: never. */
  readonly auditDays: number
  /** Days after which nothing but digests stays of what an execution was given and said; 0: not before its record goes. */
  readonly payloadDays: number
  /** Days after which executions and batches that have ended are removed; 0: never. */
  readonly executionDays: number
}

export const STORE_DEFAULTS: StoreConfig = {
  dataDir: '.anrf',
  isRecorded: false,
  auditDays: 0,
  payloadDays: 0,
  executionDays: 0,
}

const DAYS_MAX = 36_500

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
    default: '0',
    about: 'days after which the audit log forgets who did what (docs/AUDIT.md); 0: never',
    read: whole('auditDays', 0, DAYS_MAX),
  },
  {
    env: 'ANRF_PAYLOAD_DAYS',
    default: '0',
    about:
      'days after which inputs, output, log and journal of an execution that has ended are erased and their digests stay (docs/STORE.md); 0: not before the record',
    read: whole('payloadDays', 0, DAYS_MAX),
  },
  {
    env: 'ANRF_EXECUTION_DAYS',
    default: '0',
    about: 'days after which records of executions and batches that have ended are removed; 0: never',
    read: whole('executionDays', 0, DAYS_MAX),
  },
]
