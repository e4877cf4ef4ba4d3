// The tables of docs/API.md and docs/LIMITS.md say what the code says. ANRF_UPDATE=1 rewrites them.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CODES, LIMIT_NAMES, LIMITS, type Code } from '../../src/base/index.ts'
import { DEFAULT_CONFIG, SETTINGS } from '../../src/service/settings/config.ts'
import { EFFECT_STATES, OUTCOMES, PROGRESS } from '../../src/service/executions/outcomes.ts'
import { CODE_STATUS } from '../../src/service/http/problem.ts'
import { METRICS, prometheusName, type MetricRow } from '../../src/telemetry/metrics/rows.ts'
import { keyOf } from '../../src/service/settings/setting.ts'
import { QUOTA_NAMES, QUOTAS } from '../../src/service/quotas/table.ts'
import { ROUTES } from '../../src/service/routes/index.ts'

const docs = join(import.meta.dirname, '../../docs')

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

const count = (n: number): string => n.toLocaleString('en').replaceAll(',', ' ')

const limits = table(
  ['limit', 'unit', 'default', 'ceiling', 'of', 'enforced by', 'what it counts'],
  LIMIT_NAMES.map((name) => {
    const { unit, default: value, ceiling, of, enforcedBy, doc } = LIMITS[name]
    return [`\`${name}\``, unit, count(value), count(ceiling), of, enforcedBy, doc]
  }),
)

const enforcement = table(
  ['limit', 'how', 'what slips through'],
  LIMIT_NAMES.map((name) => [`\`${name}\``, LIMITS[name].how, LIMITS[name].slips]),
)

const routes = table(
  ['route', 'scope', 'what', 'success', 'problems of its own'],
  ROUTES.map(({ method, path, scope, summary, output, errors }) => [
    `\`${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}\``,
    scope ?? '-',
    summary,
    Object.keys(output).join(', '),
    errors.join(', '),
  ]),
)

const outcomes = table(
  ['outcome', 'status', 'meaning', 'what its caller can conclude'],
  Object.entries(OUTCOMES).map(([kind, { status, meaning, conclusion }]) => [
    `\`${kind}\``,
    String(status),
    meaning,
    conclusion,
  ]),
)

const meanings = (what: string, rows: Readonly<Record<string, string>>): string =>
  table(
    [what, 'meaning'],
    Object.entries(rows).map(([name, meaning]) => [`\`${name}\``, meaning]),
  )
const progress = meanings('`progress`', PROGRESS)
const effects = meanings('`state`', EFFECT_STATES)

const problems = table(
  ['code', 'status', 'title'],
  Object.entries(CODE_STATUS).map(([code, status]) => [`\`${code}\``, String(status), CODES[code as Code].title]),
)

const quotas = table(
  ['quota', 'unit', 'of what'],
  QUOTA_NAMES.map((name) => [`\`${name}\``, QUOTAS[name].unit, QUOTAS[name].doc]),
)

const settings = table(
  ['in a file, and for `--set`', 'variable', 'default', 'meaning'],
  SETTINGS.map((setting) => {
    const held = setting.default === undefined ? (setting.unset ?? '-') : `\`${setting.default}\``
    return [`\`${keyOf(setting)}\``, `\`${setting.env}\``, held, setting.about]
  }),
)

const metrics = table(
  ['metric', 'in Prometheus', 'kind', 'unit', 'labels', 'what'],
  Object.values(METRICS).map((row: MetricRow) => [
    `\`${row.name}\``,
    `\`${prometheusName(row)}\``,
    row.kind,
    `\`${row.unit}\``,
    row.labels.map((label) => `\`${label}\``).join(', '),
    row.about,
  ]),
)

const FILES: Record<string, Record<string, string>> = {
  'LIMITS.md': { limits, enforcement },
  'TELEMETRY.md': { metrics },
  'CONFIGURATION.md': { settings },
  'API.md': { routes, outcomes, progress, effects, problems, quotas },
}

for (const [file, tables] of Object.entries(FILES))
  test(`the tables of docs/${file} are those of the code`, () => {
    const path = join(docs, file)
    const text = readFileSync(path, 'utf8')
    const expected = Object.entries(tables).reduce(
      (rest, [name, content]) =>
        rest.replace(
          new RegExp(`(<!-- ${name}: .*? -->\n)[^]*?(<!-- end -->)`),
          (_, a: string, b: string) => `${a}${content}\n${b}`,
        ),
      text,
    )
    if (process.env['ANRF_UPDATE'] === '1') writeFileSync(path, expected)
    else assert.equal(text, expected)
  })

test('the defaults of the configuration are what docs/API.md and the command line say', () => {
  assert.equal(DEFAULT_CONFIG.port, 8787)
  assert.equal(DEFAULT_CONFIG.host, '127.0.0.1')
})
