import type { FastifySchema } from 'fastify'
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { Code } from '../../base/index.ts'
import { CODE_STATUS } from './problem.ts'
import type { Route } from '../routes/route.ts'

const PROBLEM_TYPE = 'application/problem+json'
/** {@link ProblemSchema}, which every route answers. */
const PROBLEM_REF = { $ref: 'Problem#' }
const OCTETS = 'application/octet-stream'

/** What @fastify/swagger makes the OpenAPI 3.1 document from, beside the schemas of the routes. */
export const SWAGGER_OPTIONS: FastifyDynamicSwaggerOptions = {
  // Schemas that many routes share are named in the document.
  refResolver: { buildLocalReference: ({ $id }, _, __, i) => (typeof $id === 'string' ? $id : `def-${i}`) },
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'ANRF Execution Service',
      version: '0.1.0',
      description: 'Publishes ANRF documents and executes them in sandboxed workers.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    components: { securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'anrf_ID_SECRET' } } },
  },
}

/** The schema of a row as Fastify takes it: it validates bodies and queries by it, and the OpenAPI document shows it. */
export function fastifySchemaOf(route: Route): FastifySchema {
  const { action, query, body, scope, leaves, summary } = route
  const about = [
    ...(scope === undefined ? [] : [`Needs the scope \`${scope}\`.`]),
    ...(leaves === undefined ? [] : [`Leaves \`${leaves}\` in the audit log.`]),
  ]
  return {
    operationId: action,
    tags: [action.split('.')[0]!],
    summary,
    security: scope === undefined ? [] : [{ key: [] }],
    ...(about.length === 0 ? {} : { description: about.join(' ') }),
    ...(query ? { querystring: query } : {}),
    ...(body === 'document' ? { body: DOCUMENT_BODY } : body ? { body } : {}),
    response: responsesOf(route),
  } as FastifySchema
}

const DOCUMENT_BODY = {
  content: {
    [OCTETS]: { schema: { description: 'The document as protobuf or JSON.' } },
    'application/json': {
      schema: {
        description: 'The document as JSON, or {"document": JSON or base64, "signature": a Sigstore bundle}.',
      },
    },
  },
}

function responsesOf(route: Route): Record<string, object> {
  const responses: Record<string, object> = {}
  for (const status of problemStatusesOf(route))
    responses[status] = { description: 'A problem', content: { [PROBLEM_TYPE]: { schema: PROBLEM_REF } } }
  for (const [status, schema] of Object.entries(route.output)) responses[status] = responseOf(schema)
  return responses
}

function responseOf(schema: Route['output'][number]): object {
  if (schema === 'bytes') return BYTES
  if (schema === 'text') return TEXT
  return schema ? { description: 'Done', ...schema } : EMPTY
}

const TEXT = { description: 'The text', content: { 'text/plain': { schema: { type: 'string' } } } }
const BYTES = { description: 'The bytes', content: { [OCTETS]: { schema: {} } } }
const EMPTY = { description: 'Done, nothing to say', type: 'null' }

function problemStatusesOf({ scope, errors, path, body, query }: Route): Set<number> {
  const statusOf = (code: Code): number => (CODE_STATUS as Partial<Record<Code, number>>)[code] ?? 422
  const always = [500, 503, ...(scope === undefined ? [] : [401, 403])]
  const input = [...(body ? [400, 413, 415, 422] : []), ...(query ? [422] : [])]
  const outcomes = path.startsWith('/execute/') ? [409, 502] : []
  return new Set([...always, ...input, ...errors.map(statusOf), ...outcomes].sort((a, b) => a - b))
}
