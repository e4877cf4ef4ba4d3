import { resolve } from 'node:path'
import { Value } from 'typebox/value'
import { diagnostic, type Diagnostic, type Limits } from '../base/index.ts'
import { addressOf, classifyAddress, parseGrant, type Grant, type HttpGrant } from '../effects/index.ts'
import type { Filter, HookDefinition, Target, WebhookTarget } from './hook.ts'
import { ManifestSchema, type Manifest, type ManifestHook } from './manifest-schema.ts'
import { readWebhookSecret } from './signature.ts'

/** A module that verifies documents and executions. */
export type VerifierDefinition = {
  readonly name: string
  readonly path: string
  readonly timeoutMs: number
  /** Whether a document that it declines is not run. */
  readonly isRequired: boolean
}

export type HooksManifest = {
  readonly hooks: readonly HookDefinition[]
  readonly verifiers: readonly VerifierDefinition[]
}

export const NO_HOOKS: HooksManifest = { hooks: [], verifiers: [] }

type Surroundings = {
  /** Where relative paths begin. */
  readonly folder: string
  /** Has the secrets. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** With the variables that were missed already: one that many hooks name is told once, at its first place. */
type Reading = Surroundings & { readonly missed: Set<string> }

const TIMEOUT_MS = 5000
const ANSWER_BYTES_MAX = 2 ** 20
/** With the pauses of `retryDelayMs` the last attempt comes about a day after the first. */
const ATTEMPTS_MAX = 12
const RETRY_MS = 5000
const DEFAULT_TENANT = 'default'

const wrong = (pointer: string, message: string): Diagnostic => diagnostic('ANRF5063', { message, pointer })

/** Reads the file of hooks and verifiers; all that is wrong is told together, each with its place, and no secret. */
export function readHooks(
  manifest: unknown,
  surroundings: Surroundings,
): { readonly manifest: HooksManifest } | { readonly diagnostics: readonly Diagnostic[] } {
  const misfits = Value.Errors(ManifestSchema, manifest)
  if (misfits.length > 0) {
    const said = (message: string): string => (message === 'schema is false' ? 'there is no such member' : message)
    return { diagnostics: misfits.map(({ instancePath, message }) => wrong(instancePath, said(message))) }
  }
  const { hooks = [], verifiers = [] } = manifest as Manifest
  const reading: Reading = { ...surroundings, missed: new Set() }
  const read = hooks.map((hook, i) => readHook(hook, reading, `/hooks/${i}`))
  const diagnostics = [
    ...read.flatMap((one) => ('diagnostics' in one ? one.diagnostics : [])),
    ...repeated(hooks, 'hooks'),
    ...repeated(verifiers, 'verifiers'),
  ]
  if (diagnostics.length > 0) return { diagnostics }
  return {
    manifest: {
      hooks: read.flatMap((one) => ('hook' in one ? one.hook : [])),
      verifiers: verifiers.map(({ name, module, timeoutMs = TIMEOUT_MS, required = false }) => ({
        name,
        path: resolve(surroundings.folder, module),
        timeoutMs,
        isRequired: required,
      })),
    },
  }
}

function repeated(rows: readonly { readonly name: string }[], of: 'hooks' | 'verifiers'): readonly Diagnostic[] {
  const seen = new Set<string>(of === 'verifiers' ? ['static'] : [])
  return rows.flatMap(({ name }, i) => {
    const isRepeated = seen.has(name)
    seen.add(name)
    return isRepeated ? [wrong(`/${of}/${i}/name`, `there is another one of the name ${name}`)] : []
  })
}

function readHook(
  hook: ManifestHook,
  reading: Reading,
  pointer: string,
): { readonly hook: HookDefinition } | { readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const complain = (at: string, message: string): void => void diagnostics.push(wrong(`${pointer}${at}`, message))
  const target = readTarget(hook, reading, complain)
  const only = readFilter(hook.only ?? {}, complain)
  if (diagnostics.length > 0 || !target) return { diagnostics }
  const { name, on, timeoutMs = TIMEOUT_MS, onFailure = 'closed', include = [] } = hook
  const { attempts = ATTEMPTS_MAX, retryMs = RETRY_MS } = hook
  const isFailOpen = onFailure === 'open'
  return { hook: { name, on, target, timeoutMs, isFailOpen, only, include, attemptsMax: attempts, retryMs } }
}

type Complain = (at: string, message: string) => void

function readTarget(
  { webhook, program, module }: ManifestHook,
  reading: Reading,
  complain: Complain,
): Target | undefined {
  const count = [webhook, program, module].filter((one) => one !== undefined).length
  if (count !== 1) complain('', 'a hook has one of webhook, program and module')
  else if (webhook) return readWebhook(webhook, reading, complain)
  else if (module !== undefined) return { kind: 'module', path: resolve(reading.folder, module) }
  else if (program) {
    const { reference, entry, tenant = DEFAULT_TENANT, limits = {} } = program
    return { kind: 'program', reference, entry, tenant, limits: limits as Partial<Limits> }
  }
  return undefined
}

function readWebhook(
  {
    url: text,
    secrets,
    private: isPrivate = false,
    answerBytesMax = ANSWER_BYTES_MAX,
  }: NonNullable<ManifestHook['webhook']>,
  { env, missed }: Reading,
  complain: Complain,
): WebhookTarget | undefined {
  const keys = secrets.flatMap((variable, i) => {
    const text = env[variable]
    const key = text === undefined ? `the environment has no variable ${variable}` : readWebhookSecret(text)
    if (typeof key !== 'string') return [key]
    if (!missed.has(variable)) complain(`/webhook/secrets/${i}`, key)
    if (text === undefined) missed.add(variable)
    return []
  })
  const url = URL.parse(text)
  const grant = url && grantOf(url, isPrivate)
  if (!url || !grant)
    complain('/webhook/url', 'expected a URL of https: (or http: with "private": true), without a password')
  else if (typeof grant === 'string') complain('/webhook/url', grant)
  else return { kind: 'webhook', url, grant, keys, answerBytesMax }
  return undefined
}

/** What a request to the endpoint must fit, and the address behind its name; a text says why there can be no such request. */
function grantOf(url: URL, isPrivate: boolean): HttpGrant | string | undefined {
  const { protocol, username, password, host, hostname } = url
  if (username !== '' || password !== '' || !/^https?:$/.test(protocol)) return undefined
  if (protocol === 'http:' && !isPrivate) return undefined
  const { is } = classifyAddress(addressOf(hostname) ?? '')
  if (addressOf(hostname) !== undefined && is !== 'public' && !isPrivate)
    return `${hostname} is of this machine or its network: "private": true opens it`
  const parsed = parseGrant(`http=${isPrivate ? '+private ' : ''}POST ${protocol}//${host}`)
  if ('grant' in parsed) return parsed.grant as HttpGrant
  return parsed.diagnostics.map(({ message }) => message).join('; ')
}

function readFilter({ tenants, programs, outcomes }: NonNullable<ManifestHook['only']>, complain: Complain): Filter {
  const grants = programs?.flatMap((text, i): Grant[] => {
    const parsed = parseGrant(`programs=${text}`)
    if ('grant' in parsed) return [parsed.grant]
    complain(`/only/programs/${i}`, parsed.diagnostics.map(({ message }) => message).join('; '))
    return []
  })
  for (const [i, outcome] of (outcomes ?? []).entries())
    if (!OUTCOMES.includes(outcome))
      complain(`/only/outcomes/${i}`, `there is no outcome ${outcome}: ${OUTCOMES.join(', ')}`)
  return { ...(tenants && { tenants }), ...(grants && { programs: grants }), ...(outcomes && { outcomes }) }
}

const OUTCOMES: readonly string[] = ['returned', 'threw', 'trapped', 'limited', 'refused', 'cancelled', 'crashed']
