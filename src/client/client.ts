import type { Encoded, Limits } from '../base/index.ts'
import type { World } from '../effects/index.ts'
import type { Api, Published } from './gen/api.ts'
import { LISTS, ROUTES } from './gen/routes.ts'
import { followLog, type LogEvent } from './follow.ts'
import { eachOf, type ListOptions } from './pages.ts'
import type { ExecuteAnswer, Result, SuspendedAnswer } from './problem.ts'
import { createTransport, type CallOptions, type ClientOptions, type RouteRow, type Transport } from './transport.ts'

type ExecuteOptions = CallOptions & {
  /** The exported function to run. */
  readonly entry?: string
  readonly limits?: Partial<Limits>
  readonly mode?: string
  /** With which profile; the first that fits. */
  readonly profile?: string
  readonly world?: Partial<World>
}

/**
 * A service over HTTP: a method per route, `client.TOPIC.VERB(PARAMETERS..., BODY, OPTIONS)`, and short ways to what is done most.
 * A reference is `sha256:...`, `name@1.2.0` or a bare name. No method rejects; see `Result` and `unwrap`.
 */
export type Client = Api & {
  /** Publishes a document in either form, with a Sigstore bundle as its signature. */
  publish(document: Uint8Array, signature?: unknown, options?: CallOptions): Promise<Result<Published>>
  execute(
    reference: string,
    inputs: Readonly<Record<string, Encoded>>,
    options?: ExecuteOptions,
  ): Promise<Result<ExecuteAnswer | SuspendedAnswer>>
  /** The log of an execution as it is written, to its end; throws an `AnrfError`. */
  followLog(executionId: string, options?: CallOptions & { readonly after?: number }): AsyncGenerator<LogEvent, void>
}

export function createClient(options: ClientOptions): Client {
  const transport = createTransport(options)
  const api = apiOver(transport)
  return {
    ...api,
    publish: (document, signature, given) =>
      api.artifacts.publish(signature === undefined ? document : { document: base64Of(document), signature }, given),
    followLog: (executionId, given = {}) =>
      followLog(transport, ROUTES['executions.logs'], executionId, { ...options, ...given }),
    execute: (reference, inputs, { entry, limits, mode, profile, world, ...given } = {}) => {
      const body = { inputs, ...(entry !== undefined && { entry }), ...(limits && { limits }), ...(world && { world }) }
      const asked = { ...(mode !== undefined && { mode }), ...(profile !== undefined && { profile }) }
      const query = Object.keys(asked).length === 0 ? {} : { query: asked }
      return transport.ask(ROUTES['executions.start'], [reference], body, { ...given, ...query }) as Promise<
        Result<ExecuteAnswer | SuspendedAnswer>
      >
    },
  }
}

type Method = (...given: readonly unknown[]) => unknown

/** The methods of all routes, by topic. Their types are printed beside the rows: see `gen/api.ts`. */
function apiOver(transport: Transport): Api {
  const topics: Record<string, Record<string, Method>> = {}
  for (const [action, row] of Object.entries<RouteRow>(ROUTES)) {
    const [topic, verb] = action.split('.').map(camelCase) as [string, string]
    const methods = (topics[topic] ??= {})
    methods[verb] = methodOf(transport, row)
    const list = (LISTS as Readonly<Record<string, { member: string; cursor: string }>>)[action]
    if (list) {
      methods[`${verb}All`] = (...given) => {
        const params = given.slice(0, paramsOf(row)) as string[]
        const page = (options: ListOptions): Promise<Result<unknown>> => transport.ask(row, params, undefined, options)
        return eachOf(page, list.member, list.cursor, given[params.length] as ListOptions | undefined)
      }
    }
  }
  return topics as unknown as Api
}

function methodOf(transport: Transport, row: RouteRow): Method {
  const count = paramsOf(row)
  return (...given) => {
    const [body, options] = row.body === undefined ? [undefined, given[count]] : [given[count], given[count + 1]]
    return transport.ask(row, given.slice(0, count) as string[], body, options as CallOptions | undefined)
  }
}

const paramsOf = ({ path }: RouteRow): number => path.match(/:\w+/g)?.length ?? 0

const camelCase = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** By `btoa`, which browsers have too, in parts that a call can take as arguments. */
function base64Of(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return btoa(text)
}
