import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { diagnostic, sha256Hex, type Diagnostic } from '../base/index.ts'
import type { PolicyFile } from './cedar/parse.ts'

/** Beyond this much text a decision takes milliseconds and a reload holds up the service. */
export const POLICY_BYTES_MAX = 256 * 1024

const PROFILES_FILE = 'profiles.json'
const POLICY_FILE = /^[^.].*\.cedar$/

/** What a folder of policies holds. Files of other names are left alone. */
export type PolicyFolder = {
  /** `sha256:...` of all files by name. */
  readonly revision: string
  readonly policies: readonly PolicyFile[]
  readonly profiles: PolicyFile | undefined
}

/** Reads `*.cedar` and profiles.json of a folder (ANRF5030 when it cannot). */
export async function readPolicyFolder(
  folder: string,
): Promise<{ readonly folder: PolicyFolder } | { readonly diagnostics: readonly Diagnostic[] }> {
  try {
    const names = (await readdir(folder)).filter((name) => POLICY_FILE.test(name) || name === PROFILES_FILE).sort()
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
    const size = sizes.reduce((sum, one) => sum + one, 0)
    if (size > POLICY_BYTES_MAX) return refuse(`${folder} has ${size} bytes of policies, more than ${POLICY_BYTES_MAX}`)
    const files = await Promise.all(names.map((name) => readText(folder, name)))
    const unreadable = files.flatMap((file) => ('wrong' in file ? [file.wrong] : []))
    if (unreadable.length > 0) return { diagnostics: unreadable }
    const read = files.flatMap((file) => ('wrong' in file ? [] : [file]))
    return {
      folder: {
        revision: `sha256:${sha256Hex(JSON.stringify(read.map(({ path, text }) => [path, text])))}`,
        policies: read.filter(({ path }) => path !== PROFILES_FILE),
        profiles: read.find(({ path }) => path === PROFILES_FILE),
      },
    }
  } catch (error) {
    return refuse(`${folder} cannot be read: ${(error as Error).message}`)
  }
}

async function readText(folder: string, name: string): Promise<PolicyFile | { readonly wrong: Diagnostic }> {
  try {
    return { path: name, text: new TextDecoder('utf-8', { fatal: true }).decode(await readFile(join(folder, name))) }
  } catch (error) {
    const message = `${name} cannot be read: ${error instanceof TypeError ? 'it is not UTF-8' : (error as Error).message}`
    return { wrong: diagnostic('ANRF5030', { message }) }
  }
}

function refuse(message: string): { readonly diagnostics: readonly Diagnostic[] } {
  return { diagnostics: [diagnostic('ANRF5030', { message })] }
}
