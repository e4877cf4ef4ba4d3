// Printed from src/service/routes/ and schemas/: change those, then ANRF_UPDATE=1 npm test -- test/service/client.test.ts

/** Every route of the service by its action. */
export const ROUTES = {
  'artifacts.publish': { method: 'POST', path: '/artifacts', body: 'document' },
  'artifacts.list': { method: 'GET', path: '/artifacts' },
  'artifacts.read': { method: 'GET', path: '/artifacts/:id' },
  'artifacts.download': { method: 'GET', path: '/artifacts/:id/document' },
  'executions.start': { method: 'POST', path: '/execute/:anrfId', body: 'json' },
  'executions.read': { method: 'GET', path: '/executions/:id' },
  'executions.cancel': { method: 'POST', path: '/executions/:id/cancel' },
  'executions.effects': { method: 'GET', path: '/executions/:id/effects' },
  'executions.receipt': { method: 'GET', path: '/executions/:id/receipt' },
  'executions.recording': { method: 'GET', path: '/executions/:id/recording' },
  'executions.replay': { method: 'POST', path: '/executions/:id/replay', body: 'json' },
  'executions.decide': { method: 'POST', path: '/executions/:id/decisions/:sequence', body: 'json' },
  'receipt-key.read': { method: 'GET', path: '/receipt-key' },
  'keys.create': { method: 'POST', path: '/keys', body: 'json' },
  'keys.list': { method: 'GET', path: '/keys' },
  'keys.rotate': { method: 'POST', path: '/keys/:id/rotate', body: 'json' },
  'keys.revoke': { method: 'DELETE', path: '/keys/:id' },
  'tenants.create': { method: 'POST', path: '/tenants', body: 'json' },
  'tenants.list': { method: 'GET', path: '/tenants' },
  'tenants.read': { method: 'GET', path: '/tenants/:id' },
  'tenants.disable': { method: 'POST', path: '/tenants/:id/disable' },
  'tenants.enable': { method: 'POST', path: '/tenants/:id/enable' },
  'policies.read': { method: 'GET', path: '/policies' },
  'policies.explain': { method: 'POST', path: '/policies/explain', body: 'json' },
  'policies.reload': { method: 'POST', path: '/policies/reload' },
  'hooks.list': { method: 'GET', path: '/hooks' },
  'hooks.test': { method: 'POST', path: '/hooks/:name/test' },
  'deliveries.list': { method: 'GET', path: '/deliveries' },
  'deliveries.read': { method: 'GET', path: '/deliveries/:id' },
  'deliveries.redeliver': { method: 'POST', path: '/deliveries/:id/redeliver' },
  'health.live': { method: 'GET', path: '/livez' },
  'health.ready': { method: 'GET', path: '/readyz' },
  'traces.read': { method: 'GET', path: '/traces/:id' },
  'metrics.read': { method: 'GET', path: '/metrics' },
} as const

/** Routes that answer page by page: the member with the rows, and the parameter that continues behind a page. */
export const LISTS = {
  'artifacts.list': { member: 'artifacts', cursor: 'after' },
  'keys.list': { member: 'keys', cursor: 'after' },
  'tenants.list': { member: 'tenants', cursor: 'after' },
  'deliveries.list': { member: 'deliveries', cursor: 'after' },
} as const
