// The client has a method for every route: its types and rows are printed from the table of routes. ANRF_UPDATE=1 rewrites them.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createClient, type Result } from '../../src/client/index.ts'
import { ROUTES } from '../../src/service/routes/index.ts'
import { printClient } from '../../scripts/write-client.ts'

const gen = join(import.meta.dirname, '../../src/client/gen')
const UPDATE =
  'a route was added or changed: run `ANRF_UPDATE=1 npm test -- test/service/client.test.ts` and commit src/client/gen/'

for (const [file, text] of Object.entries(printClient()))
  test(`src/client/gen/${file} is printed from the table of routes`, () => {
    const path = join(gen, file)
    if (process.env['ANRF_UPDATE'] === '1') writeFileSync(path, text)
    assert.equal(readFileSync(path, 'utf8'), text, UPDATE)
  })

test('every route has a method, which asks for the path and method of its row', async () => {
  const asked: string[] = []
  const client = createClient({
    url: 'http://service.example',
    retries: 0,
    fetch: async (url, init) => {
      asked.push(`${init?.method} ${new URL(url as string).pathname}`)
      return Response.json({})
    },
  }) as unknown as Record<string, Record<string, (...given: unknown[]) => Promise<Result<unknown>>>>
  const camelCase = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  for (const { action, path } of ROUTES) {
    const [topic, verb] = action.split('.').map(camelCase)
    const method = client[topic!]?.[verb!]
    assert.ok(method, `${action}: ${UPDATE}`)
    const params = [...path.matchAll(/:(\w+)/g)].map(([, name]) => `${name} /?#`)
    assert.equal((await method(...params, {})).ok, true)
  }
  assert.deepEqual(
    asked,
    ROUTES.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '$1%20%2F%3F%23')}`),
  )
})

test('actions are `topic.verb`, each once, and leave the short ways of the client alone', () => {
  const actions = ROUTES.map(({ action }) => action)
  assert.deepEqual(
    actions.filter((action) => !/^[a-z][a-z-]*\.[a-z][a-z-]*$/.test(action) || /^(publish|execute)\./.test(action)),
    [],
  )
  assert.equal(new Set(actions).size, actions.length)
})
