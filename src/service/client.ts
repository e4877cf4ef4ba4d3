import { CODES, type Encoded, type Limits } from '../base/index.ts'
import type { ExecutionRecord } from './executions.ts'
import type { ExecuteAnswer, ProblemBody, SuspendedAnswer } from './problem.ts'

/** What a service answered: the value, or the problem. A service that cannot be reached is a problem of status 0. */
type ClientResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: ProblemBody }

/** An artifact as the service describes it. */
type ArtifactInfo = {
  readonly id: string
  readonly name?: string
  readonly version?: string
  readonly sizeBytes: number
  readonly isSigned: boolean
  readonly publishedAt: string
  readonly publishedBy: string
}

type ArtifactDetails = ArtifactInfo & {
  readonly description: string
  readonly entries: readonly { readonly name: string; readonly inputs: unknown }[]
  readonly capabilities: readonly string[]
  readonly limits: Limits
}

type ExecuteOptions = {
  readonly entry?: string
  readonly limits?: Partial<Limits>
  readonly mode?: string
  readonly signal?: AbortSignal
}

/** A service over HTTP. `reference` is `sha256:...`, `name@1.2.0` or a bare name. */
export type Client = {
  publish(document: Uint8Array, signature?: unknown): Promise<ClientResult<ArtifactInfo>>
  artifact(reference: string): Promise<ClientResult<ArtifactDetails>>
  artifacts(
    name?: string,
  ): Promise<ClientResult<{ readonly artifacts: readonly ArtifactInfo[]; readonly next?: string }>>
  execute(
    reference: string,
    inputs: Readonly<Record<string, Encoded>>,
    options?: ExecuteOptions,
  ): Promise<ClientResult<ExecuteAnswer | SuspendedAnswer>>
  execution(executionId: string): Promise<ClientResult<ExecutionRecord>>
  /** All that it takes to do an execution again, for `readRecording`. */
  recording(executionId: string): Promise<ClientResult<unknown>>
  /** The signed receipt of an execution, for `checkReceipt`. */
  receipt(executionId: string): Promise<ClientResult<unknown>>
  /** Decides what a suspended execution asked in one of its calls; it goes on at once. */
  decide(
    executionId: string,
    sequence: number,
    decision: Decision,
  ): Promise<ClientResult<{ readonly executionId: string }>>
  ready(): Promise<ClientResult<{ readonly status: string }>>
}

type Decision = { readonly approved: boolean; readonly note?: string }

type Init = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> }

export function createClient(options: { readonly url: string; readonly key?: string }): Client {
  const base = options.url.replace(/\/+$/, '')
  const authorization = options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }

  async function ask<T>(path: string, init: Init = {}): Promise<ClientResult<T>> {
    try {
      const response = await fetch(`${base}${path}`, { ...init, headers: { ...authorization, ...init.headers } })
      const body: unknown = await response.json().catch(() => undefined)
      return response.ok ? { ok: true, value: body as T } : { ok: false, problem: problemOf(response, body) }
    } catch (error) {
      return { ok: false, problem: unreachable(base, error) }
    }
  }

  return {
    publish: (document, signature) => ask('/artifacts', publication(document, signature)),
    artifact: (reference) => ask(`/artifacts/${encodeURIComponent(reference)}`),
    artifacts: (name) => ask(`/artifacts${name === undefined ? '' : `?name=${encodeURIComponent(name)}`}`),
    execute: (reference, inputs, { entry, limits, mode, signal } = {}) => {
      const query = mode === undefined ? '' : `?mode=${encodeURIComponent(mode)}`
      const body = JSON.stringify({ inputs, entry, limits })
      const init = { method: 'POST', headers: JSON_TYPE, body, ...(signal ? { signal } : {}) }
      return ask(`/execute/${encodeURIComponent(reference)}${query}`, init)
    },
    execution: (executionId) => ask(`/executions/${encodeURIComponent(executionId)}`),
    recording: (executionId) => ask(`/executions/${encodeURIComponent(executionId)}/recording`),
    receipt: (executionId) => ask(`/executions/${encodeURIComponent(executionId)}/receipt`),
    decide: (executionId, sequence, decision) => {
      const init = { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(decision) }
      return ask(`/executions/${encodeURIComponent(executionId)}/decisions/${sequence}`, init)
    },
    ready: () => ask('/readyz'),
  }
}

const JSON_TYPE = { 'content-type': 'application/json' }

function publication(document: Uint8Array, signature: unknown): Init {
  if (signature === undefined) {
    const body = new Uint8Array(document)
    return { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body }
  }
  const body = JSON.stringify({ document: Buffer.from(document).toString('base64'), signature })
  return { method: 'POST', headers: JSON_TYPE, body }
}

function problemOf(response: Response, body: unknown): ProblemBody {
  if (typeof body === 'object' && body !== null && 'title' in body && 'detail' in body) return body as ProblemBody
  const detail = `the service answered ${response.status} ${response.statusText}`
  return { type: 'about:blank', title: 'Unexpected answer', status: response.status, detail, error: detail }
}

function unreachable(base: string, error: unknown): ProblemBody {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const detail = `${base} cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`
  const { title } = CODES.ANRF5005
  return { type: 'urn:anrf:problem:ANRF5005', title, status: 0, detail, error: detail, code: 'ANRF5005' }
}
