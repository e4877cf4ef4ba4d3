// The client runs where there is no Node: it imports nothing but itself, and lives on what browsers have.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '../..')
const entry = join(root, 'src/client/index.ts')

/** The modules that are loaded when the client is, by path, as JavaScript. Types are gone by then. */
function modulesFrom(path: string, found = new Map<string, string>()): Map<string, string> {
  if (found.has(path)) return found
  const code = stripTypeScriptTypes(readFileSync(path, 'utf8'))
  found.set(path, code)
  for (const [, specifier] of code.matchAll(/^(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]/gm)) {
    assert.match(specifier!, /^\./, `${relative(root, path)} imports ${specifier}`)
    modulesFrom(resolve(dirname(path), specifier!), found)
  }
  return found
}

test('the client imports only files of its own folder', () => {
  const paths = [...modulesFrom(entry).keys()].map((path) => relative(root, path))
  assert.ok(paths.length > 5)
  assert.deepEqual(
    paths.filter((path) => !path.startsWith('src/client/')),
    [],
  )
})

/** Runs in a context whose globals are those of a browser that the client needs, and of the language. */
const RUN = `
const { SourceTextModule, createContext } = require('node:vm')
const { entry, modules } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
const { dirname, resolve } = require('node:path')
const asked = []
const fetch = async (url, init) => (asked.push(init.method + ' ' + url), Response.json({ ok: 1 }))
const context = createContext({ fetch, Headers, URLSearchParams, AbortController, Response, btoa, crypto, setTimeout, clearTimeout })
const made = new Map(Object.entries(modules).map(([path, code]) => [path, new SourceTextModule(code, { context, identifier: path })]))
void (async () => {
  const main = made.get(entry)
  await main.link((specifier, from) => made.get(resolve(dirname(from.identifier), specifier)))
  await main.evaluate()
  const client = main.namespace.createClient({ url: 'https://service.example', key: 'k' })
  await client.publish(Uint8Array.of(1, 2), {})
  await client.execute('sum', { n: 1 })
  await client.artifacts.read('sum')
  process.stdout.write(JSON.stringify(asked))
})()
`

test('the client works without any global of Node', () => {
  const modules = Object.fromEntries(modulesFrom(entry))
  const run = spawnSync(process.execPath, ['--experimental-vm-modules', '--no-warnings', '-e', RUN], {
    input: JSON.stringify({ entry, modules }),
    encoding: 'utf8',
  })
  assert.equal(run.stderr, '')
  assert.deepEqual(JSON.parse(run.stdout), [
    'POST https://service.example/artifacts',
    'POST https://service.example/execute/sum',
    'GET https://service.example/artifacts/sum',
  ])
})
