import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const folder = mkdtempSync(join(tmpdir(), 'anrf-code-'))
after(() => rmSync(folder, { recursive: true }))

const LOADED = fileURLToPath(new URL('../../src/front/typescript.cjs', import.meta.url))
/** What a process prints that loads TypeScript, parses with it, and loads it once more as others do. */
const PROGRAM = `
  const ts = require(${JSON.stringify(LOADED)})
  const { statements } = ts.createSourceFile('a.ts', 'let a = 1; a++', ts.ScriptTarget.ESNext)
  console.log(ts.version, statements.length, require(${JSON.stringify(fileURLToPath(import.meta.resolve('typescript')))}) === ts)`

/** Loads TypeScript in a new process whose code is kept in a folder of the test, or nowhere. */
function load(cache: string, more: NodeJS.ProcessEnv = {}): void {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, cache), ...more }
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', PROGRAM], { encoding: 'utf8', env })
  assert.equal(stdout, `${ts.version} 2 true\n`, stderr)
}

const fileOf = (cache: string): string => globSync(`${join(folder, cache)}/*/typescript.code`)[0]!
const roundsOf = (cache: string): number => readFileSync(fileOf(cache)).readUInt32LE(8)

test('the first processes add to the code that is kept, later ones only read it', () => {
  const rounds = Array.from({ length: 8 }, () => {
    load('many')
    return roundsOf('many')
  })
  assert.deepEqual(rounds, [1, 2, 3, 4, 5, 6, 6, 6])
})

test('code that is damaged, cut short or of another source is made anew', () => {
  load('damaged')
  const good = readFileSync(fileOf('damaged'))
  const flipped = Buffer.from(good)
  flipped[good.length >> 1]! ^= 1
  const foreign = Buffer.from(good)
  foreign[0]! ^= 1
  for (const bad of [flipped, foreign, good.subarray(0, good.length >> 1), Buffer.alloc(5), Buffer.alloc(0)]) {
    load('damaged')
    assert.equal(roundsOf('damaged'), 2)
    writeFileSync(fileOf('damaged'), bad)
    load('damaged')
    assert.equal(roundsOf('damaged'), 1)
  }
})

test('where nothing can be kept TypeScript is loaded all the same', () => {
  load('none', { NODE_DISABLE_COMPILE_CACHE: '1' })
  assert.equal(existsSync(join(folder, 'none')), false)
  load('taken')
  const file = fileOf('taken')
  rmSync(file)
  mkdirSync(file)
  load('taken')
  assert.deepEqual(globSync(`${file}*`), [file])
})
