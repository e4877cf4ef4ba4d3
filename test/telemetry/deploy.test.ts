// What is handed out for Prometheus and Grafana asks for metrics that exist, and a real Prometheus understands and answers it.
import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess, type SpawnSyncReturns } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { printDashboard } from '../../scripts/write-dashboard.ts'
import { findProgram, installCommand } from '../../src/sandbox/index.ts'
import { METRICS, prometheusName, type MetricRow } from '../../src/telemetry/metrics/rows.ts'
import { startTestService, stopTestService } from '../service/harness.ts'
import { troubleDocumentBytes } from '../service/programs.ts'

const deploy = join(import.meta.dirname, '../../deploy')
const rules = readFileSync(join(deploy, 'prometheus/anrf.rules.yml'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'anrf-prometheus-'))
after(() => rmSync(folder, { recursive: true }))

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
const prometheus = findProgram('prometheus')
/** Said, not skipped: what is missing here, and how to have it. */
function sayMissing(t: TestContext, name: string): void {
  assert.equal(findProgram(name), undefined)
  t.diagnostic(`${name} is not installed, so that nothing was shown: ${installCommand('prometheus')}`)
}

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

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

type Answer = {
  status: string
  error?: string
  data: { result: { metric: Record<string, string>; value: [number, string] }[] }
}

test(
  'a Prometheus scrapes the service, has rates of what was done, and understands every query of the dashboard',
  { timeout: 120_000 },
  async (t) => {
    if (!prometheus) return sayMissing(t, 'prometheus')
    const on = await startTestService({ metricsListen: { host: '127.0.0.1', port: 0 } })
    const port = await freePort()
    const target = new URL(on.service.metricsUrl!).host
    const config = readFileSync(join(deploy, 'prometheus/prometheus.yml'), 'utf8')
      .replace('127.0.0.1:9464', target)
      .replaceAll('15s', '500ms')
    writeFileSync(join(folder, 'prometheus.yml'), config)
    writeFileSync(join(folder, 'anrf.rules.yml'), rules)
    const args = ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${port}`]
    const server: ChildProcess = spawn(prometheus, args, { cwd: folder, stdio: 'ignore' })
    const ended = new Promise((done) => server.once('exit', done))
    const query = async (expr: string): Promise<Answer> => {
      const response = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expr)}`)
      return (await response.json()) as Answer
    }
    const valueOf = async (expr: string): Promise<number> =>
      Number((await query(expr).catch(() => undefined))?.data?.result[0]?.value[1] ?? 0)
    const until = async (expr: string, isEnough: (value: number) => boolean): Promise<number> => {
      let value = 0
      for (let i = 0; i < 200 && !isEnough((value = await valueOf(expr))); i++) await sleep(200)
      return value
    }
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
      const loaded = (await (await fetch(`http://127.0.0.1:${port}/api/v1/rules`)).json()) as {
        data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] }
      }
      const all = loaded.data.groups.flatMap((group) => group.rules)
      assert.ok(all.length >= 10)
      assert.deepEqual(
        all.filter(({ lastError }) => (lastError ?? '') !== ''),
        [],
      )
    } finally {
      server.kill()
      await ended
      await stopTestService(on)
    }
  },
)
