import { lookup } from 'node:dns/promises'
import {
  addressOf,
  classifyAddress,
  denialOf,
  permits,
  permitsAddress,
  type AskedHttp,
  type HttpGrant,
} from '../../effects/index.ts'
import type { CallContext, Resolve } from '../context.ts'
import { denied, EffectFailure } from '../failure.ts'
import { Gate } from '../gate.ts'
import { abortFailure } from './send.ts'

/**
 * getaddrinfo(3) holds a thread of the process while a name server takes its time, and there are four. Two stay for
 * everything else, whoever asks for names of slow servers.
 */
const LOOKUPS = new Gate(2)

/** As the system resolves names: hosts files, search domains and all. */
export const resolveHost: Resolve = async (host) => {
  const found = await LOOKUPS.run(() => lookup(host, { all: true, order: 'verbatim' }))
  return found.map(({ address }) => address)
}

/** The addresses of the host of a URL; an abort does not wait for the name server. Throws the failure of a name without addresses. */
export async function lookUp(host: string, resolve: Resolve, signal: AbortSignal): Promise<readonly string[]> {
  const literal = addressOf(host)
  if (literal !== undefined) return [literal]
  const aborted = Promise.withResolvers<never>()
  const give = (): void => aborted.reject(abortFailure(host, signal))
  if (signal.aborted) give()
  else signal.addEventListener('abort', give, { once: true })
  try {
    const found = await Promise.race([resolve(host).catch((): readonly string[] => []), aborted.promise])
    if (found.length === 0) throw new EffectFailure('network', `http: the name ${host} has no address`)
    return found.slice(0, ADDRESSES_MAX)
  } finally {
    signal.removeEventListener('abort', give)
  }
}

const ADDRESSES_MAX = 32

/**
 * The addresses to which a request may go. A name is resolved here and only here, and every address that it has must be
 * permitted: a name that means an inner address as well is not what was granted. Throws the denial otherwise.
 */
export async function permittedAddresses(
  asked: AskedHttp,
  context: Pick<CallContext, 'grants' | 'host' | 'lookups' | 'signal'>,
): Promise<readonly string[]> {
  const {
    grants,
    host: { resolve = resolveHost },
  } = context
  const permitting = grants.filter((grant): grant is HttpGrant => grant.kind === 'http' && permits(grant, asked))
  if (permitting.length === 0) throw denied(denialOf(grants, asked))
  const addresses = await context.lookups.run(() => lookUp(asked.host, resolve, context.signal))
  for (const address of addresses) {
    if (permitting.some((grant) => permitsAddress(grant, address))) continue
    throw denied(denialOf(grants, asked, ruleAgainst(asked.host, address)))
  }
  return addresses
}

/** Does not show the address: names of an inner network are nobody's business. */
function ruleAgainst(host: string, address: string): string {
  const { is, name } = classifyAddress(address)
  const opened = {
    public: '',
    private: 'only a grant that names the host with +private opens it',
    local: 'only a grant that names the address itself with +private opens it',
    never: 'no grant opens it',
  }[is]
  return `${host} is at an address of the range "${name}": ${opened}`
}
