import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Terminal } from './terminal.ts'
import { UsageError } from './terminal.ts'

/** The services that the user logged in to: a key for each, and the one that commands ask when none is named. */
export type Credentials = {
  readonly server?: string
  readonly keys: Readonly<Record<string, string>>
}

const NONE: Credentials = { keys: {} }

/** In the configuration folder of the user (XDG Base Directory Specification). */
export function credentialsPath({ env }: Pick<Terminal, 'env'>): string {
  const config = env['XDG_CONFIG_HOME']
  const home = config !== undefined && config.startsWith('/') ? config : join(env['HOME'] ?? homedir(), '.config')
  return join(home, 'anrf', 'credentials.json')
}

/** Throws a {@link UsageError} when the file is there and is not one of credentials: nothing is guessed about keys. */
export function readCredentials(terminal: Pick<Terminal, 'env'>): Credentials {
  const path = credentialsPath(terminal)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NONE
    throw new UsageError(`cannot read ${path}: ${(error as Error).message}`)
  }
  const found = parse(text)
  if (!found) throw new UsageError(`${path} is not a file of credentials: remove it, and log in again`)
  return found
}

function parse(text: string): Credentials | undefined {
  try {
    const { server, keys } = JSON.parse(text) as { server?: unknown; keys?: unknown }
    if (typeof keys !== 'object' || keys === null) return undefined
    const all = Object.entries(keys).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
    return { keys: Object.fromEntries(all), ...(typeof server === 'string' && { server }) }
  } catch {
    return undefined
  }
}

/** Readable for the user only, from the first byte on; replaced at once, so that no other process sees half of it. */
export function writeCredentials(terminal: Pick<Terminal, 'env'>, credentials: Credentials): void {
  const path = credentialsPath(terminal)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 })
  // The mode counts only for a file that is made.
  chmodSync(temporary, 0o600)
  renameSync(temporary, path)
}

/** A URL as the name of a service: without what makes no difference. Throws a {@link UsageError} for what is no http: URL. */
export function serverNameOf(text: string): string {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`)
  if (!url || !/^https?:$/.test(url.protocol)) throw new UsageError(`${text} is no http: or https: URL`)
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}
