import { getArtifact, getDocument, listArtifacts, publishArtifact } from '../handlers/artifacts.ts'
import {
  ArtifactDetailsSchema,
  ArtifactListSchema,
  DocumentQuerySchema,
  ListQuerySchema,
  PublishedSchema,
} from '../schemas/artifacts.ts'
import { route, type Route } from './route.ts'

export const ARTIFACT_ROUTES: readonly Route[] = [
  route({
    action: 'artifacts.publish',
    method: 'POST',
    path: '/artifacts',
    summary: 'Publish a document',
    scope: 'publish',
    leaves: 'artifacts.publish',
    body: 'document',
    output: { 201: PublishedSchema, 200: PublishedSchema },
    errors: ['ANRF3001', 'ANRF3002', 'ANRF3003', 'ANRF3004', 'ANRF3005', 'ANRF3008', 'ANRF4004', 'ANRF5006'],
    handle: publishArtifact,
  }),
  route({
    action: 'artifacts.list',
    method: 'GET',
    path: '/artifacts',
    summary: 'List artifacts in the order of their ids',
    scope: 'read',
    query: ListQuerySchema,
    output: { 200: ArtifactListSchema },
    errors: [],
    handle: listArtifacts,
  }),
  route({
    action: 'artifacts.read',
    method: 'GET',
    path: '/artifacts/:id',
    summary: 'What an artifact is, its entries and what it asks for',
    scope: 'read',
    output: { 200: ArtifactDetailsSchema },
    errors: ['ANRF5003'],
    handle: getArtifact,
  }),
  route({
    action: 'artifacts.download',
    method: 'GET',
    path: '/artifacts/:id/document',
    summary: 'The document itself',
    scope: 'read',
    query: DocumentQuerySchema,
    output: { 200: 'bytes' },
    errors: ['ANRF5003'],
    handle: getDocument,
  }),
]
