import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type Client, type ProblemBody } from '../../src/client/index.ts'
import { readConfig, startService, type RunningService, type ServiceConfig } from '../../src/service/index.ts'

export type Answer = { readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> }
export type Ask = (method: string, path: string, options?: AskOptions) => Promise<Answer>
type AskOptions = {
  /** Sent as it is when it is text or bytes, as JSON otherwise. */
  readonly body?: unknown
  readonly type?: string
  /** A key, or `null` for none; the admin key by default. */
  readonly key?: string | null
  readonly headers?: Readonly<Record<string, string>>
}

export type TestService = {
  readonly service: RunningService
  readonly client: Client
  readonly ask: Ask
  readonly key: string
  readonly dir: string
}

export function freshDir(): string {
  return mkdtempSync(join(tmpdir(), 'anrf-service-'))
}

/** A service on a free port of loopback with a store of its own, unless a directory and key are given. */
export async function startTestService(
  given: Partial<ServiceConfig> = {},
  store: { dir: string; key?: string } = { dir: freshDir() },
): Promise<TestService> {
  const read = readConfig(
    {},
    { port: 0, workers: 1, spares: 1, processes: 2, logLevel: 'silent', dataDir: store.dir, ...given },
  )
  if ('diagnostics' in read) throw new Error('the defaults are valid')
  const service = await startService(read.config)
  const key = service.adminKey ?? store.key
  if (key === undefined) throw new Error('the store has keys already: give one')
  return {
    service,
    key,
    dir: store.dir,
    client: createClient({ url: service.url, key }),
    ask: askerOf(service.url, key),
  }
}

export async function stopTestService({ service, dir }: TestService): Promise<void> {
  await service.close()
  rmSync(dir, { recursive: true, force: true })
}

export function askerOf(url: string, adminKey: string): Ask {
  return async (method, path, { body, type = 'application/json', key = adminKey, headers: more } = {}) => {
    const payload =
      body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
    const headers = {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': type }),
      ...more,
    }
    const response = await fetch(`${url}${path}`, {
      method,
      headers,
      ...(payload === undefined ? {} : { body: payload as string }),
    })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : {}) as Answer['body'],
    }
  }
}

/** The places and codes that a problem complains about. */
export function complaintsOf(body: unknown): string[] {
  return ((body as ProblemBody).diagnostics ?? []).map(({ code, pointer }) => `${code} ${pointer ?? ''}`)
}
