// Writes docs/coverage.md from a report of the corpus harness: `node scripts/with-node.mjs scripts/write-coverage.ts REPORT.json`.
// The report says of real programs that nobody here wrote which of them run, and whether they answer as Node does.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type ModeCounts = { readonly parsed: number; readonly compiled: number; readonly equalPrograms: number }
type Tier = {
  readonly programs: number
  readonly withCases: number
  readonly modes: { readonly [mode: string]: ModeCounts }
}
type ModeFailure = {
  readonly parsed: boolean
  readonly compiled: boolean
  readonly executed: number
  readonly equal: number
  readonly error?: string
  /** A case that gave another answer than Node. */
  readonly differ?: unknown
}
type Failure = {
  readonly corpus: string
  readonly id: string
  readonly tier: string
  readonly modes: { readonly [mode: string]: ModeFailure }
}
type Report = {
  readonly when: string
  readonly report: { readonly [corpus: string]: { readonly [tier: string]: Tier } }
  readonly failures: readonly Failure[]
}

const [path] = process.argv.slice(2)
if (path === undefined)
  throw new Error('which report? node scripts/with-node.mjs scripts/write-coverage.ts REPORT.json')
const report = JSON.parse(readFileSync(path, 'utf8')) as Report
const modes = [...new Set(tiersOf(report).flatMap(({ tier }) => Object.keys(tier.modes)))]

function tiersOf({
  report: corpora,
}: Report): { readonly corpus: string; readonly name: string; readonly tier: Tier }[] {
  const inOrder = Object.entries(corpora).sort(([a], [b]) => Number(a === 'ALL') - Number(b === 'ALL'))
  return inOrder.flatMap(([corpus, tiers]) =>
    Object.entries(tiers).flatMap(([name, tier]) => (tier.withCases > 0 ? [{ corpus, name, tier }] : [])),
  )
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`

function summary(): string {
  const head = ['corpus', 'cases from', 'programs', ...modes.map((mode) => `equal, ${mode}`)]
  const rows = tiersOf(report).map(({ corpus, name, tier }) => [
    corpus === 'ALL' ? 'all' : corpus,
    name === 'calls' ? 'constant calls' : 'test blocks',
    String(tier.withCases),
    ...modes.map((mode) => {
      const { equalPrograms } = tier.modes[mode] ?? { equalPrograms: 0 }
      return `${equalPrograms} (${percent(equalPrograms, tier.withCases)})`
    }),
  ])
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Why a program is not equal, in a few words. */
function reasonOf(failure: ModeFailure): string {
  const { error = '' } = failure
  const told = parseError(error)
  if (!failure.parsed) return 'does not parse'
  if (!failure.compiled) return `refused: ${told?.message ?? told?.feature ?? 'no reason given'}`
  if (told?.outcome !== undefined) return `${told.outcome}: ${told.error ?? ''}`
  if (failure.differ !== undefined) return `another answer: ${JSON.stringify(failure.differ).slice(0, 200)}`
  return error === '' ? 'no answer' : error.slice(0, 120)
}

type Told = { readonly message?: string; readonly feature?: string; readonly outcome?: string; readonly error?: string }

/** What the program says of itself; the harness cuts long lines, so that members are looked for one by one. */
function parseError(line: string): Told | undefined {
  const member = (name: string): string | undefined =>
    new RegExp(`"${name}":"((?:[^"\\\\]|\\\\.)*)`).exec(line)?.[1]?.replaceAll('\\"', '"')
  const told = {
    message: member('message'),
    feature: member('feature'),
    outcome: member('outcome'),
    error: member('error'),
  }
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
}

/** Whether a program is not equal in a mode; a program that misses in one mode is listed with all. */
const misfires = ({ parsed, compiled, error, differ }: ModeFailure): boolean =>
  !parsed || !compiled || error !== undefined || differ !== undefined

function misses(): string {
  const lines = report.failures.map(({ corpus, id, tier, modes: by }) => {
    const missing = Object.entries(by).filter(([, mode]) => misfires(mode))
    const reasons =
      missing.length === 0
        ? ['not counted: Node itself does not run it']
        : [...new Set(missing.map(([, mode]) => reasonOf(mode)))]
    const where =
      missing.length > 0 && missing.length < modes.length ? ` (${missing.map(([name]) => name).join(', ')})` : ''
    return `- \`${corpus}\` ${id} (${tier})${where}: ${reasons.join('; ')}`
  })
  return lines.length === 0 ? 'None.' : lines.join('\n')
}

/** Programs that gave another answer than Node. */
const wrong = report.failures.filter(({ modes: by }) => Object.values(by).some((m) => m.differ !== undefined))

const text = `# Coverage

Real programs that nobody here wrote, read from public repositories and run with the cases of their own tests, in every mode, against Node. A program is equal
when every case gives the value, the arguments after the call, or the exception that Node gives. Written by \`scripts/write-coverage.ts\` from the
report of a harness that is not part of this repository, of ${report.when.slice(0, 10)}. JavaScript files, as those of trekhleb/javascript-algorithms, are not compiled.

Wrong answers: ${wrong.length}.

${summary()}

## What misses, and why

${misses()}
`
const target = join(import.meta.dirname, '..', 'docs', 'coverage.md')
writeFileSync(target, text)
process.stdout.write(`${target}: ${tiersOf(report).length} rows, ${report.failures.length} programs that miss\n`)
