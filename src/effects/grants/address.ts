/**
 * Who may be behind an address: `public` anybody; `private` this machine or its network, which a grant opens by naming
 * the host; `local` the link and the metadata services of clouds, which a grant opens only by naming the address
 * itself; `never` what no request can mean: groups, broadcast, unassigned and test ranges.
 */
export type AddressClass = 'public' | 'private' | 'local' | 'never'

type AddressRange = { readonly cidr: string; readonly is: AddressClass; readonly name: string }

/** IANA IPv4 Special-Purpose Address Registry (RFC 6890) and metadata services of clouds; the first row that fits counts. */
const RANGES_V4: readonly AddressRange[] = [
  { cidr: '169.254.0.0/16', is: 'local', name: 'link-local and cloud metadata' },
  { cidr: '100.100.100.200/32', is: 'local', name: 'cloud metadata' },
  { cidr: '168.63.129.16/32', is: 'local', name: 'cloud metadata' },
  { cidr: '192.0.0.192/32', is: 'local', name: 'cloud metadata' },
  { cidr: '0.0.0.0/8', is: 'never', name: 'this network' },
  { cidr: '10.0.0.0/8', is: 'private', name: 'private network' },
  { cidr: '100.64.0.0/10', is: 'private', name: 'shared address space' },
  { cidr: '127.0.0.0/8', is: 'private', name: 'loopback' },
  { cidr: '172.16.0.0/12', is: 'private', name: 'private network' },
  { cidr: '192.0.0.0/24', is: 'never', name: 'protocol assignments' },
  { cidr: '192.0.2.0/24', is: 'never', name: 'documentation' },
  { cidr: '192.88.99.0/24', is: 'never', name: '6to4 relay' },
  { cidr: '192.168.0.0/16', is: 'private', name: 'private network' },
  { cidr: '198.18.0.0/15', is: 'private', name: 'benchmarking' },
  { cidr: '198.51.100.0/24', is: 'never', name: 'documentation' },
  { cidr: '203.0.113.0/24', is: 'never', name: 'documentation' },
  { cidr: '224.0.0.0/4', is: 'never', name: 'multicast' },
  { cidr: '240.0.0.0/4', is: 'never', name: 'reserved and broadcast' },
]

/** IANA IPv6 Special-Purpose Address Registry; what is outside of 2000::/3 and in no row is unassigned. */
const RANGES_V6: readonly AddressRange[] = [
  { cidr: '::1/128', is: 'private', name: 'loopback' },
  { cidr: 'fd00:ec2::/32', is: 'local', name: 'cloud metadata' },
  { cidr: 'fd20:ce::/32', is: 'local', name: 'cloud metadata' },
  { cidr: 'fc00::/7', is: 'private', name: 'unique local' },
  { cidr: 'fe80::/10', is: 'local', name: 'link-local' },
  { cidr: 'fec0::/10', is: 'private', name: 'site-local' },
  { cidr: '2001:db8::/32', is: 'never', name: 'documentation' },
  { cidr: '2001::/23', is: 'never', name: 'protocol assignments' },
  { cidr: '3fff::/20', is: 'never', name: 'documentation' },
  { cidr: '2000::/3', is: 'public', name: 'global unicast' },
  { cidr: 'ff00::/8', is: 'never', name: 'multicast' },
  { cidr: '::/0', is: 'never', name: 'unassigned' },
]

/** Forms of IPv6 that carry an IPv4 address, from which byte on: it is that address that answers. */
const EMBEDDINGS: readonly { readonly cidr: string; readonly at: number; readonly name: string }[] = [
  { cidr: '::ffff:0:0/96', at: 12, name: 'IPv4-mapped' },
  { cidr: '::ffff:0:0:0/96', at: 12, name: 'IPv4-translated' },
  { cidr: '64:ff9b::/96', at: 12, name: 'NAT64' },
  { cidr: '2002::/16', at: 2, name: '6to4' },
]

export type Classified = { readonly is: AddressClass; readonly name: string }

const NO_ADDRESS: Classified = { is: 'never', name: 'no address' }

/** What an address in text form is; a text that is none counts as `never`. */
export function classifyAddress(text: string): Classified {
  const bytes = parseAddress(text)
  if (!bytes) return NO_ADDRESS
  if (bytes.length === 4) return find(RANGES_V4, bytes) ?? { is: 'public', name: 'global unicast' }
  const embedding = EMBEDDINGS.find(({ cidr }) => isIn(cidr, bytes))
  const inner = embedding ? bytes.slice(embedding.at, embedding.at + 4) : isatapOf(bytes)
  if (!inner) return find(RANGES_V6, bytes) ?? NO_ADDRESS
  const { is, name } = find(RANGES_V4, inner) ?? { is: 'public' as const, name: 'global unicast' }
  return { is, name: `${embedding?.name ?? 'ISATAP'} ${name}` }
}

/** The IPv4 address of an ISATAP interface identifier (RFC 5214 section 6.1). */
function isatapOf(bytes: readonly number[]): readonly number[] | undefined {
  const [flags, ...rest] = bytes.slice(8, 12)
  return (flags! & 0xfd) === 0 && rest.join() === '0,94,254' ? bytes.slice(12) : undefined
}

function find(ranges: readonly AddressRange[], bytes: readonly number[]): Classified | undefined {
  return ranges.find(({ cidr }) => isIn(cidr, bytes))
}

/** Base and length of a CIDR, read once: every request asks. */
const prefixes = new Map<string, readonly [base: readonly number[], bits: number]>()

function prefixOf(cidr: string): readonly [readonly number[], number] {
  const known = prefixes.get(cidr)
  if (known) return known
  const [base, bits] = cidr.split('/') as [string, string]
  const prefix = [parseAddress(base)!, Number(bits)] as const
  prefixes.set(cidr, prefix)
  return prefix
}

function isIn(cidr: string, bytes: readonly number[]): boolean {
  const [base, bits] = prefixOf(cidr)
  return base.every((byte, i) => {
    const left = Math.min(8, Math.max(0, bits - i * 8))
    return ((byte ^ bytes[i]!) & (0xff00 >> left) & 0xff) === 0
  })
}

/** The 4 or 16 bytes of an address in dotted or colon form (RFC 4291 section 2.2), without brackets or zone. */
export function parseAddress(text: string): readonly number[] | undefined {
  if (!text.includes(':')) return parseV4(text)
  const tail = text.slice(text.lastIndexOf(':') + 1)
  const dotted = tail.includes('.') ? parseV4(tail) : undefined
  if (tail.includes('.') && !dotted) return undefined
  const hex = dotted ? `${text.slice(0, -tail.length)}${pair(dotted, 0)}:${pair(dotted, 2)}` : text
  const halves = hex.split('::')
  if (halves.length > 2) return undefined
  const [front, back] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - front!.length - (back?.length ?? 0)
  if (back ? missing < 1 : missing !== 0) return undefined
  const groups = [...front!, ...Array.from({ length: back ? missing : 0 }, () => '0'), ...(back ?? [])]
  if (!groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return undefined
  return groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff])
}

const pair = (bytes: readonly number[], at: number): string => ((bytes[at]! << 8) | bytes[at + 1]!).toString(16)

function parseV4(text: string): readonly number[] | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255))
    return undefined
  return parts.map(Number)
}
