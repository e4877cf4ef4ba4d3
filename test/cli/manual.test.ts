import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { COMMANDS } from '../../src/apps/cli/commands.ts'
import { EXIT_CODES } from '../../src/apps/cli/exit-codes.ts'
import { printManual } from '../../src/apps/cli/manual.ts'

const path = join(import.meta.dirname, '../../docs/CLI.md')

test('docs/CLI.md is what the tables of commands and exit codes print', () => {
  if (process.env.ANRF_UPDATE) writeFileSync(path, printManual())
  assert.equal(readFileSync(path, 'utf8'), printManual())
})

test('every command has a file that can be loaded, and examples that name it', async () => {
  for (const row of COMMANDS) {
    assert.equal(typeof (await row.load()).execute, 'function', row.name)
    const isNamed = (example: string): boolean => example.includes(`anrf ${row.name}`)
    assert.ok(row.examples.length > 0 && row.examples.every(isNamed), row.name)
  }
})

test('exit codes are told apart', () => {
  const codes = Object.values(EXIT_CODES).map((row) => row.code)
  assert.equal(new Set(codes).size, codes.length)
})
