import { readJson } from '../base/index.ts'
import { EffectFailure, IoLimitReached, post } from '../broker/index.ts'
import { parseRetryAfter } from '../client/index.ts'
import { HookFailure } from './failure.ts'
import type { CloudEvent, Occasion } from './event.ts'
import type { WebhookTarget, Way } from './hook.ts'
import { signatureHeaders } from './signature.ts'
import { STAGES } from './event.ts'

/** CloudEvents HTTP binding, structured content mode. */
const CONTENT_TYPE = 'application/cloudevents+json; charset=utf-8'

/** A way that posts events to an endpoint, signed. Only 2xx is success; a redirect is none. */
export function openWebhook(target: WebhookTarget): Way {
  return {
    send: async (event, occasion, signal) => {
      const { status, headers, body } = await postEvent(target, event, signal)
      if (status === 410) throw new HookFailure('gone', 'it answered 410: it wants to be told no more')
      if (status >= 300 && status < 400)
        throw new HookFailure('failed', `it answered ${status}: redirects are not followed`)
      if (status < 200 || status > 299)
        throw new HookFailure('failed', `it answered ${status}`, isBusy(status) ? askedPause(headers) : undefined)
      return isAsked(occasion) ? readBody(body) : undefined
    },
    close: async () => undefined,
  }
}

/** RFC 6585, section 4, and RFC 9110, section 15.6.4: answers that may say when to come again. */
const isBusy = (status: number): boolean => status === 429 || status === 503

function askedPause(headers: readonly (readonly [name: string, value: string])[]): number | undefined {
  const [, text] = headers.find(([name]) => name === 'retry-after') ?? []
  return parseRetryAfter(text)
}

const isAsked = (occasion: Occasion): boolean => Object.hasOwn(STAGES, occasion)

async function postEvent(
  { url, grant, keys, answerBytesMax }: WebhookTarget,
  event: CloudEvent,
  signal: AbortSignal,
): ReturnType<typeof post> {
  const text = JSON.stringify(event)
  const seconds = Math.floor(Date.now() / 1000)
  const headers = [['content-type', CONTENT_TYPE] as const, ...signatureHeaders(keys, event.id, seconds, text)]
  try {
    return await post({ url, grant, headers, body: Buffer.from(text), answerBytesMax, signal })
  } catch (error) {
    throw failureOf(error)
  }
}

function failureOf(error: unknown): unknown {
  if (error instanceof IoLimitReached) return new HookFailure('answer', 'its answer is larger than it may be')
  if (!(error instanceof EffectFailure)) return error
  const { code, message } = error
  if (code === 'timeout' || code === 'cancelled') return new HookFailure(code, message)
  return new HookFailure(code === 'too-large' ? 'answer' : 'unreachable', message)
}

function readBody(body: Buffer): unknown {
  const read = readJson(body)
  if (read.ok) return read.value
  throw new HookFailure('answer', `its answer is no JSON: ${read.message}`)
}
