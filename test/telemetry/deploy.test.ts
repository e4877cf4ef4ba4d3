// What is handed out for Prometheus and Grafana asks for metrics that exist, and a real Prometheus understands and answers it.
import assert from 'node:assert/strict'
import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { printDashboard } from '../../scripts/write-dashboard.ts'
import { findProgram } from '../../src/sandbox/index.ts'
import { METRICS, prometheusName, type MetricRow } from '../../src/telemetry/metrics/rows.ts'
import { startTestService, stopTestService } from '../service/harness.ts'
import { troubleDocumentBytes } from '../service/programs.ts'
import { deploy, sayMissing, startPrometheus } from './prometheus.ts'

const rules = readFileSync(join(deploy, 'prometheus/anrf.rules.yml'), 'utf8')

/** Every series that the exposition can have. */
const SERIES: ReadonlySet<string> = new Set(
  Object.values(METRICS).flatMap((row: MetricRow) => {
    const name = prometheusName(row)
    return row.kind === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name]
  }),
)
const LABELS: ReadonlySet<string> = new Set(
  Object.values(METRICS).flatMap((row: MetricRow) => row.labels.map((label) => label.replaceAll(/[^a-zA-Z0-9]/g, '_'))),
)

type Dashboard = { panels: { title: string; targets: { expr: string }[] }[]; templating: { list: { query: string }[] } }
const dashboard = JSON.parse(printDashboard()) as Dashboard
const asked = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))

test('deploy/grafana/anrf.json is printed from the table of metrics', () => {
  const path = join(deploy, 'grafana/anrf.json')
  if (process.env['ANRF_UPDATE'] === '1') writeFileSync(path, printDashboard())
  const hint =
    'a metric or a panel changed: run `ANRF_UPDATE=1 npm test -- test/telemetry/deploy.test.ts` and commit deploy/'
  assert.equal(readFileSync(path, 'utf8'), printDashboard(), hint)
})

test('every metric and label that dashboard and rules ask for exists', () => {
  const known = /\b(anrf|http|process|nodejs)_[a-z0-9_]+\b/g
  const texts = [...asked, ...dashboard.templating.list.map(({ query }) => query), rules]
  const names = new Set(texts.flatMap((text) => text.match(known) ?? []))
  assert.ok(names.size > 20)
  assert.deepEqual(
    [...names].filter((name) => !SERIES.has(name) && !LABELS.has(name)),
    [],
  )
})

test('every metric of the table is on the dashboard or in an alert', () => {
  const all = [...asked, rules].join('\n')
  const about = Object.values(METRICS).map(prometheusName)
  // How long a service runs fills the choice of services; starts of workers are ends a little later.
  const elsewhere = new Set(['process_uptime_seconds', 'anrf_worker_starts_total'])
  assert.deepEqual(
    about.filter((name) => !all.includes(name) && !elsewhere.has(name)),
    [],
  )
})

const promtool = findProgram('promtool')

test('promtool accepts rules and configuration', (t) => {
  if (!promtool) return sayMissing(t, 'promtool')
  for (const args of [
    ['check', 'rules', 'anrf.rules.yml'],
    ['check', 'config', 'prometheus.yml'],
  ]) {
    const cwd = join(deploy, 'prometheus')
    const run: SpawnSyncReturns<string> = spawnSync(promtool, args, { cwd, encoding: 'utf8' })
    assert.equal(run.status, 0, run.stdout + run.stderr)
  }
})

test(
  'a Prometheus scrapes the service, has rates of what was done, and understands every query of the dashboard',
  { timeout: 120_000 },
  async (t) => {
    const on = await startTestService({ metricsListen: { host: '127.0.0.1', port: 0 } })
    const prometheus = await startPrometheus(new URL(on.service.metricsUrl!).host)
    if (!prometheus) {
      await stopTestService(on)
      return sayMissing(t, 'prometheus')
    }
    const { query, valueOf, until } = prometheus
    try {
      await on.client.publish(troubleDocumentBytes())
      assert.equal(await until('up{job="anrf"}', (up) => up === 1), 1, 'it scrapes nothing')
      const count = 'anrf_execution_duration_seconds_count{anrf_outcome="returned"}'
      for (let i = 0; i < 3; i++) await on.client.execute('trouble', { a: 1, b: 2 }, { entry: 'add' })
      assert.equal(await until(count, (n) => n === 3), 3)
      for (let i = 0; i < 5; i++) await on.client.execute('trouble', { a: 1, b: 2 }, { entry: 'add' })
      assert.equal(await until(count, (n) => n === 8), 8)
      const rate = await until(`rate(${count}[1m])`, (perSecond) => perSecond > 0)
      assert.ok(rate > 0 && rate < 50, String(rate))
      assert.ok(
        (await valueOf('histogram_quantile(0.5, sum by (le) (rate(anrf_execution_duration_seconds_bucket[1m])))')) > 0,
      )
      for (const expr of asked) {
        const plain = expr.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '1m')
        const { status, error } = await query(plain)
        assert.equal(status, 'success', `${plain}: ${error}`)
      }
      const loaded = (await (await fetch(`${prometheus.url}/api/v1/rules`)).json()) as {
        data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] }
      }
      const all = loaded.data.groups.flatMap((group) => group.rules)
      assert.ok(all.length >= 10)
      assert.deepEqual(
        all.filter(({ lastError }) => (lastError ?? '') !== ''),
        [],
      )
    } finally {
      await prometheus.close()
      await stopTestService(on)
    }
  },
)
