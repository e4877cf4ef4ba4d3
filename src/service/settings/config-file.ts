import { readFileSync } from 'node:fs'
import { closestName, diagnostic, readJson, type Diagnostic } from '../../base/index.ts'
import { SETTINGS, type Layer, type ServiceConfig } from './config.ts'
import { keyOf, type Setting } from './setting.ts'

/** The file that is read when there is one and none is named. */
export const CONFIG_FILE = 'anrf.config.json'

const BY_KEY: ReadonlyMap<string, Setting<ServiceConfig>> = new Map(
  SETTINGS.map((setting) => [keyOf(setting), setting]),
)

/** Settings of one place, and what is wrong with the others of it (ANRF5070). */
type Read = { readonly layer: Layer; readonly diagnostics: readonly Diagnostic[] }

/**
 * The settings of a configuration file: a JSON object by the names of the settings. Lists may be arrays, and what is written NAME=VALUE
 * an object. `name` is how people know the file.
 */
export function readConfigFile(path: string, name: string): Read {
  const refused = (why: string): Read => readEntries({}, name, [wrong(`${name} ${why}`)])
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    return refused(`cannot be read: ${(error as Error).message}`)
  }
  const json = readJson(bytes)
  if (!json.ok) return refused(`is not JSON: ${json.message}`)
  if (!isObject(json.value)) return refused('is not an object of settings by name')
  return readEntries(json.value, name, [])
}

function readEntries(given: Readonly<Record<string, unknown>>, name: string, diagnostics: Diagnostic[]): Read {
  const values: Record<string, string> = {}
  for (const [key, value] of Object.entries(given)) {
    if (key === '$schema') continue
    const setting = BY_KEY.get(key)
    const text = setting && textOf(value, setting.separator ?? ',')
    if (!setting) diagnostics.push(unknownKey(key, name))
    else if (text === undefined) diagnostics.push(wrong(`${key} of ${name} is no text, number, list or object of them`))
    else values[setting.env] = text
  }
  return { layer: { origin: 'file', values, placeOf: (setting) => `${keyOf(setting)} of ${name}` }, diagnostics }
}

/** Settings of the command line, `KEY=VALUE` each. */
export function readAssignments(texts: readonly string[]): Read {
  const diagnostics: Diagnostic[] = []
  const values: Record<string, string> = {}
  for (const text of texts) {
    const [, key = '', value = ''] = /^([^=]*)=([^]*)$/.exec(text) ?? [undefined, text]
    const setting = BY_KEY.get(key)
    if (!setting) diagnostics.push(unknownKey(key, '--set'))
    else if (value === '') diagnostics.push(wrong(`--set takes KEY=VALUE, not ${JSON.stringify(text)}`))
    else values[setting.env] = value
  }
  return { layer: { origin: 'flag', values, placeOf: (setting) => `--set ${keyOf(setting)}` }, diagnostics }
}

/** The text that a variable of the environment would have; undefined for what no setting takes. */
function textOf(value: unknown, separator: string): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value))
    return joined(
      value.map((item) => textOf(item, separator)),
      separator,
    )
  if (!isObject(value)) return undefined
  const pairs = Object.entries(value).map(([name, item]) => {
    const text = textOf(item, separator)
    return text === undefined ? undefined : `${name}=${text}`
  })
  return joined(pairs, separator)
}

const joined = (texts: readonly (string | undefined)[], separator: string): string | undefined =>
  texts.includes(undefined) ? undefined : texts.join(separator)

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function unknownKey(key: string, name: string): Diagnostic {
  const meant = closestName(key, BY_KEY.keys())
  const hint = meant === undefined ? 'docs/CONFIGURATION.md has all settings.' : `Did you mean ${meant}?`
  return diagnostic('ANRF5070', { message: `${name} has a setting ${JSON.stringify(key)}, which there is not`, hint })
}

const wrong = (message: string): Diagnostic => diagnostic('ANRF5070', { message })
