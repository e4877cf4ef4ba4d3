// docs/openapi.json is what the service says of itself, and is a well-formed OpenAPI 3.1 document. ANRF_UPDATE=1 rewrites it.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { ROUTES } from '../../src/service/routes/index.ts'
import { startTestService, stopTestService, type TestService } from './harness.ts'

type Parameter = { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema: object }
type Operation = {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> }
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, object>> }>
  >
}
type Json = { readonly [key: string]: Json } | readonly Json[] | string | number | boolean | null

const path = join(import.meta.dirname, '../../docs/openapi.json')
let on: TestService
let document: Record<string, Json>
let operations: { readonly at: string; readonly path: string; readonly operation: Operation }[] = []

before(async () => {
  on = await startTestService()
  document = (await on.ask('GET', '/openapi.json', { key: null })).body as Record<string, Json>
  operations = Object.entries(document['paths'] as unknown as Record<string, Record<string, Operation>>).flatMap(
    ([template, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        at: `${method} ${template}`,
        path: template,
        operation,
      })),
  )
})
after(() => stopTestService(on))

test('docs/openapi.json is what /openapi.json answers', () => {
  const text = `${JSON.stringify(document, null, 2)}\n`
  if (process.env['ANRF_UPDATE'] === '1') writeFileSync(path, text)
  const hint =
    'a route or schema changed: run `ANRF_UPDATE=1 npm test -- test/service/openapi.test.ts` and commit docs/openapi.json'
  assert.equal(readFileSync(path, 'utf8'), text, hint)
})

test('operations are the actions of the routes, each once, with a summary and a tag', () => {
  assert.deepEqual(
    operations.map(({ operation }) => operation.operationId).sort(),
    ROUTES.map(({ action }) => action).sort(),
  )
  for (const { operation, at } of operations) {
    assert.ok(operation.summary.length > 5, at)
    assert.deepEqual(operation.tags, [operation.operationId.split('.')[0]], at)
  }
})

test('every parameter of a path is declared, and none that is not in it', () => {
  for (const { path: template, operation, at } of operations) {
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
    assert.deepEqual(
      declared.map(({ name }) => name).sort(),
      [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort(),
      at,
    )
    assert.ok(
      declared.every(({ required }) => required === true),
      at,
    )
  }
})

test('every reference resolves', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to!)
  for (const to of references) {
    const found = to
      .replace(/^#\//, '')
      .split('/')
      .reduce<Json | undefined>((at, key) => (at as Record<string, Json>)?.[key], document)
    assert.ok(found !== undefined, to)
  }
})

test('every schema is JSON Schema 2020-12, and every answer has a description', () => {
  const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true, uuid: true } })
  const schemas: [string, object][] = operations.flatMap(({ operation, at }) => [
    ...(operation.parameters ?? []).map(({ schema, name }): [string, object] => [`${at} ${name}`, schema]),
    ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }): [string, object] => [at, schema]),
    ...Object.values(operation.responses).flatMap(({ content = {} }) =>
      Object.values(content).map((media): [string, object] => [at, (media as { schema: object }).schema]),
    ),
  ])
  assert.ok(schemas.length > 2 * ROUTES.length)
  for (const [at, schema] of schemas) assert.equal(ajv.validateSchema(schema), true, `${at}: ${ajv.errorsText()}`)
  for (const { operation, at } of operations)
    for (const [status, { description }] of Object.entries(operation.responses)) {
      assert.match(status, /^[1-5]\d\d$/, at)
      assert.ok(description.length > 0, `${at} ${status}`)
    }
})

test('routes that need a key say so, and only they', () => {
  const schemes = Object.keys((document['components'] as Record<string, object>)['securitySchemes'] ?? {})
  for (const { operation, at } of operations) {
    const route = ROUTES.find(({ action }) => action === operation.operationId)!
    const { security } = operation as { security?: readonly Record<string, unknown>[] }
    assert.equal((security ?? []).length > 0, route.scope !== undefined, at)
    for (const need of security ?? [])
      assert.ok(
        Object.keys(need).every((name) => schemes.includes(name)),
        at,
      )
  }
})
