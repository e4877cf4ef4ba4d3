import { askedOf, type HttpGrant } from '../../effects/index.ts'
import { Gate } from '../gate.ts'
import { IoAccount, IoMeter } from '../meter.ts'
import type { Resolve } from '../context.ts'
import { permittedAddresses } from './addresses.ts'
import { ACCEPTED_CODINGS } from './decode.ts'
import { withDefaults, type Header } from './headers.ts'
import { send, type Incoming } from './send.ts'

export type Posted = {
  readonly url: URL
  /** What the request and the address behind its host must fit. */
  readonly grant: HttpGrant
  readonly headers: readonly Header[]
  readonly body: Buffer
  /** Decoded. A body of more fails; one that nobody wants is not read. */
  readonly answerBytesMax: number
  readonly signal: AbortSignal
  readonly resolve?: Resolve
}

/** The head of an answer, as large as it may be, counts as well. */
const HEAD_BYTES = 64 * 2 ** 10
const LOOKUPS_AT_ONCE = 2
const lookups = new Gate(LOOKUPS_AT_ONCE)

/**
 * Posts for the host itself what it tells others of its programs: to an address that was looked at like those of programs,
 * without following redirects. Fails as `EffectFailure`.
 */
export async function post({ url, grant, headers, body, answerBytesMax, signal, resolve }: Posted): Promise<Incoming> {
  const host = resolve ? { resolve } : {}
  const addresses = await permittedAddresses(askedOf(url, 'POST'), { grants: [grant], host, lookups, signal })
  const meter = new IoMeter(new IoAccount(2 * answerBytesMax + HEAD_BYTES))
  const isRead = (status: number): boolean => status >= 200 && status < 300
  return send(
    {
      url,
      target: url.pathname + url.search,
      method: 'POST',
      headers: withDefaults(headers, [
        ['accept', 'application/json'],
        ['accept-encoding', ACCEPTED_CODINGS],
        ['user-agent', 'anrf'],
      ]),
      body,
      addresses,
    },
    { signal, meter, bodyBytesMax: answerBytesMax, wantsBody: isRead },
  )
}
