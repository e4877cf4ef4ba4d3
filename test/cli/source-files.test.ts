import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { openSourceFiles } from '../../src/apps/cli/source-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'anrf-sources-'))
after(() => rmSync(folder, { recursive: true }))

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

write({
  'one/main.ts': 'export const a = 1',
  'two/src/deep/main.ts': `import { b } from '../lib/b'\nexport * from "./c.js"`,
  'two/src/deep/c.ts': '',
  'two/src/lib/b.ts': `export { d } from '../../common/index.ts'`,
  'two/common/index.ts': 'export const d = 1',
  'four/map/test/main.ts': `import { m } from '../../map/m'`,
  'four/map/m.ts': 'export const m = 1',
  'three/main.ts': `import { a } from '../one/main.ts'`,
})

test('the root of a single file is its folder, wherever the command runs', () => {
  for (const fence of [folder, join(folder, 'one'), '/somewhere/else']) {
    const { main, read } = openSourceFiles(join(folder, 'one/main.ts'), fence)
    assert.equal(main, 'main.ts')
    assert.equal(read('main.ts'), 'export const a = 1')
  }
})

test('the root is the deepest folder that holds every file that imports reach', () => {
  const { main, read } = openSourceFiles(join(folder, 'two/src/deep/main.ts'), folder)
  assert.equal(main, 'src/deep/main.ts')
  assert.equal(read('common/index.ts'), 'export const d = 1')
})

test('an import may go up and come back', () => {
  const { main, read } = openSourceFiles(join(folder, 'four/map/test/main.ts'), folder)
  assert.equal(main, 'map/test/main.ts')
  assert.equal(read('map/m.ts'), 'export const m = 1')
})

test('a program cannot read above its root', () => {
  const { read } = openSourceFiles(join(folder, 'two/src/deep/main.ts'), folder)
  assert.equal(read('../one/main.ts'), undefined)
  assert.equal(read(join(folder, 'one/main.ts')), undefined)
})

test('a program below the current folder never reaches above it', () => {
  const { main, read } = openSourceFiles(join(folder, 'three/main.ts'), join(folder, 'three'))
  assert.equal(main, 'main.ts')
  assert.equal(read('../one/main.ts'), undefined)
})

test('a main file that is missing or a folder is a usage error that says so', () => {
  assert.throws(() => openSourceFiles(join(folder, 'none.ts'), folder), /cannot read none\.ts: there is no such file/)
  assert.throws(() => openSourceFiles(join(folder, 'one'), folder), /cannot read one: it is a folder/)
})
