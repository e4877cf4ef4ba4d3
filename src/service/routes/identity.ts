import { getIdentity } from '../handlers/identity.ts'
import { IdentitySchema } from '../schemas/identity.ts'
import { route, type Route } from './route.ts'

export const IDENTITY_ROUTES: readonly Route[] = [
  route({
    action: 'identity.read',
    method: 'GET',
    path: '/whoami',
    summary: 'Whose key the request has, and what it may do; any valid key will do',
    scope: undefined,
    output: { 200: IdentitySchema },
    errors: ['ANRF5001'],
    handle: getIdentity,
  }),
]
