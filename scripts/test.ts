// `npm test`: the static checks, then every test file. `npm test -- NAME ...` runs only the files whose path contains a
// NAME, without the checks; arguments that begin with a dash go to `node --test` (for example --test-name-pattern=...).
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { dirname } from 'node:path'
import { ENGINE_FLAGS } from '../src/sandbox/index.ts'
import { runChecks } from './check.ts'

const root = dirname(import.meta.dirname)
const words = process.argv.slice(2)
const flags = words.filter((word) => word.startsWith('-'))
const names = words.filter((word) => !word.startsWith('-'))

const files = globSync('test/**/*.test.ts', { cwd: root })
  .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
  .sort()

if (files.length === 0) {
  process.stderr.write(`no test file has ${names.join(' or ')} in its path\n`)
  process.exit(64)
}

const failedChecks = names.length === 0 ? runChecks() : []
const started = performance.now()
const run = spawnSync(
  process.execPath,
  [...ENGINE_FLAGS, '--test', '--test-concurrency=2', '--test-timeout=240000', ...flags, ...files],
  {
    cwd: root,
    stdio: 'inherit',
  },
)
const seconds = ((performance.now() - started) / 1000).toFixed(0)
const verdicts = [
  ...failedChecks.map((name) => `check ${name} failed`),
  run.status === 0 ? `all tests of ${files.length} files passed` : 'some tests failed',
]
process.stdout.write(`${verdicts.join(', ')} (${seconds} s)\n`)
process.exitCode = run.status === 0 && failedChecks.length === 0 ? 0 : 1
