import type { ArgumentsOf } from '../arguments.ts'
import { decodeBase64 } from '../bytes.ts'
import { EffectFailure } from '../failure.ts'
import { checkHeaders, withDefaults, type Header } from './headers.ts'

/** A request as the program means it: secrets are placeholders. */
export type Request = {
  readonly url: URL
  readonly method: string
  readonly headers: readonly Header[]
  readonly body: Buffer | undefined
}

const wrong = (why: string): EffectFailure => new EffectFailure('arguments', `http.fetch: ${why}`)

/** The request of a call; `key` is its idempotency key. Throws the failure of arguments that make none. */
export function requestOf(args: ArgumentsOf<'http', 'fetch'>, key: string): Request {
  const url = URL.parse(args.url)
  if (!url) throw wrong(`${JSON.stringify(args.url.slice(0, 200))} is no URL`)
  if (!/^https?:$/.test(url.protocol)) throw wrong(`${url.protocol} is neither http: nor https:`)
  if (url.username !== '' || url.password !== '')
    throw wrong('a URL has no user and no password here; use the header authorization')
  url.hash = ''
  const method = methodOf(args.method)
  if (args.body !== null && /^(GET|HEAD)$/.test(method)) throw wrong(`${method} has no body`)
  const body =
    args.body === null
      ? undefined
      : args.base64
        ? decodeBase64(args.body, 'http.fetch: the body')
        : Buffer.from(args.body)
  const isSafe = /^(GET|HEAD|OPTIONS)$/.test(method)
  const headers = withDefaults(checkHeaders(args.headers), [
    ['accept', '*/*'],
    ['user-agent', 'anrf'],
    ...(args.body !== null && !args.base64 ? [['content-type', 'text/plain;charset=UTF-8'] as const] : []),
    // A structured field of the form string (draft-ietf-httpapi-idempotency-key-header).
    ...(isSafe ? [] : [['idempotency-key', `"${key}"`] as const]),
  ])
  return { url, method, headers, body }
}

/** Fetch, "normalize a method" and "forbidden method". */
function methodOf(text: string): string {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text)) throw wrong(`${JSON.stringify(text)} is no method`)
  const upper = text.toUpperCase()
  if (/^(CONNECT|TRACE|TRACK)$/.test(upper)) throw wrong(`the method ${upper} may not be used`)
  return /^(DELETE|GET|HEAD|OPTIONS|POST|PUT)$/.test(upper) ? upper : text
}
