import { availableParallelism } from 'node:os'
import {
  ISOLATION_CHOICES,
  LIMIT_NAMES,
  LIMITS,
  type IsolationChoice,
  type LimitName,
  type Limits,
} from '../../base/index.ts'
import { type Setting, whole } from './setting.ts'

/** Worker processes and their limits. */
export type SandboxConfig = {
  /** Executions that run at once, each in a worker process of its own. */
  readonly workers: number
  /** Live worker processes at most: with those that wait for their principal, and spares. */
  readonly processes: number
  /** Worker processes that are kept ready for whoever has none. */
  readonly spares: number
  /** Whether every execution has a process of its own, not only those that ask for one. */
  readonly freshProcesses: boolean
  /** How workers are kept from the machine; a level that is not available keeps the service from starting. */
  readonly isolation: IsolationChoice
  /** The OCI runtime for the isolation `oci`: the name of a program, or its path. */
  readonly ociRuntime: string
  /** Executions that may wait for a worker; the next is answered 503. */
  readonly queueMax: number
  /** Ceilings of limits below those of the table. */
  readonly ceilings: Partial<Limits>
}

export const SANDBOX_DEFAULTS: SandboxConfig = {
  workers: availableParallelism(),
  processes: 4 * availableParallelism(),
  spares: availableParallelism(),
  freshProcesses: false,
  isolation: 'auto',
  ociRuntime: 'runc',
  queueMax: 64,
  ceilings: {},
}

export const SANDBOX_SETTINGS: readonly Setting<SandboxConfig>[] = [
  {
    env: 'ANRF_WORKERS',
    unset: 'the number of processors',
    about: 'executions that run at once',
    read: whole('workers', 1, 256),
  },
  {
    env: 'ANRF_PROCESSES',
    unset: 'four times the number of processors',
    about: 'live worker processes at most: those that run, that wait for their key, and spares',
    read: whole('processes', 1, 10_000),
  },
  {
    env: 'ANRF_SPARES',
    unset: 'the number of processors',
    about: 'worker processes kept ready for keys that have none',
    read: whole('spares', 0, 1000),
  },
  {
    env: 'ANRF_PROCESS',
    default: 'pooled',
    about: '`fresh` gives every execution a process of its own; `pooled` those only that ask for it',
    read: (text) => (text === 'fresh' || text === 'pooled' ? { freshProcesses: text === 'fresh' } : 'pooled or fresh'),
  },
  {
    env: 'ANRF_ISOLATION',
    default: 'auto',
    about: `how workers are kept from the machine: ${ISOLATION_CHOICES.join(', ')}; see docs/SANDBOX.md`,
    read: (text) => {
      const isolation = ISOLATION_CHOICES.find((choice) => choice === text)
      return isolation ? { isolation } : `one of ${ISOLATION_CHOICES.join(', ')}`
    },
  },
  {
    env: 'ANRF_OCI_RUNTIME',
    default: 'runc',
    about: 'the OCI runtime for the isolation `oci`',
    read: (ociRuntime) => ({ ociRuntime }),
  },
  { env: 'ANRF_QUEUE', default: '64', about: 'executions that may wait', read: whole('queueMax', 0, 100_000) },
  {
    env: 'ANRF_CEILINGS',
    about: 'ceilings of limits below those of docs/LIMITS.md, as `wall=5000,memory=67108864`',
    read: readCeilings,
  },
]

function readCeilings(text: string): Partial<SandboxConfig> | string {
  const ceilings: { -readonly [K in LimitName]?: number } = {}
  for (const part of text.split(',')) {
    const [, name = '', digits] = /^\s*([a-z]+)=(\d+)\s*$/.exec(part) ?? []
    if (!Object.hasOwn(LIMITS, name)) return `a list of NAME=NUMBER, with names of ${LIMIT_NAMES.join(', ')}`
    const { ceiling } = LIMITS[name as LimitName]
    const value = Number(digits)
    if (!(value >= 1 && value <= ceiling)) return `a list of ceilings (${name} from 1 to ${ceiling})`
    ceilings[name as LimitName] = value
  }
  return { ceilings }
}
