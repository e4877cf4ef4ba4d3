import { getMetrics, getTraces } from '../handlers/telemetry.ts'
import { TracesSchema } from '../schemas/telemetry.ts'
import { route, type Route } from './route.ts'

export const TELEMETRY_ROUTES: readonly Route[] = [
  route({
    action: 'traces.read',
    method: 'GET',
    path: '/traces/:id',
    summary: 'The traces of an execution, or of a trace id, as far as they are kept',
    scope: 'read',
    output: { 200: TracesSchema },
    errors: ['ANRF5003'],
    handle: getTraces,
  }),
  route({
    action: 'metrics.read',
    method: 'GET',
    path: '/metrics',
    summary: 'Metrics of the service in the text format of Prometheus',
    scope: 'operate',
    output: { 200: 'text' },
    errors: ['ANRF5003'],
    handle: getMetrics,
  }),
]
