import { readJson } from '../../base/index.ts'
import { decodeText } from '../bytes.ts'
import { EffectFailure } from '../failure.ts'
import { lookUp, resolveHost } from '../http/addresses.ts'
import { ACCEPTED_CODINGS } from '../http/decode.ts'
import { withDefaults, type Header } from '../http/headers.ts'
import { send } from '../http/send.ts'
import type { ToolCall, ToolRun } from './tool.ts'

export type HttpBinding = {
  readonly url: string
  readonly method?: string
  /** Values may hold `{secret:NAME}`. */
  readonly headers?: { readonly [name: string]: string }
}

/**
 * A tool behind an endpoint: the input goes there as JSON, the answer is the output. The endpoint is of the host's own
 * choice, so its address is not asked about; redirects are not followed.
 */
export function bindHttp({ url: text, method = 'POST', headers = {} }: HttpBinding, outputBytesMax: number): ToolRun {
  return async (input, call) => {
    const url = new URL(text)
    const { name, signal, meter, host, secrets } = call
    const body = Buffer.from(JSON.stringify(input))
    const traceparent = host.traceparent?.(url.hostname, call.key)
    const addresses = await lookUp(url.hostname, host.resolve ?? resolveHost, signal)
    const fill = (value: string, encode?: (value: string) => string): string =>
      secrets.fillReferences(value, url, encode)
    const answer = await send(
      {
        url,
        target: url.pathname + fill(decodeReferences(url.search), encodeURIComponent),
        method,
        headers: withDefaults(
          Object.entries(headers).map(([key, value]): Header => [key, fill(value)]),
          [
            ['accept', 'application/json'],
            ['accept-encoding', ACCEPTED_CODINGS],
            ['content-type', 'application/json'],
            ['idempotency-key', `"${call.key}"`],
            ['user-agent', 'anrf'],
            ...(traceparent === undefined ? [] : [['traceparent', traceparent] as const]),
          ],
        ),
        body,
        addresses,
        ...(host.authorities && { authorities: host.authorities }),
      },
      { signal, meter, bodyBytesMax: outputBytesMax, wantsBody: () => true },
    )
    return outputOf(secrets.redact(answer.body), answer.status, name)
  }
}

/** The URL parser escapes the braces of references in the query. */
const decodeReferences = (query: string): string => query.replaceAll(/%7Bsecret:(\w+)%7D/gi, '{secret:$1}')

const SHOWN_MAX = 500

function outputOf(body: Buffer, status: number, name: string): unknown {
  if (status < 200 || status > 299) {
    const said = decodeText(body)?.slice(0, SHOWN_MAX)
    throw failed(name, `status ${status}${said ? `: ${said}` : ''}`)
  }
  const read = readJson(body)
  if (!read.ok) throw failed(name, `its answer is no JSON: ${read.message}`)
  return read.value
}

const failed = (name: ToolCall['name'], why: string): EffectFailure => new EffectFailure('failed', `${name}: ${why}`)
