import { createRequire } from 'node:module'
import type * as cedar from '@cedar-policy/cedar-wasm/nodejs'

type Cedar = typeof cedar

let loaded: Cedar | undefined

/**
 * Cedar (https://docs.cedarpolicy.com), 12 MB of WebAssembly: loaded when a policy is first read, so that a service without
 * policies of its own and the command line never pay for it. Its entry for Node is CommonJS.
 */
export function openCedar(): Cedar {
  loaded ??= createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs') as Cedar
  return loaded
}
