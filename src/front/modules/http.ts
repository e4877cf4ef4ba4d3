import { valueOf } from 'anrf:effects'

declare function effect(name: string, args: string): Promise<string>

export { CapabilityError, EffectError } from 'anrf:effects'

/** Header fields by name, in any case (RFC 9110 section 5). Several of one name are joined by commas. */
export class Headers {
  readonly #entries: [string, string][]

  constructor(entries: [string, string][] = []) {
    this.#entries = entries
  }

  get(name: string): string | null {
    const wanted = name.toLowerCase()
    const found = this.#entries.filter(([key]) => key.toLowerCase() === wanted).map(([, value]) => value)
    return found.length === 0 ? null : found.join(', ')
  }

  has(name: string): boolean {
    return this.get(name) !== null
  }

  entries(): [string, string][] {
    return this.#entries.map(([key, value]): [string, string] => [key.toLowerCase(), value])
  }
}

export type RequestOptions = {
  method?: string
  headers?: Record<string, string>
  body?: string
  redirect?: 'follow' | 'error' | 'manual'
  /** Milliseconds until the request is given up. */
  timeoutMs?: number
}

/** What a server answered. The body has been read. */
export class Response {
  readonly status: number
  readonly statusText: string
  readonly url: string
  readonly redirected: boolean
  readonly headers: Headers
  readonly #body: string
  readonly #base64: boolean

  constructor(
    status: number,
    statusText: string,
    url: string,
    redirected: boolean,
    headers: Headers,
    body: string,
    base64: boolean,
  ) {
    this.status = status
    this.statusText = statusText
    this.url = url
    this.redirected = redirected
    this.headers = headers
    this.#body = body
    this.#base64 = base64
  }

  /** Whether the status is from 200 to 299. */
  get ok(): boolean {
    return this.status >= 200 && this.status <= 299
  }

  async text(): Promise<string> {
    if (this.#base64) throw new TypeError('The body is no UTF-8 text; use base64()')
    return this.#body
  }

  async json(): Promise<any> {
    return JSON.parse(await this.text())
  }

  /** The body in base64, where it is no text. */
  async base64(): Promise<string> {
    if (!this.#base64) throw new TypeError('The body is text; use text()')
    return this.#body
  }
}

/** Sends a request; the promise comes to the response, whatever its status. */
export async function fetch(url: string, options: RequestOptions = {}): Promise<Response> {
  const answer = valueOf(
    await effect(
      'http.fetch',
      JSON.stringify({
        url,
        method: (options.method ?? 'GET').toUpperCase(),
        headers: Object.entries(options.headers ?? {}),
        body: options.body ?? null,
        base64: false,
        redirect: options.redirect ?? 'follow',
        timeoutMs: options.timeoutMs ?? null,
      }),
    ),
  )
  return new Response(
    Number(answer.status),
    String(answer.statusText),
    String(answer.url),
    Boolean(answer.redirected),
    new Headers(answer.headers.map((pair: any): [string, string] => [String(pair[0]), String(pair[1])])),
    String(answer.body),
    Boolean(answer.base64),
  )
}
