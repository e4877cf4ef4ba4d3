import { classifyAddress, parseAddress } from './address.ts'
import { meetLists, type Grammar, type Mismatch } from './grammar.ts'

export type HttpGrant = {
  readonly kind: 'http'
  /** Methods in upper case; undefined permits all. */
  readonly methods: readonly string[] | undefined
  readonly scheme: 'http' | 'https'
  /** A name, an address (IPv6 in brackets), `*.NAME` for every name below NAME, or `*`. */
  readonly host: string
  /** `*` permits all. */
  readonly port: number | '*'
  /** What a path must begin with, as whole segments. */
  readonly path: string
  /** Whether addresses of this machine and its network are permitted. */
  readonly isPrivate: boolean
}

/** A request as grants see it. */
export type AskedHttp = {
  readonly kind: 'http'
  readonly method: string
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly port: number
  readonly path: string
}

const PRIVATE = '+private'
const DEFAULT_PORTS = { http: 80, https: 443 } as const
const TARGET = /^(?:(https?):\/\/)?(\[[0-9A-Fa-f:.]+\]|[^/:[\]@?#\s]+)(?::(\d{1,5}|\*))?(\/[^?#\s]*)?$/
const METHODS = /^[A-Z]+(,[A-Z]+)*$/
const EXPECTED = '`[+private ][METHOD[,METHOD...] ][http[s]://]HOST[:PORT][/PATH]`'

export const HTTP: Grammar<HttpGrant, AskedHttp> = {
  examples: [
    'http=api.example.com',
    'http=GET,POST https://api.example.com:8443/v1/',
    'http=+private http://127.0.0.1:8080',
  ],
  parse: parseHttp,
  format({ methods, scheme, host, port, path, isPrivate }) {
    const words = [...(isPrivate ? [PRIVATE] : []), ...(methods ? [methods.join(',')] : [])]
    const shownPort = port === DEFAULT_PORTS[scheme] ? '' : `:${port}`
    return [...words, `${scheme}://${host}${shownPort}${path === '/' ? '' : path}`].join(' ')
  },
  mismatch: mismatchOf,
  describe: ({ method, scheme, host, port, path }) => `${method} ${scheme}://${host}:${port}${path}`,
  isWithin,
  meet,
}

function parseHttp(scope: string | undefined): HttpGrant | string {
  const words = (scope ?? '').split(' ').filter((word) => word !== '')
  const target = words.pop()
  const isPrivate = words[0] === PRIVATE
  if (isPrivate) words.shift()
  const methods = words.shift()
  const [, scheme = 'https', host, port, path = '/'] = TARGET.exec(target ?? '') ?? []
  if (host === undefined || words.length > 0) return `a scope of the form ${EXPECTED}`
  if (methods !== undefined && !METHODS.test(methods))
    return `methods in upper case separated by commas, not ${methods}`
  if (port !== undefined && port !== '*' && !(Number(port) >= 1 && Number(port) <= 65_535))
    return 'a port from 1 to 65535'
  const canonical = canonicalHost(host)
  if (canonical === undefined) return `a host: a name, an address, \`*.NAME\` or \`*\`, not ${host}`
  const closed = closedHost(canonical, isPrivate)
  if (closed !== undefined) return closed
  if (isEvasive(path)) return 'a path without dots as segments and without escaped separators'
  return {
    kind: 'http',
    methods: methods?.split(','),
    scheme: scheme as 'http' | 'https',
    host: canonical,
    port: port === '*' ? port : Number(port ?? DEFAULT_PORTS[scheme as 'http' | 'https']),
    path: canonicalPath(path),
    isPrivate,
  }
}

/** The host as the URL parser writes it, which is how requests will show it. */
function canonicalHost(host: string): string | undefined {
  if (host === '*') return host
  const name = host.startsWith('*.') ? host.slice(2) : host
  const parsed = URL.parse(`http://${name}/`)
  if (!parsed || name.includes('*') || name.includes('%')) return undefined
  if (name === host) return parsed.hostname
  return addressOf(parsed.hostname) ? undefined : `*.${parsed.hostname}`
}

const canonicalPath = (path: string): string => new URL(path, 'http://host/').pathname

/** The address that a host is, if it is one. */
export function addressOf(host: string): string | undefined {
  const bare = host.startsWith('[') ? host.slice(1, -1) : host
  return parseAddress(bare) ? bare : undefined
}

/** Why a host cannot be granted so: what is not public is opened only by saying so. */
function closedHost(host: string, isPrivate: boolean): string | undefined {
  if (host === '*') return isPrivate ? `a host with ${PRIVATE}: it opens no more than it names` : undefined
  const address = addressOf(host)
  const isOwn = /(^|\.)localhost$/.test(host)
  if (address === undefined)
    return isOwn && !isPrivate ? `\`${PRIVATE} \` before the scope: ${host} is this machine` : undefined
  const { is, name } = classifyAddress(address)
  if (is === 'never') return `an address that can be reached, not one of the range "${name}"`
  return is === 'public' || isPrivate
    ? undefined
    : `\`${PRIVATE} \` before the scope: ${host} is of the range "${name}"`
}

/**
 * One host with its port and scheme, as a secret names it: `api.example.com:8443`. Without encryption only this machine.
 * A text says what is wrong.
 */
export function parseOrigin(text: string): HttpGrant | string {
  const grant = /\s/.test(text) ? 'expected a host' : parseHttp(`${PRIVATE} ${text}`)
  if (typeof grant === 'string') return `the host ${JSON.stringify(text)}: ${grant}`
  const { scheme, host, port, path } = grant
  if (host.includes('*') || port === '*' || path !== '/')
    return `the host ${JSON.stringify(text)}: expected one host and one port`
  const isOwn = /(^|\.)localhost$/.test(host) || classifyAddress(addressOf(host) ?? '').name === 'loopback'
  return scheme === 'https' || isOwn
    ? grant
    : `the host ${JSON.stringify(text)}: only this machine may have a secret without https`
}

function mismatchOf(grant: HttpGrant, asked: AskedHttp): Mismatch | undefined {
  const no = (closeness: number, text: string): Mismatch => ({ closeness, text })
  if (!fitsHost(grant.host, asked.host)) return no(1, `the host ${asked.host}`)
  if (grant.scheme !== asked.scheme) return no(2, `the scheme ${asked.scheme}`)
  if (grant.port !== '*' && grant.port !== asked.port) return no(3, `the port ${asked.port}`)
  if (!isUnder(grant.path, asked.path)) return no(4, `the path ${asked.path}`)
  // Servers differ in how they read such a path; some would leave the granted one.
  if (grant.path !== '/' && isEvasive(asked.path))
    return no(5, 'a path that may leave it by dots or escaped separators')
  if (grant.methods && !grant.methods.includes(asked.method)) return no(6, `the method ${asked.method}`)
  return undefined
}

function isWithin(narrow: HttpGrant, wide: HttpGrant): boolean {
  return (
    isHostWithin(narrow.host, wide.host) &&
    narrow.scheme === wide.scheme &&
    (wide.port === '*' || narrow.port === wide.port) &&
    isUnder(wide.path, narrow.path) &&
    (wide.methods === undefined || narrow.methods?.every((method) => wide.methods?.includes(method)) === true) &&
    (wide.isPrivate || !narrow.isPrivate)
  )
}

/** Each member apart: the narrower of both. */
function meet(grant: HttpGrant, declared: HttpGrant): HttpGrant | undefined {
  const host = narrower(grant.host, declared.host, isHostWithin)
  const port = narrower(grant.port, declared.port, (narrow, wide) => wide === '*' || narrow === wide)
  const path = narrower(grant.path, declared.path, (narrow, wide) => isUnder(wide, narrow))
  const methods = meetLists(grant.methods, declared.methods)
  if (host === undefined || port === undefined || path === undefined || !methods || grant.scheme !== declared.scheme)
    return undefined
  const isPrivate = grant.isPrivate && declared.isPrivate
  return { kind: 'http', methods: methods.both, scheme: grant.scheme, host, port, path, isPrivate }
}

function narrower<T>(one: T, other: T, isNarrower: (narrow: T, wide: T) => boolean): T | undefined {
  return isNarrower(one, other) ? one : isNarrower(other, one) ? other : undefined
}

/** `*.b.c` is within `*.c`; its own name is not within itself as a pattern. */
function isHostWithin(narrow: string, wide: string): boolean {
  if (narrow === wide || wide === '*') return true
  if (!wide.startsWith('*.') || narrow === '*') return false
  return narrow.startsWith('*.') ? narrow.endsWith(wide.slice(1)) : fitsHost(wide, narrow)
}

function fitsHost(pattern: string, host: string): boolean {
  if (pattern === '*') return true
  return pattern.startsWith('*.')
    ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1
    : pattern === host
}

function isUnder(prefix: string, path: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)
}

/** Whether some reader of the path, who decodes it again or takes `\` or `;` for more than a letter, sees dots as segments. */
function isEvasive(path: string): boolean {
  let read = path
  for (let round = 0; round < 3; round++) {
    if (/%(2f|5c|00)/i.test(read)) return true
    read = read.replaceAll(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  }
  return /(^|[\\/])\.\.?(;[^\\/]*)?($|[\\/])/.test(read)
}

/**
 * Whether a request that the grant permits may go to an address: to public ones always; to those of this machine and its
 * network if the grant says so for this host; to the link and to metadata services if it names the address itself.
 */
export function permitsAddress(grant: HttpGrant, address: string): boolean {
  const { is } = classifyAddress(address)
  if (is === 'public') return true
  if (is === 'never' || !grant.isPrivate) return false
  return is === 'private' || addressOf(grant.host) === address
}

/** A request to a URL as grants see it. */
export function askedOf({ protocol, hostname, port, pathname }: URL, method: string): AskedHttp {
  const scheme = protocol === 'https:' ? 'https' : 'http'
  return {
    kind: 'http',
    method,
    scheme,
    host: hostname,
    port: Number(port === '' ? DEFAULT_PORTS[scheme] : port),
    path: pathname,
  }
}
