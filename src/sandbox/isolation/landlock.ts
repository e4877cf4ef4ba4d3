import type { Libc } from './libc.ts'
import { numberOf } from './numbers.ts'

const CREATE_RULESET_VERSION = 1

/** The size of `struct landlock_ruleset_attr` by version of the interface (landlock(7)). */
const ATTR_BYTES = { files: 8, network: 16, scopes: 24 } as const
/** LANDLOCK_ACCESS_NET_BIND_TCP and CONNECT_TCP; LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET and SIGNAL. */
const NETWORK_ALL = 3n
const SCOPES_ALL = 3n

/**
 * Gives up every file, TCP port and signal beyond this process, for the thread that calls and those it starts (landlock(7)).
 * False where the kernel has no Landlock. Throws when it has and does not do it.
 */
export function giveUpFiles(libc: Libc): boolean {
  const version = Number(libc.call(numberOf('landlock_create_ruleset'), 0n, 0n, CREATE_RULESET_VERSION))
  if (version < 1) return false
  const attr = Buffer.alloc(ATTR_BYTES.scopes)
  attr.writeBigUInt64LE(filesAll(version), 0)
  if (version >= 4) attr.writeBigUInt64LE(NETWORK_ALL, ATTR_BYTES.files)
  if (version >= 6) attr.writeBigUInt64LE(SCOPES_ALL, ATTR_BYTES.network)
  const size = version >= 6 ? ATTR_BYTES.scopes : version >= 4 ? ATTR_BYTES.network : ATTR_BYTES.files
  const ruleset = libc.call(numberOf('landlock_create_ruleset'), attr, size, 0n)
  if (ruleset < 0n || libc.call(numberOf('landlock_restrict_self'), ruleset, 0n) !== 0n)
    throw new Error('Landlock refuses')
  libc.call(numberOf('close'), ruleset)
  return true
}

/** Every right on files that this version of Landlock knows. */
function filesAll(version: number): bigint {
  const bits = version >= 5 ? 16 : version >= 3 ? 15 : version >= 2 ? 14 : 13
  return (1n << BigInt(bits)) - 1n
}
