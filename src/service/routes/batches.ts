import { getBatch, getBatchResults, postBatch, postBatchCancel } from '../handlers/batches.ts'
import {
  BatchAcceptedSchema,
  BatchBodySchema,
  BatchQuerySchema,
  BatchResultsSchema,
  BatchSchema,
  ResultQuerySchema,
} from '../schemas/batches.ts'
import { route, type Route } from './route.ts'

export const BATCH_ROUTES: readonly Route[] = [
  route({
    action: 'batches.create',
    method: 'POST',
    path: '/batches',
    summary: 'Execute an artifact once for each of many inputs, which may be JSON lines',
    scope: 'execute',
    leaves: 'batches.create',
    query: BatchQuerySchema,
    body: BatchBodySchema,
    output: { 202: BatchAcceptedSchema },
    errors: ['ANRF1105', 'ANRF4004', 'ANRF5003', 'ANRF5041', 'ANRF5042', 'ANRF5043', 'ANRF5044'],
    handle: postBatch,
  }),
  route({
    action: 'batches.read',
    method: 'GET',
    path: '/batches/:id',
    summary: 'How far a batch has come',
    scope: 'read',
    output: { 200: BatchSchema },
    errors: ['ANRF5003'],
    handle: getBatch,
  }),
  route({
    action: 'batches.results',
    method: 'GET',
    path: '/batches/:id/results',
    summary: 'The results of a batch by position; all of them as `application/jsonl`, if that is accepted',
    scope: 'read',
    query: ResultQuerySchema,
    output: { 200: BatchResultsSchema },
    errors: ['ANRF5003', 'ANRF5011'],
    handle: getBatchResults,
  }),
  route({
    action: 'batches.cancel',
    method: 'POST',
    path: '/batches/:id/cancel',
    summary: 'End a batch: what has not begun never does',
    scope: 'execute',
    leaves: 'batches.cancel',
    output: { 200: BatchSchema },
    errors: ['ANRF5003', 'ANRF5040'],
    handle: postBatchCancel,
  }),
]
