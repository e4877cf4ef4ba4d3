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

/** As the system resolves names: hosts files, search domains and all. */
export const resolveHost: Resolve = async (host) =>
  (await lookup(host, { all: true, order: 'verbatim' })).map(({ address }) => address)

const ADDRESSES_MAX = 32

/**
 * The addresses to which a request may go. A name is resolved here and only here, and every address that it has must be
 * permitted: a name that means an inner address as well is not what was granted. Throws the denial otherwise.
 */
export async function permittedAddresses(asked: AskedHttp, context: CallContext): Promise<readonly string[]> {
  const {
    grants,
    host: { resolve = resolveHost },
  } = context
  const permitting = grants.filter((grant): grant is HttpGrant => grant.kind === 'http' && permits(grant, asked))
  if (permitting.length === 0) throw denied(denialOf(grants, asked))
  const literal = addressOf(asked.host)
  const addresses = literal === undefined ? await lookUp(asked.host, resolve) : [literal]
  for (const address of addresses) {
    if (permitting.some((grant) => permitsAddress(grant, address))) continue
    throw denied(denialOf(grants, asked, ruleAgainst(asked.host, address)))
  }
  return addresses
}

async function lookUp(host: string, resolve: Resolve): Promise<readonly string[]> {
  const found = await resolve(host).catch((): readonly string[] => [])
  if (found.length === 0) throw new EffectFailure('network', `http: the name ${host} has no address`)
  return found.slice(0, ADDRESSES_MAX)
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
