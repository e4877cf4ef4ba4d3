// Prints deploy/grafana/anrf.json, a dashboard of Grafana, from rows of panels. test/telemetry/deploy.test.ts compares; ANRF_UPDATE=1 rewrites.
import { METRICS, prometheusName, type MetricRow } from '../src/telemetry/metrics/rows.ts'

const nameOf = (row: MetricRow): string => prometheusName(row)
const requests = nameOf(METRICS.requestSeconds)
const executions = nameOf(METRICS.executionSeconds)
const effects = nameOf(METRICS.effectSeconds)
const commits = nameOf(METRICS.commitSeconds)
const waits = nameOf(METRICS.queueSeconds)
const fuel = nameOf(METRICS.executionFuel)

/** Counts per second by labels, of what has `instance` chosen on the dashboard. */
const rate = (metric: string, by: string, filter = ''): string =>
  `sum by (${by}) (rate(${metric}{instance=~"$instance"${filter}}[$__rate_interval]))`
/** A quantile of a histogram. */
const quantile = (q: number, metric: string): string =>
  `histogram_quantile(${q}, sum by (le) (rate(${metric}_bucket{instance=~"$instance"}[$__rate_interval])))`
const plain = (metric: string): string => `${metric}{instance=~"$instance"}`

type Query = { readonly expr: string; readonly legend: string }
type Panel = {
  readonly title: string
  readonly unit: string
  readonly about: string
  readonly queries: readonly Query[]
}

const quantiles = (metric: string): Query[] =>
  [0.5, 0.95, 0.99].map((q) => ({ expr: quantile(q, metric), legend: `p${q * 100}` }))

