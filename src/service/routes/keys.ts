import { deleteKey, getKeys, postKey, postRotation } from '../handlers/keys.ts'
import {
  KeyBodySchema,
  KeyListSchema,
  KeyQuerySchema,
  NewKeySchema,
  RotateBodySchema,
  RotatedKeySchema,
} from '../schemas/keys.ts'
import { route, type Route } from './route.ts'

export const KEY_ROUTES: readonly Route[] = [
  route({
    action: 'keys.create',
    method: 'POST',
    path: '/keys',
    summary: 'Make an API key; its text is in this answer only',
    scope: 'admin',
    leaves: 'keys.create',
    body: KeyBodySchema,
    output: { 201: NewKeySchema },
    errors: ['ANRF4004', 'ANRF5003'],
    handle: postKey,
  }),
  route({
    action: 'keys.list',
    method: 'GET',
    path: '/keys',
    summary: 'List the API keys of the tenant in the order of their ids',
    scope: 'admin',
    query: KeyQuerySchema,
    output: { 200: KeyListSchema },
    errors: [],
    handle: getKeys,
  }),
  route({
    action: 'keys.rotate',
    leaves: 'keys.rotate',
    method: 'POST',
    path: '/keys/:id/rotate',
    summary: 'Make another key for the same principal; the one before stays valid for a while',
    scope: 'admin',
    body: RotateBodySchema,
    output: { 201: RotatedKeySchema },
    errors: ['ANRF4004', 'ANRF5003'],
    handle: postRotation,
  }),
  route({
    action: 'keys.revoke',
    method: 'DELETE',
    path: '/keys/:id',
    summary: 'Revoke an API key at once',
    scope: 'admin',
    leaves: 'keys.revoke',
    output: { 204: undefined },
    errors: ['ANRF5003'],
    handle: deleteKey,
  }),
]
