import { sha256Hex } from '../base/index.ts'

/** The identity under which workers keep a loaded program: the digest of its encoded IR. */
export function programIdOf(programBytes: Uint8Array): string {
  return `sha256:${sha256Hex(programBytes)}`
}
