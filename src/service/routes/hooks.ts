import { getDeliveries, getDelivery, getHooks, postHookTest, postRedelivery } from '../handlers/hooks.ts'
import {
  DeliveryDetailsSchema,
  DeliveryListSchema,
  DeliveryQuerySchema,
  HookListSchema,
  HookTestSchema,
} from '../schemas/hooks.ts'
import { route, type Route } from './route.ts'

export const HOOK_ROUTES: readonly Route[] = [
  route({
    action: 'hooks.list',
    method: 'GET',
    path: '/hooks',
    summary: 'The hooks of this service in their order, and how often they were asked and told',
    scope: 'operate',
    output: { 200: HookListSchema },
    errors: [],
    handle: getHooks,
  }),
  route({
    action: 'hooks.test',
    method: 'POST',
    path: '/hooks/:name/test',
    summary: 'Send a hook a test event, and see what comes back',
    scope: 'operate',
    output: { 200: HookTestSchema },
    errors: ['ANRF5003'],
    handle: postHookTest,
  }),
  route({
    action: 'deliveries.list',
    method: 'GET',
    path: '/deliveries',
    summary:
      'Events of the tenant on their way to hooks, in the order of time; those in the state `dead` were given up',
    scope: 'admin',
    query: DeliveryQuerySchema,
    output: { 200: DeliveryListSchema },
    errors: [],
    handle: getDeliveries,
  }),
  route({
    action: 'deliveries.read',
    method: 'GET',
    path: '/deliveries/:id',
    summary: 'An event on its way to a hook',
    scope: 'admin',
    output: { 200: DeliveryDetailsSchema },
    errors: ['ANRF5003'],
    handle: getDelivery,
  }),
  route({
    action: 'deliveries.redeliver',
    leaves: 'deliveries.redeliver',
    method: 'POST',
    path: '/deliveries/:id/redeliver',
    summary: 'Send an event again that was taken or given up',
    scope: 'admin',
    output: { 202: DeliveryDetailsSchema },
    errors: ['ANRF5003', 'ANRF5006'],
    handle: postRedelivery,
  }),
]
