// Prints src/client/gen/ from the table of routes and their schemas. test/service/client.test.ts compares; ANRF_UPDATE=1 rewrites.
import { ROUTES } from '../src/service/routes/index.ts'
import type { Route } from '../src/service/routes/route.ts'
import { memberOf, typeOf, type JsonSchema } from './json-schema-types.ts'

const HEAD = `// Printed from src/service/routes/ and schemas/: change those, then ANRF_UPDATE=1 npm test -- test/service/client.test.ts\n`

/** Types of answers that say more than the schema of a route does, from src/client/problem.ts. */
const REFINED: Readonly<Record<string, string>> = {
  'executions.start': 'ExecuteAnswer | SuspendedAnswer',
}

/** Actions whose routes take an `Idempotency-Key` (src/service/http/idempotency.ts). */
const KEYED: ReadonlySet<string> = new Set(['executions.start'])

/** The files of src/client/gen/ by name. */
export function printClient(routes: readonly Route[] = ROUTES): Readonly<Record<string, string>> {
  return { 'routes.ts': printRoutes(routes), 'api.ts': printApi(routes) }
}

function printRoutes(routes: readonly Route[]): string {
  const rows = routes.map(({ action, method, path, body }) => {
    const kind = body === undefined ? '' : `, body: '${body === 'document' ? 'document' : 'json'}'`
    const keyed = KEYED.has(action) ? ', isKeyed: true' : ''
    return `  '${action}': { method: '${method}', path: '${path}'${kind}${keyed} },`
  })
  const lists = routes.flatMap((route) => {
    const list = listOf(route)
    return list ? [`  '${route.action}': { member: '${list.member}', cursor: '${list.cursor}' },`] : []
  })
  return [
    HEAD,
    '/** Every route of the service by its action. */',
    'export const ROUTES = {',
    ...rows,
    '} as const\n',
    '/** Routes that answer page by page: the member with the rows, and the parameter that continues behind a page. */',
    'export const LISTS = {',
    ...lists,
    '} as const\n',
  ].join('\n')
}

type List = { readonly member: string; readonly cursor: string; readonly item: string }

/** What makes a route a list: its answer has one array and `next`, its query a parameter to continue with. */
function listOf({ output, query }: Route): List | undefined {
  const answer = (typeof output[200] === 'string' ? undefined : output[200]) as JsonSchema | undefined
  const cursor = ['after', 'cursor'].find((name) => (query as JsonSchema | undefined)?.properties?.[name])
  const arrays = Object.entries(answer?.properties ?? {}).filter(([, schema]) => schema.type === 'array')
  // What is always there counts what was read, and does not say that there is more.
  const isPaged = answer?.properties?.['next'] && !answer.required?.includes('next')
  if (!isPaged || cursor === undefined || arrays.length !== 1) return undefined
  const [member, schema] = arrays[0]!
  return { member, cursor, item: typeOf(schema.items as JsonSchema) }
}

function printApi(routes: readonly Route[]): string {
  const topics = Map.groupBy(routes, ({ action }) => camelCase(action.split('.')[0]!))
  const bodies = [...topics].map(
    ([topic, rows]) => `  readonly ${topic}: {\n${rows.map((row) => printMethods(row)).join('')}  }\n`,
  )
  const published = routes.find(({ action }) => action === 'artifacts.publish')
  return [
    HEAD,
    "import type { CallOptions } from '../transport.ts'",
    "import type { ExecuteAnswer, Result, SuspendedAnswer } from '../problem.ts'\n",
    '/** A document in base64 or as JSON, and what goes with it: signatures and other statements are Sigstore bundles. */',
    'type Envelope = {',
    '  readonly document: unknown',
    '  readonly signature?: unknown',
    '  readonly attestations?: readonly unknown[]',
    '  readonly readme?: string',
    '}\n',
    '/** What a service says of what was published. */',
    `export type Published = ${published ? answerType(published) : 'unknown'}\n`,
    '/** A method for every route: its parameters in the order of the path, its body, then options. */',
    `export type Api = {\n${bodies.join('')}}\n`,
  ].join('\n')
}

function printMethods(route: Route): string {
  const { action, method, path, summary, scope } = route
  const verb = camelCase(action.split('.')[1]!)
  const params = [...path.matchAll(/:(\w+)/g)].map(([, name]) => `${name}: string`)
  const body = bodyType(route)
  const given = [...params, ...(body === undefined ? [] : [`body: ${body}`]), optionsType(route)].join(', ')
  const needs = scope === undefined ? 'needs no key' : `scope \`${scope}\``
  const text = `    /** ${summary}. \`${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}\`, ${needs}. */\n`
  const list = listOf(route)
  const all = [...params, optionsType(route)].join(', ')
  return [
    `${text}    ${verb}(${given}): Promise<Result<${answerType(route)}>>\n`,
    list ? `    /** All rows of {@link ${verb}}, page by page; throws an \`AnrfError\`. */\n` : '',
    list ? `    ${verb}All(${all}): AsyncGenerator<${list.item}, void>\n` : '',
  ].join('')
}

function bodyType({ body }: Route): string | undefined {
  if (body === undefined) return undefined
  return body === 'document' ? 'Uint8Array | Envelope' : typeOf(body as JsonSchema)
}

function optionsType({ query }: Route): string {
  if (query === undefined) return 'options?: CallOptions'
  const { required = [] } = query as JsonSchema
  const mark = required.length > 0 ? '' : '?'
  return `options${mark}: CallOptions & { ${memberOf('query', typeOf(query as JsonSchema), mark === '')} }`
}

function answerType({ action, output }: Route): string {
  const types = Object.values(output).map((schema) => {
    if (schema === undefined) return 'undefined'
    if (schema === 'bytes') return 'Uint8Array'
    return schema === 'text' ? 'string' : typeOf(schema as JsonSchema)
  })
  return REFINED[action] ?? [...new Set(types)].join(' | ')
}

const camelCase = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
