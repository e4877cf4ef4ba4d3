import { readHooks, type HooksManifest } from '../../src/hooks/index.ts'
import { OLD_SECRET, SECRET } from './receiver.ts'

const ENV = { HOOK_SECRET: SECRET, OLD_HOOK_SECRET: OLD_SECRET, SHORT: 'whsec_c2hvcnQ=', PLAIN: 'secret' }

/** Reads hooks as from a file in `folder`; complaints as `POINTER: MESSAGE`. */
export function complaintsOf(manifest: unknown): string[] {
  const read = readHooks(manifest, { folder: '/', env: ENV })
  return 'diagnostics' in read ? read.diagnostics.map(({ pointer, message }) => `${pointer}: ${message}`) : []
}

export function manifestOf(manifest: unknown, folder = import.meta.dirname): HooksManifest {
  const read = readHooks(manifest, { folder, env: ENV })
  if ('diagnostics' in read) throw new Error(JSON.stringify(read.diagnostics))
  return read.manifest
}

/** A webhook on loopback. */
export const webhook = (url: string, more: object = {}): object => ({
  webhook: { url, secrets: ['HOOK_SECRET'], private: true, ...more },
})
