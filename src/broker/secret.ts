import { diagnostic, type Diagnostic } from '../base/index.ts'
import { isSecretName, parseOrigin, type HttpGrant } from '../effects/index.ts'

/** A value that programs may use and never see. */
export type Secret = {
  readonly name: string
  /** Printable ASCII, at least 8 letters. */
  readonly value: string
  /** Where it may be sent, and from where it may come back. */
  readonly hosts: readonly HttpGrant[]
}

/** What is shorter could not be told from text by chance when it comes back. */
const LENGTH_MIN = 8
const LENGTH_MAX = 8192

/** A secret for hosts such as `api.example.com` or `http://127.0.0.1:8080`, or what is wrong with it; never its value. */
export function readSecret(
  name: string,
  value: string,
  hosts: readonly string[],
): { readonly secret: Secret } | { readonly diagnostics: readonly Diagnostic[] } {
  const origins = hosts.map(parseOrigin)
  const wrong = [
    ...(isSecretName(name) ? [] : ['its name has other letters than A-Z, a-z, 0-9 and _']),
    ...(/^[\x20-\x7e]*$/.test(value) ? [] : ['its value has letters that no header can have']),
    ...(value.length >= LENGTH_MIN && value.length <= LENGTH_MAX && value.trim() === value
      ? []
      : [`its value has not from ${LENGTH_MIN} to ${LENGTH_MAX} letters without spaces around`]),
    ...(hosts.length > 0 ? [] : ['it has no host']),
    ...origins.filter((origin) => typeof origin === 'string'),
  ]
  const said = JSON.stringify(name.slice(0, 100))
  if (wrong.length > 0)
    return { diagnostics: wrong.map((why) => diagnostic('ANRF4011', { message: `the secret ${said}: ${why}` })) }
  return { secret: { name, value, hosts: origins.filter((origin) => typeof origin !== 'string') } }
}

const FORM = /^([^@=]+)@([^=]+)=([A-Za-z_][A-Za-z0-9_]*)$/

/** Reads `NAME@HOST[,HOST...]=VARIABLE`: the value stands in the environment, never where others can read it. */
export function parseSecret(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): { readonly secret: Secret } | { readonly diagnostics: readonly Diagnostic[] } {
  const refuse = (message: string): { readonly diagnostics: readonly Diagnostic[] } => ({
    diagnostics: [diagnostic('ANRF4011', { message: `the secret ${message}` })],
  })
  const [, name, hosts, variable] = FORM.exec(text) ?? []
  if (variable === undefined) return refuse(`${JSON.stringify(text)}: expected NAME@HOST=VARIABLE`)
  const value = env[variable]
  if (value === undefined) return refuse(`${name}: the environment has no variable ${variable}`)
  return readSecret(name!, value, hosts!.split(','))
}
