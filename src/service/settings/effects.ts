import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { readJson, type Diagnostic } from '../../base/index.ts'
import { parseSecret, readTools, type Secret, type Tools } from '../../broker/index.ts'
import { parseGrants, type Grant } from '../../effects/index.ts'
import { type Setting, type Environment } from './setting.ts'

/** What programs may do to the world. */
export type EffectsConfig = {
  /** What every program here may do beyond what every run may; programs ask for capabilities in their documents. */
  readonly grants: readonly Grant[]
  /** Tools that programs may be granted. */
  readonly tools: Tools
  /** Secrets that programs may be granted, and that tools send. */
  readonly secrets: readonly Secret[]
}

export const EFFECTS_DEFAULTS: EffectsConfig = {
  grants: [],
  tools: new Map(),
  secrets: [],
}

export const EFFECTS_SETTINGS: readonly Setting<EffectsConfig>[] = [
  {
    env: 'ANRF_ALLOW',
    separator: ';',
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
    separator: ';',
    about: 'secrets for hosts, separated by semicolons, as `NAME@HOST=VARIABLE` whose value that variable has',
    read: readSecrets,
  },
]

function readGrants(text: string): Partial<EffectsConfig> | string {
  const texts = text.split(';').map((part) => part.trim())
  const parsed = parseGrants(texts.filter((part) => part !== ''))
  return 'grants' in parsed ? parsed : `a list of grants: ${messagesOf(parsed.diagnostics)}`
}

function readToolsFile(path: string): Partial<EffectsConfig> | string {
  try {
    const json = readJson(readFileSync(path))
    if (!json.ok) return `a file of tools: ${json.message}`
    const read = readTools(json.value, { folder: dirname(resolve(path)) })
    return 'tools' in read ? read : `a file of tools: ${messagesOf(read.diagnostics)}`
  } catch (error) {
    return `a file of tools: ${(error as Error).message}`
  }
}

function readSecrets(text: string, env: Environment): Partial<EffectsConfig> | string {
  const texts = text.split(';').map((part) => part.trim())
  const read = texts.filter((part) => part !== '').map((part) => parseSecret(part, env))
  const diagnostics = read.flatMap((one) => ('diagnostics' in one ? one.diagnostics : []))
  if (diagnostics.length > 0) return `a list of secrets: ${messagesOf(diagnostics)}`
  return { secrets: read.flatMap((one) => ('secret' in one ? [one.secret] : [])) }
}

const messagesOf = (diagnostics: readonly Diagnostic[]): string =>
  diagnostics.map(({ pointer, message }) => (pointer === undefined ? message : `${pointer}: ${message}`)).join('; ')
