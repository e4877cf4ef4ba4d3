import { deleteKey, getKeys, postKey } from '../handlers/keys.ts'
import { KeyBodySchema, KeyListSchema, NewKeySchema } from '../schemas/keys.ts'
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
    errors: ['ANRF4004'],
    handle: postKey,
  }),
  route({
    action: 'keys.list',
    method: 'GET',
    path: '/keys',
    summary: 'List API keys',
    scope: 'admin',
    output: { 200: KeyListSchema },
    errors: [],
    handle: getKeys,
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