const PANELS: readonly Panel[] = [
  {
    title: 'Executions by outcome',
    unit: 'ops',
    about: METRICS.executionSeconds.about,
    queries: [{ expr: rate(`${executions}_count`, 'anrf_outcome'), legend: '{{anrf_outcome}}' }],
  },
  { title: 'Duration of executions', unit: 's', about: METRICS.executionSeconds.about, queries: quantiles(executions) },
  {
    title: 'Requests by status',
    unit: 'reqps',
    about: METRICS.requestSeconds.about,
    queries: [
      { expr: rate(`${requests}_count`, 'http_response_status_code'), legend: '{{http_response_status_code}}' },
    ],
  },
  {
    title: 'Requests turned away',
    unit: 'reqps',
    about: METRICS.rejections.about,
    queries: [{ expr: rate(nameOf(METRICS.rejections), 'anrf_code'), legend: '{{anrf_code}}' }],
  },
  {
    title: 'Programs',
    unit: 'ops',
    about: METRICS.programExecutions.about,
    queries: [
      { expr: `topk(10, ${rate(nameOf(METRICS.programExecutions), 'anrf_program')})`, legend: '{{anrf_program}}' },
    ],
  },
  {
    title: 'Workers',
    unit: 'short',
    about: METRICS.workers.about,
    queries: [
      { expr: `sum by (anrf_worker_state) (${plain(nameOf(METRICS.workers))})`, legend: '{{anrf_worker_state}}' },
      { expr: `sum(${plain(nameOf(METRICS.queueLength))})`, legend: 'waiting executions' },
    ],
  },
  {
    title: 'Workers that ended',
    unit: 'ops',
    about: METRICS.workerEnds.about,
    queries: [{ expr: rate(nameOf(METRICS.workerEnds), 'anrf_worker_end'), legend: '{{anrf_worker_end}}' }],
  },
  { title: 'Wait for a worker', unit: 's', about: METRICS.queueSeconds.about, queries: quantiles(waits) },
  { title: 'Fuel of an execution', unit: 'short', about: METRICS.executionFuel.about, queries: quantiles(fuel) },
  {
    title: 'Effects',
    unit: 'ops',
    about: METRICS.effectSeconds.about,
    queries: [
      { expr: rate(`${effects}_count`, 'anrf_capability, anrf_result'), legend: '{{anrf_capability}} {{anrf_result}}' },
    ],
  },
  {
    title: 'Hooks',
    unit: 'ops',
    about: METRICS.hookSeconds.about,
    queries: [
      {
        expr: rate(`${nameOf(METRICS.hookSeconds)}_count`, 'anrf_hook, anrf_occasion, anrf_result'),
        legend: '{{anrf_hook}} {{anrf_occasion}} {{anrf_result}}',
      },
    ],
  },
  {
    title: 'Duration of hooks',
    unit: 's',
    about: METRICS.hookSeconds.about,
    queries: quantiles(nameOf(METRICS.hookSeconds)),
  },
  {
    title: 'Verifiers',
    unit: 'ops',
    about: METRICS.verificationSeconds.about,
    queries: [
      {
        expr: rate(`${nameOf(METRICS.verificationSeconds)}_count`, 'anrf_verifier, anrf_stage, anrf_result'),
        legend: '{{anrf_verifier}} {{anrf_stage}} {{anrf_result}}',
      },
    ],
  },
  {
    title: 'Duration of verifiers',
    unit: 's',
    about: METRICS.verificationSeconds.about,
    queries: quantiles(nameOf(METRICS.verificationSeconds)),
  },
  {
    title: 'Documents from memory',
    unit: 'percentunit',
    about: METRICS.programLoads.about,
    queries: [
      {
        expr: `${rate(nameOf(METRICS.programLoads), 'instance', ',anrf_cache="hit"')} / ${rate(nameOf(METRICS.programLoads), 'instance')}`,
        legend: '{{instance}}',
      },
    ],
  },
  { title: 'Commits of the store', unit: 's', about: METRICS.commitSeconds.about, queries: quantiles(commits) },
  {
    title: 'Transactions that share a commit',
    unit: 'short',
    about: METRICS.commitGroup.about,
    queries: quantiles(nameOf(METRICS.commitGroup)),
  },
  {
    title: 'Audit entries',
    unit: 'ops',
    about: METRICS.auditEntries.about,
    queries: [{ expr: rate(nameOf(METRICS.auditEntries), 'instance'), legend: '{{instance}}' }],
  },
  {
    title: 'Removed by retention',
    unit: 'ops',
    about: METRICS.retentionRemoved.about,
    queries: [{ expr: rate(nameOf(METRICS.retentionRemoved), 'anrf_kind'), legend: '{{anrf_kind}}' }],
  },
  {
    title: 'Processor time',
    unit: 'percentunit',
    about: `${METRICS.processCpu.about}; ${METRICS.executionCpu.about}`,
    queries: [
      { expr: rate(nameOf(METRICS.processCpu), 'instance'), legend: '{{instance}} service' },
      { expr: rate(nameOf(METRICS.executionCpu), 'instance'), legend: '{{instance}} workers' },
    ],
  },
  {
    title: 'Memory',
    unit: 'bytes',
    about: METRICS.processMemory.about,
    queries: [{ expr: plain(nameOf(METRICS.processMemory)), legend: '{{instance}}' }],
  },
  {
    title: 'Event loop, late by',
    unit: 's',
    about: METRICS.eventLoopP99.about,
    queries: [
      { expr: plain(nameOf(METRICS.eventLoopP50)), legend: '{{instance}} p50' },
      { expr: plain(nameOf(METRICS.eventLoopP99)), legend: '{{instance}} p99' },
    ],
  },
]

const [COLUMNS, WIDTH, HEIGHT] = [3, 8, 8]

/** The dashboard as Grafana imports it; it asks for the Prometheus to use. */
export function printDashboard(): string {
  const datasource = { type: 'prometheus', uid: '${datasource}' }
  const panels = PANELS.map(({ title, unit, about, queries }, i) => ({
    id: i + 1,
    type: 'timeseries',
    title,
    description: about,
    datasource,
    gridPos: { x: (i % COLUMNS) * WIDTH, y: Math.floor(i / COLUMNS) * HEIGHT, w: WIDTH, h: HEIGHT },
    fieldConfig: { defaults: { unit, min: 0, custom: { fillOpacity: 10, showPoints: 'never' } }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
    targets: queries.map(({ expr, legend }, at) => ({
      refId: String.fromCharCode(65 + at),
      datasource,
      expr,
      legendFormat: legend,
    })),
  }))
  const variables = [
    { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus' },
    {
      name: 'instance',
      type: 'query',
      label: 'Service',
      datasource,
      query: `label_values(${nameOf(METRICS.processUptime)}, instance)`,
      refresh: 2,
      multi: true,
      includeAll: true,
      current: { text: 'All', value: '$__all' },
    },
  ]
  const dashboard = {
    uid: 'anrf',
    title: 'ANRF',
    tags: ['anrf'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: { list: variables },
    panels,
  }
  return `${JSON.stringify(dashboard, null, 2)}\n`
}
