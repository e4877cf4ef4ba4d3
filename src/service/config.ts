import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, resolve } from 'node:path'
import {
  diagnostic,
  ISOLATION_CHOICES,
  LIMIT_NAMES,
  LIMITS,
  type Diagnostic,
  type IsolationChoice,
  type LimitName,
  type Limits,
} from '../base/index.ts'
import { parseSecret, readTools, type Secret, type Tools } from '../broker/index.ts'
import { parseGrants, type Grant } from '../effects/index.ts'
import { trustedKeyOf, type TrustedKey } from '../document/index.ts'
import type { Verifier } from './flow/verifier.ts'

/** Everything a service is told, read once and frozen; nothing else reads the environment. */
export type ServiceConfig = {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  readonly dataDir: string
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
  /** The greatest body of a request, in bytes; a document in base64 must fit. */
  readonly bodyBytesMax: number
  /** Ceilings of limits below those of the table. */
  readonly ceilings: Partial<Limits>
  /** How long a stop waits for executions under way, in ms. */
  readonly drainMs: number
  readonly logLevel: string
  /** Keys whose signatures count. */
  readonly trustedKeys: readonly TrustedKey[]
  /** Whether only signed documents may be published and run. */
  readonly signatureRequired: boolean
  /** What every program here may do beyond what every run may; programs ask for capabilities in their documents. */
  readonly grants: readonly Grant[]
  /** Tools that programs may be granted. */
  readonly tools: Tools
  /** Secrets that programs may be granted, and that tools send. */
  readonly secrets: readonly Secret[]
  /** Whether inputs and what effects said are kept after the end, so that executions can be done again. */
  readonly isRecorded: boolean
  /** Asked in this order before and after every execution. */
  readonly verifiers: readonly Verifier[]
}

type Setting = {
  readonly env: string
  readonly about: string
  /** A text says what was expected. */
  readonly read: (text: string, env: Environment) => Partial<ServiceConfig> | string
}

type Environment = Readonly<Record<string, string | undefined>>

const whole =
  (
    name: 'port' | 'workers' | 'processes' | 'spares' | 'queueMax' | 'bodyBytesMax' | 'drainMs',
    min: number,
    max: number,
  ) =>
  (text: string): Partial<ServiceConfig> | string => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max ? { [name]: value } : `a whole number from ${min} to ${max}`
  }

const LOG_LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** The environment of a service, one row per variable; docs/API.md shows them. */
export const SETTINGS: readonly Setting[] = [
  { env: 'ANRF_HOST', about: 'address to listen on', read: (host) => ({ host }) },
  { env: 'ANRF_PORT', about: 'port to listen on; 0 takes a free one', read: whole('port', 0, 65_535) },
  { env: 'ANRF_DATA', about: 'directory of the store', read: (dataDir) => ({ dataDir }) },
  { env: 'ANRF_WORKERS', about: 'executions that run at once', read: whole('workers', 1, 256) },
  {
    env: 'ANRF_PROCESSES',
    about: 'live worker processes at most: those that run, that wait for their key, and spares',
    read: whole('processes', 1, 10_000),
  },
  { env: 'ANRF_SPARES', about: 'worker processes kept ready for keys that have none', read: whole('spares', 0, 1000) },
  {
    env: 'ANRF_PROCESS',
    about: '`fresh` gives every execution a process of its own; `pooled` those only that ask for it',
    read: (text) => (text === 'fresh' || text === 'pooled' ? { freshProcesses: text === 'fresh' } : 'pooled or fresh'),
  },
  {
    env: 'ANRF_ISOLATION',
    about: `how workers are kept from the machine: ${ISOLATION_CHOICES.join(', ')}; see docs/SANDBOX.md`,
    read: (text) => {
      const isolation = ISOLATION_CHOICES.find((choice) => choice === text)
      return isolation ? { isolation } : `one of ${ISOLATION_CHOICES.join(', ')}`
    },
  },
  { env: 'ANRF_OCI_RUNTIME', about: 'the OCI runtime for the isolation `oci`', read: (ociRuntime) => ({ ociRuntime }) },
  { env: 'ANRF_QUEUE', about: 'executions that may wait', read: whole('queueMax', 0, 100_000) },
  { env: 'ANRF_BODY_BYTES', about: 'greatest request body', read: whole('bodyBytesMax', 1024, 2 ** 28) },
  {
    env: 'ANRF_CEILINGS',
    about: 'ceilings of limits below those of docs/LIMITS.md, as `wall=5000,memory=67108864`',
    read: readCeilings,
  },
  { env: 'ANRF_DRAIN_MS', about: 'how long a stop waits for executions', read: whole('drainMs', 0, 3_600_000) },
  {
    env: 'ANRF_LOG_LEVEL',
    about: `one of ${LOG_LEVELS.join(', ')}`,
    read: (logLevel) => (LOG_LEVELS.includes(logLevel) ? { logLevel } : `one of ${LOG_LEVELS.join(', ')}`),
  },
  {
    env: 'ANRF_TRUSTED_KEYS',
    about: 'files of trusted Ed25519 public keys (PEM), separated by commas',
    read: readKeys,
  },
  {
    env: 'ANRF_ALLOW',
    about: 'grants for all programs (docs/EFFECTS.md), separated by semicolons, as `http=api.example.com;kv`',
    read: readGrants,
  },
  {
    env: 'ANRF_TOOLS',
    about: 'a file that describes tools of the host (docs/EFFECTS.md), which `tool:NAME` grants',
    read: readToolsFile,
  },
  {
    env: 'ANRF_SECRETS',
    about: 'secrets for hosts, separated by semicolons, as `NAME@HOST=VARIABLE` whose value that variable has',
    read: readSecrets,
  },
  {
    env: 'ANRF_PAYLOADS',
    about: '`keep` keeps inputs and the journal of effects after the end, for replay; `drop` only their digests',
    read: (text) => (text === 'keep' || text === 'drop' ? { isRecorded: text === 'keep' } : 'keep or drop'),
  },
  {
    env: 'ANRF_SIGNATURES',
    about: '`required` refuses documents without a trusted signature; `optional`',
    read: (text) =>
      text === 'required' || text === 'optional' ? { signatureRequired: text === 'required' } : 'required or optional',
  },
]

