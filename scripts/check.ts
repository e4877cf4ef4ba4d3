// Static checks of the whole project, each one line in `checks`: `npm run check`. `scripts/test.ts` runs them first.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'

const root = dirname(import.meta.dirname)

/** A tool of node_modules with its arguments; what it must find clean is in `about`. */
type Check = { readonly name: string; readonly tool: string; readonly args: readonly string[]; readonly about: string }

const checks: readonly Check[] = [
  { name: 'types', tool: 'typescript-native/bin/tsc', args: ['-p', 'tsconfig.json'], about: 'TypeScript 7, strict' },
  { name: 'lint', tool: 'oxlint/bin/oxlint', args: ['--type-aware', '--quiet'], about: 'oxlint with types' },
  { name: 'format', tool: 'oxfmt/bin/oxfmt', args: ['--check', '.'], about: '`npm run format` mends it' },
  {
    name: 'unused',
    tool: 'knip/bin/knip.js',
    args: ['--no-progress'],
    about: 'files, exports and dependencies nobody uses',
  },
]

/** Runs every check, prints one line each and the output of those that fail; the names of the failed ones. */
export function runChecks(): string[] {
  return checks.filter((check) => !passes(check)).map((check) => check.name)
}

function passes(check: Check): boolean {
  const started = performance.now()
  const tool = join(root, 'node_modules', check.tool)
  const run = spawnSync(process.execPath, [tool, ...check.args], { cwd: root, encoding: 'utf8' })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const passed = run.status === 0
  process.stdout.write(`check ${check.name.padEnd(7)} ${passed ? 'ok    ' : 'FAILED'} ${seconds} s  ${check.about}\n`)
  if (!passed) process.stdout.write(`${run.stdout}${run.stderr}\n`)
  return passed
}

if (import.meta.main) process.exitCode = runChecks().length === 0 ? 0 : 1
