// docs/THREATS.md names a test for each threat: all of them must be there.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs/THREATS.md'), 'utf8')
const ROW = /^\| (?!threat|asset|---)(.*) \|$/gm
const LINK = /\[([^\]]+)\]\(\.\.\/(test\/[^)]+)\)/g

test('every test that docs/THREATS.md links is there, under the title that it has there', () => {
  const links = [...page.matchAll(LINK)].map(([, title, path]) => ({ title: title!, path: path! }))
  assert.ok(links.length >= 60, `only ${links.length} tests are linked`)
  const missing = links.filter(({ title, path }) => {
    const file = join(root, path)
    return !existsSync(file) || !readFileSync(file, 'utf8').includes(title)
  })
  assert.deepEqual(missing, [])
})

test('every threat has something that stops it and a test that shows it', () => {
  const threats = page.slice(page.indexOf('### 1.'), page.indexOf('## What nothing here stops'))
  const rows = [...threats.matchAll(ROW)].map(([, row]) => row!.split(' | '))
  assert.ok(rows.length >= 25, `only ${rows.length} threats`)
  for (const row of rows) assert.ok(row.length === 3 && row[1] !== '' && row[2]!.includes('](../test/'), row[0])
})
