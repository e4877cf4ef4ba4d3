import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { readJson, type Diagnostic } from '../../base/index.ts'
import { NO_HOOKS, readHooks, type HooksManifest } from '../../hooks/index.ts'
import { type Environment, type Setting } from './setting.ts'

/** Who is asked and told of executions, and who verifies documents. */
export type HooksConfig = { readonly hooks: HooksManifest }

export const HOOKS_DEFAULTS: HooksConfig = { hooks: NO_HOOKS }

export const HOOKS_SETTINGS: readonly Setting<HooksConfig>[] = [
  {
    env: 'ANRF_HOOKS',
    about: 'a file that describes hooks and verifiers (docs/HOOKS.md)',
    read: readHooksFile,
  },
]

function readHooksFile(path: string, env: Environment): Partial<HooksConfig> | string {
  try {
    const json = readJson(readFileSync(path))
    if (!json.ok) return `a file of hooks: ${json.message}`
    const read = readHooks(json.value, { folder: dirname(resolve(path)), env })
    return 'manifest' in read ? { hooks: read.manifest } : `a file of hooks: ${messagesOf(read.diagnostics)}`
  } catch (error) {
    return `a file of hooks: ${(error as Error).message}`
  }
}

const messagesOf = (diagnostics: readonly Diagnostic[]): string =>
  diagnostics.map(({ pointer, message }) => (pointer === undefined ? message : `${pointer}: ${message}`)).join('; ')
