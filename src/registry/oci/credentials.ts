import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { readJson } from '../../base/index.ts'
import { OciError } from './failure.ts'

/** What a registry knows somebody by. A token stands for a password that a registry gave (docker `identitytoken`). */
export type Credentials = { readonly user: string; readonly password: string } | { readonly identityToken: string }

type Environment = Readonly<Record<string, string | undefined>>

type DockerConfig = {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly identitytoken?: string }>>
  readonly credHelpers?: Readonly<Record<string, string>>
  readonly credsStore?: string
}

/** How long a helper may take, in ms. */
const HELPER_MS_MAX = 10_000

/**
 * The credentials for a registry: `ANRF_REGISTRY_USER` and `ANRF_REGISTRY_PASSWORD` if `ANRF_REGISTRY_HOST` names it, else what
 * `docker login` left (config.json in `DOCKER_CONFIG` or `~/.docker`), else none. Throws an `OciError` when they cannot be read.
 */
export async function findCredentials(host: string, env: Environment): Promise<Credentials | undefined> {
  const { ANRF_REGISTRY_HOST: named, ANRF_REGISTRY_USER: user, ANRF_REGISTRY_PASSWORD: password } = env
  if (named === host && user !== undefined && password !== undefined) return { user, password }
  const config = await readConfig(env)
  const keys = host === 'docker.io' ? ['https://index.docker.io/v1/', host] : [host, `https://${host}`]
  for (const key of keys) {
    const helper = config.credHelpers?.[key] ?? config.credsStore
    if (helper !== undefined) {
      const found = await askHelper(helper, key)
      if (found) return found
    }
    const entry = config.auths?.[key]
    if (entry?.identitytoken) return { identityToken: entry.identitytoken }
    const [, name, secret] = /^([^:]+):(.*)$/s.exec(Buffer.from(entry?.auth ?? '', 'base64').toString('utf8')) ?? []
    if (name !== undefined && secret !== undefined) return { user: name, password: secret }
  }
  return undefined
}

async function readConfig(env: Environment): Promise<DockerConfig> {
  const folder = env['DOCKER_CONFIG'] ?? join(env['HOME'] ?? homedir(), '.docker')
  const path = join(folder, 'config.json')
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw new OciError('ANRF5055', `${path} cannot be read: ${error.code}`)
  })
  if (!bytes) return {}
  const json = readJson(bytes)
  if (!json.ok || typeof json.value !== 'object' || json.value === null)
    throw new OciError('ANRF5055', `${path} is no JSON object`)
  return json.value as DockerConfig
}

/** Asks a credential helper by the protocol of docker: the host on standard input, JSON on standard output. */
function askHelper(name: string, host: string): Promise<Credentials | undefined> {
  if (!/^[A-Za-z0-9_.-]+$/.test(name)) throw new OciError('ANRF5055', `${name} is no credential helper`)
  return new Promise((resolve) => {
    const child = execFile(`docker-credential-${name}`, ['get'], { timeout: HELPER_MS_MAX }, (error, stdout) => {
      // A helper that has nothing for a host ends with an error.
      const json = error ? undefined : readJson(Buffer.from(stdout))
      const value = json?.ok ? (json.value as { Username?: string; Secret?: string } | null) : undefined
      const { Username: user, Secret: secret } = value ?? {}
      if (user === undefined || secret === undefined) resolve(undefined)
      else resolve(user === '<token>' ? { identityToken: secret } : { user, password: secret })
    })
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(host)
  })
}
