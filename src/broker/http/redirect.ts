import { EffectFailure } from '../failure.ts'
import type { Request } from './request.ts'

/** Fetch, "redirect status". */
export const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)

/** Headers that belong to one origin, and to a body. */
const OF_ORIGIN = /^(authorization|cookie|cookie2|proxy-authorization)$/
const OF_BODY = /^(content-.*|idempotency-key)$/

/**
 * The request that a redirect asks for (Fetch, "HTTP-redirect fetch"). It is checked like any other before it goes out. To
 * another origin it takes no credentials, nor any header that holds a secret (`isSecret`).
 */
export function redirected(
  request: Request,
  status: number,
  location: string,
  isSecret: (text: string) => boolean,
): Request {
  const url = URL.parse(location, request.url)
  const from = request.url.host
  if (!url || !/^https?:$/.test(url.protocol))
    throw new EffectFailure('network', `http: ${from} redirects to what is no http: URL`)
  if (url.username !== '' || url.password !== '')
    throw new EffectFailure('network', `http: ${from} redirects to a URL with a password`)
  url.hash = ''
  const { method } = request
  const becomesGet = status === 303 ? !/^(GET|HEAD)$/.test(method) : status <= 302 && method === 'POST'
  const headers = request.headers.filter(([name, value]) => {
    if (becomesGet && OF_BODY.test(name.toLowerCase())) return false
    return url.origin === request.url.origin || (!OF_ORIGIN.test(name.toLowerCase()) && !isSecret(value))
  })
  return becomesGet ? { url, method: 'GET', headers, body: undefined } : { ...request, url, headers }
}