export const DEFAULT_CONFIG: ServiceConfig = Object.freeze({
  host: '127.0.0.1',
  port: 8787,
  dataDir: '.anrf',
  workers: availableParallelism(),
  isolation: 'auto',
  ociRuntime: 'runc',
  processes: 4 * availableParallelism(),
  spares: availableParallelism(),
  freshProcesses: false,
  queueMax: 64,
  bodyBytesMax: 24 * 2 ** 20,
  ceilings: {},
  drainMs: 10_000,
  logLevel: 'info',
  trustedKeys: [],
  signatureRequired: false,
  grants: [],
  tools: new Map(),
  secrets: [],
  isRecorded: false,
  verifiers: [],
})

/** Defaults, then the environment, then what the caller sets; all that is wrong is reported together (ANRF5009). */
export function readConfig(
  env: Environment,
  given: Partial<ServiceConfig> = {},
): { readonly config: ServiceConfig } | { readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const parts = SETTINGS.flatMap(({ env: name, read }) => {
    const text = env[name]
    if (text === undefined || text === '') return []
    const part = read(text, env)
    if (typeof part !== 'string') return [part]
    diagnostics.push(diagnostic('ANRF5009', { message: `${name} is ${JSON.stringify(text)}, not ${part}` }))
    return []
  })
  if (diagnostics.length > 0) return { diagnostics }
  return { config: Object.freeze(Object.assign({}, DEFAULT_CONFIG, ...parts, given) as ServiceConfig) }
}

function readCeilings(text: string): Partial<ServiceConfig> | string {
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

function readGrants(text: string): Partial<ServiceConfig> | string {
  const texts = text.split(';').map((part) => part.trim())
  const parsed = parseGrants(texts.filter((part) => part !== ''))
  return 'grants' in parsed ? parsed : `a list of grants: ${messagesOf(parsed.diagnostics)}`
}

function readToolsFile(path: string): Partial<ServiceConfig> | string {
  try {
    const read = readTools(JSON.parse(readFileSync(path, 'utf8')), { folder: dirname(resolve(path)) })
    return 'tools' in read ? read : `a file of tools: ${messagesOf(read.diagnostics)}`
  } catch (error) {
    return `a file of tools: ${(error as Error).message}`
  }
}

function readSecrets(text: string, env: Environment): Partial<ServiceConfig> | string {
  const texts = text.split(';').map((part) => part.trim())
  const read = texts.filter((part) => part !== '').map((part) => parseSecret(part, env))
  const diagnostics = read.flatMap((one) => ('diagnostics' in one ? one.diagnostics : []))
  if (diagnostics.length > 0) return `a list of secrets: ${messagesOf(diagnostics)}`
  return { secrets: read.flatMap((one) => ('secret' in one ? [one.secret] : [])) }
}

const messagesOf = (diagnostics: readonly Diagnostic[]): string =>
  diagnostics.map(({ pointer, message }) => (pointer === undefined ? message : `${pointer}: ${message}`)).join('; ')

function readKeys(text: string): Partial<ServiceConfig> | string {
  const trustedKeys: TrustedKey[] = []
  for (const path of text.split(',')) {
    const key = readKey(path.trim())
    if (!key) return `a list of readable files with an Ed25519 public key each (${path.trim()})`
    trustedKeys.push(key)
  }
  return { trustedKeys }
}

function readKey(path: string): TrustedKey | undefined {
  try {
    return trustedKeyOf(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
