import { askedOf, IDEMPOTENT } from '../../effects/index.ts'
import { underSignals } from '../abort.ts'
import type { ArgumentsOf } from '../arguments.ts'
import { decodeText } from '../bytes.ts'
import type { CallContext, Json } from '../context.ts'
import { EffectFailure } from '../failure.ts'
import { permittedAddresses } from '../http/addresses.ts'
import { ACCEPTED_CODINGS } from '../http/decode.ts'
import { valuesOf, withDefaults, type Header } from '../http/headers.ts'
import { isRedirect, redirected } from '../http/redirect.ts'
import { requestOf, type Request } from '../http/request.ts'
import { send, type Incoming } from '../http/send.ts'
import type { Handlers } from './handler.ts'

const REDIRECTS_MAX = 10
const BODY_BYTES_MAX = 16 * 2 ** 20
const TIMEOUT_MS = 30_000
const TIMEOUT_MS_MAX = 300_000

export const HTTP: Handlers['http'] = {
  async fetch(args, context) {
    const timeoutMs = Math.min(args.timeoutMs ?? TIMEOUT_MS, TIMEOUT_MS_MAX)
    return underSignals([context.signal], timeoutMs, (signal) => follow(args, { ...context, signal }))
  },
}

/** Sends the request, and those to which it is redirected. */
async function follow(args: ArgumentsOf<'http', 'fetch'>, context: CallContext): Promise<Json> {
  let request = requestOf(args, context.key)
  for (let hops = 0; ; hops++) {
    const answer = await exchange(request, args.redirect, context)
    const [location] = isRedirect(answer.status) ? valuesOf(answer.headers, 'location') : []
    if (location === undefined || args.redirect === 'manual') return answerOf(request, answer, hops > 0)
    if (args.redirect === 'error') throw broken(request, 'it redirects, which the request does not want')
    if (hops === REDIRECTS_MAX) throw broken(request, `it redirects more than ${REDIRECTS_MAX} times`)
    request = redirected(request, answer.status, location, (text) => context.secrets.isIn(text))
    // What was counted when the arguments came goes out once more.
    context.meter.takeOut(request.body?.length ?? 0)
  }
}

const broken = ({ url }: Request, why: string): EffectFailure =>
  new EffectFailure('network', `http: ${url.host}: ${why}`)
/** One request and its answer: asks the grants, resolves the name, fills in secrets, and takes them out again. */
async function exchange(request: Request, redirect: string, context: CallContext): Promise<Incoming> {
  const { url, method, headers, body } = request
  const { secrets, meter, signal, host } = context
  const addresses = await permittedAddresses(askedOf(url, method), context)
  const filled = headers.map(([name, value]): Header => [name, secrets.fillHeader(value, url)])
  const traceparent = host.traceparent?.(url.hostname, context.key)
  const traced: Header[] = traceparent === undefined ? [] : [['traceparent', traceparent]]
  const answer = await send(
    {
      url,
      target: url.pathname + secrets.fillQuery(url),
      method,
      headers: withDefaults([...filled, ['accept-encoding', ACCEPTED_CODINGS]], traced),
      body,
      addresses,
      ...(host.authorities && { authorities: host.authorities }),
      ...(IDEMPOTENT.has(method) && { connections: context.connections }),
    },
    {
      signal,
      meter,
      bodyBytesMax: BODY_BYTES_MAX,
      wantsBody: (status, headers) =>
        redirect !== 'follow' || !isRedirect(status) || valuesOf(headers, 'location').length === 0,
    },
  )
  return {
    status: answer.status,
    statusText: secrets.redactText(answer.statusText),
    headers: answer.headers.map(([name, value]): Header => [secrets.redactText(name), secrets.redactText(value)]),
    body: secrets.redact(answer.body),
  }
}

function answerOf({ url }: Request, { status, statusText, headers, body }: Incoming, redirected: boolean): Json {
  const text = decodeText(body)
  return {
    status,
    statusText,
    url: url.href,
    redirected,
    headers,
    body: text ?? body.toString('base64'),
    base64: text === undefined,
  }
}
