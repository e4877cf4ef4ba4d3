import type { Static, TSchema } from 'typebox'
import type { Code } from '../../base/index.ts'
import type { Call, Reply } from '../context.ts'
import type { Scope } from '../identity/principal.ts'
import type { Problem } from '../http/problem.ts'

type Handle<Body, Query> = (call: Call<Body, Query>) => Promise<Reply | { readonly problem: Problem }>

/** One route. Authentication, validation, error answers and the OpenAPI document derive from these rows. */
export type Route = {
  /** What it does, `topic.verb`: policies, the audit log and telemetry speak of it by this name. Unique. */
  readonly action: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Parameters as `:name`. */
  readonly path: string
  /** Whether the last parameter is the rest of the path, with its slashes. */
  readonly takesRest?: true
  readonly summary: string
  /** What the key must be allowed to do; `undefined`: no key needed. */
  readonly scope: Scope | undefined
  /** The action of the one entry that it leaves in the audit log when it changed something; absent where it only reads. */
  readonly leaves?: string
  readonly query?: TSchema
  /** A schema for JSON, `document` for the bytes of a document in any form. */
  readonly body?: TSchema | 'document'
  /** Success answers by status; `bytes` for octets, `text` for plain text, `undefined` for none. */
  readonly output: Readonly<Record<number, TSchema | 'bytes' | 'text' | undefined>>
  /** Codes of the problems that this route answers, beside those that all routes do. */
  readonly errors: readonly Code[]
  readonly handle: Handle<never, never>
}

type TypedRoute<B, Q> = Omit<Route, 'query' | 'body' | 'handle'> & {
  readonly query?: Q
  readonly body?: B
  readonly handle: Handle<
    B extends 'document' ? Buffer : B extends TSchema ? Static<B> : unknown,
    Q extends TSchema ? Static<Q> : unknown
  >
}

/** Ties the handler of a row to the schemas of the row. */
export const route = <B extends TSchema | 'document' | undefined, Q extends TSchema | undefined>(
  row: TypedRoute<B, Q>,
): Route => row as unknown as Route
