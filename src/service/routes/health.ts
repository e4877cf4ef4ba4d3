import { getLive, getReady } from '../handlers/health.ts'
import { HealthSchema, ReadinessSchema } from '../schemas/health.ts'
import { route, type Route } from './route.ts'

export const HEALTH_ROUTES: readonly Route[] = [
  route({
    action: 'health.live',
    method: 'GET',
    path: '/livez',
    summary: 'Whether the process answers',
    scope: undefined,
    output: { 200: HealthSchema },
    errors: [],
    handle: getLive,
  }),
  route({
    action: 'health.ready',
    method: 'GET',
    path: '/readyz',
    summary: 'Whether requests are taken, and with which isolation',
    scope: undefined,
    output: { 200: ReadinessSchema },
    errors: [],
    handle: getReady,
  }),
]
