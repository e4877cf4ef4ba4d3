import type { Static, TSchema } from 'typebox'
import type { Code } from '../base/index.ts'
import type { Call, Reply } from './context.ts'
import { getArtifact, getDocument, listArtifacts, publishArtifact } from './handlers/artifacts.ts'
import {
  executeArtifact,
  getEffects,
  getExecution,
  getReceipt,
  getReceiptKey,
  getRecording,
  postDecision,
  postReplay,
} from './handlers/executions.ts'
import { getLive, getReady } from './handlers/health.ts'
import { deleteKey, getKeys, postKey } from './handlers/keys.ts'
import type { Scope } from './keys.ts'
import type { Problem } from './problem.ts'
import * as schemas from './schemas.ts'

type Handle<Body, Query> = (call: Call<Body, Query>) => Promise<Reply | { readonly problem: Problem }>

/** One route. Authentication, validation, error answers and the OpenAPI document derive from these rows. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Parameters as `:name`. */
  readonly path: string
  readonly summary: string
  /** What the key must be allowed to do; `undefined`: no key needed. */
  readonly scope: Scope | undefined
  readonly query?: TSchema
  /** A schema for JSON, `document` for the bytes of a document in any form. */
  readonly body?: TSchema | 'document'
  /** Success answers by status; `bytes` for octets, `undefined` for none. */
  readonly output: Readonly<Record<number, TSchema | 'bytes' | undefined>>
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
const route = <B extends TSchema | 'document' | undefined, Q extends TSchema | undefined>(
  row: TypedRoute<B, Q>,
): Route => row as unknown as Route

export const ROUTES: readonly Route[] = [
  route({
    method: 'POST',
    path: '/artifacts',
    summary: 'Publish a document',
    scope: 'publish',
    body: 'document',
    output: { 201: schemas.PublishedSchema, 200: schemas.PublishedSchema },
    errors: ['ANRF3001', 'ANRF3002', 'ANRF3003', 'ANRF3004', 'ANRF3005', 'ANRF3008', 'ANRF4004', 'ANRF5006'],
    handle: publishArtifact,
  }),
  route({
    method: 'GET',
    path: '/artifacts',
    summary: 'List artifacts in the order of their ids',
    scope: 'read',
    query: schemas.ListQuerySchema,
    output: { 200: schemas.ArtifactListSchema },
    errors: [],
    handle: listArtifacts,
  }),
  route({
    method: 'GET',
    path: '/artifacts/:id',
    summary: 'What an artifact is, its entries and what it asks for',
    scope: 'read',
    output: { 200: schemas.ArtifactDetailsSchema },
    errors: ['ANRF5003'],
    handle: getArtifact,
  }),
  route({
    method: 'GET',
    path: '/artifacts/:id/document',
    summary: 'The document itself',
    scope: 'read',
    query: schemas.DocumentQuerySchema,
    output: { 200: 'bytes' },
    errors: ['ANRF5003'],
    handle: getDocument,
  }),
  route({
    method: 'POST',
    path: '/execute/:anrfId',
    summary: 'Execute an artifact, named by digest, by name@version or by name for its newest version',
    scope: 'execute',
    query: schemas.ExecuteQuerySchema,
    body: schemas.ExecuteBodySchema,
    output: { 200: schemas.ExecuteAnswerSchema, 202: schemas.SuspendedSchema },
    errors: ['ANRF1105', 'ANRF4001', 'ANRF4002', 'ANRF4003', 'ANRF4004', 'ANRF5003', 'ANRF5010', 'ANRF5011'],
    handle: executeArtifact,
  }),
  route({
    method: 'GET',
    path: '/executions/:id',
    summary: 'The record of an execution',
    scope: 'read',
    output: { 200: schemas.ExecutionSchema },
    errors: ['ANRF5003'],
    handle: getExecution,
  }),
  route({
    method: 'GET',
    path: '/executions/:id/effects',
    summary: 'The calls of effects of an execution, with digests of what was said',
    scope: 'read',
    output: { 200: schemas.EffectsSchema },
    errors: ['ANRF5003'],
    handle: getEffects,
  }),
  route({
    method: 'GET',
    path: '/executions/:id/receipt',
    summary: 'The signed receipt of an execution',
    scope: 'read',
    output: { 200: schemas.ReceiptSchema },
    errors: ['ANRF5003'],
    handle: getReceipt,
  }),
  route({
    method: 'GET',
    path: '/executions/:id/recording',
    summary: 'All that it takes to do an execution again, if it was kept',
    scope: 'read',
    output: { 200: schemas.RecordingSchema },
    errors: ['ANRF5003'],
    handle: getRecording,
  }),
  route({
    method: 'POST',
    path: '/executions/:id/replay',
    summary: 'Do an execution again from its journal, in any mode, and compare',
    scope: 'execute',
    body: schemas.ReplayBodySchema,
    output: { 200: schemas.VerdictSchema },
    errors: ['ANRF5003', 'ANRF5005', 'ANRF5011'],
    handle: postReplay,
  }),
  route({
    method: 'POST',
    path: '/executions/:id/decisions/:sequence',
    summary: 'Decide what a suspended execution asked in a call, and let it go on',
    scope: 'approve',
    body: schemas.DecisionBodySchema,
    output: { 202: schemas.AcceptedSchema },
    errors: ['ANRF5003', 'ANRF5006'],
    handle: postDecision,
  }),
  route({
    method: 'GET',
    path: '/receipt-key',
    summary: 'The public key by which receipts of this service are trusted',
    scope: undefined,
    output: { 200: schemas.ReceiptKeySchema },
    errors: [],
    handle: getReceiptKey,
  }),
  route({
    method: 'POST',
    path: '/keys',
    summary: 'Make an API key; its text is in this answer only',
    scope: 'admin',
    body: schemas.KeyBodySchema,
    output: { 201: schemas.NewKeySchema },
    errors: ['ANRF4004'],
    handle: postKey,
  }),
  route({
    method: 'GET',
    path: '/keys',
    summary: 'List API keys',
    scope: 'admin',
    output: { 200: schemas.KeyListSchema },
    errors: [],
    handle: getKeys,
  }),
  route({
    method: 'DELETE',
    path: '/keys/:id',
    summary: 'Revoke an API key at once',
    scope: 'admin',
    output: { 204: undefined },
    errors: ['ANRF5003'],
    handle: deleteKey,
  }),
  route({
    method: 'GET',
    path: '/livez',
    summary: 'Whether the process answers',
    scope: undefined,
    output: { 200: schemas.HealthSchema },
    errors: [],
    handle: getLive,
  }),
  route({
    method: 'GET',
    path: '/readyz',
    summary: 'Whether requests are taken, and with which isolation',
    scope: undefined,
    output: { 200: schemas.ReadinessSchema },
    errors: [],
    handle: getReady,
  }),
]
