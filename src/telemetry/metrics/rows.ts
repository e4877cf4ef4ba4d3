/** One metric. Names are OpenTelemetry's; Prometheus sees them with `_` for `.`, the unit and, for counters, `_total` at the end. */
export type MetricRow = {
  readonly name: string
  /** A counter only grows; a gauge is looked at when somebody asks; a histogram counts values by size. */
  readonly kind: 'counter' | 'gauge' | 'histogram'
  /** UCUM, as OpenTelemetry has it: `s`, `By`, and `{thing}` for counts of things. */
  readonly unit: string
  /** Upper bounds of the buckets of a histogram. */
  readonly buckets?: readonly number[]
  readonly labels: readonly string[]
  /** The label whose values come from outside: after {@link OPEN_VALUES_MAX} of them, further ones count as `other`. */
  readonly open?: string
  readonly about: string
}

/** Different values of a label that comes from outside, in each metric. */
export const OPEN_VALUES_MAX = 100

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const WORK = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11]
const GROUPS = [1, 2, 4, 8, 16, 32, 64, 128, 256]

/** Every metric of the service. docs/TELEMETRY.md, the dashboard, the alerts and their tests read these rows. */
export const METRICS = {
  requestSeconds: {
    name: 'http.server.request.duration',
    kind: 'histogram',
    unit: 's',
    buckets: SECONDS,
    labels: ['http.request.method', 'http.route', 'http.response.status_code'],
    about: 'requests by route and status, and how long they took',
  },
  rejections: {
    name: 'anrf.rejections',
    kind: 'counter',
    unit: '{request}',
    labels: ['http.route', 'anrf.code'],
    about: 'requests answered 429 or 503: limits of rate and quota, full queues, a service that stops',
  },
  executionSeconds: {
    name: 'anrf.execution.duration',
    kind: 'histogram',
    unit: 's',
    buckets: SECONDS,
    labels: ['anrf.mode', 'anrf.outcome'],
    about: 'executions that ended, from the request to the end of the run, by mode and outcome',
  },
  programExecutions: {
    name: 'anrf.program.executions',
    kind: 'counter',
    unit: '{execution}',
    labels: ['anrf.program', 'anrf.outcome'],
    open: 'anrf.program',
    about: 'executions that ended, by the name of the program',
  },
  executionFuel: {
    name: 'anrf.execution.fuel',
    kind: 'histogram',
    unit: '{event}',
    buckets: WORK,
    labels: ['anrf.mode'],
    about: 'fuel that executions used',
  },
  executionCpu: {
    name: 'anrf.execution.cpu.time',
    kind: 'counter',
    unit: 's',
    labels: ['anrf.mode'],
    about: 'processor time of workers on behalf of executions',
  },
  queueSeconds: {
    name: 'anrf.queue.wait.duration',
    kind: 'histogram',
    unit: 's',
    buckets: SECONDS,
    labels: [],
    about: 'how long executions waited for a worker',
  },
  queueLength: {
    name: 'anrf.queue.length',
    kind: 'gauge',
    unit: '{execution}',
    labels: [],
    about: 'executions that wait for a worker now',
  },
  workers: {
    name: 'anrf.workers',
    kind: 'gauge',
    unit: '{process}',
    labels: ['anrf.worker.state'],
    about: 'worker processes now: those that run, and those that are ready or kept for a principal',
  },
  workerStarts: {
    name: 'anrf.worker.starts',
    kind: 'counter',
    unit: '{process}',
    labels: [],
    about: 'worker processes started',
  },
  workerEnds: {
    name: 'anrf.worker.ends',
    kind: 'counter',
    unit: '{process}',
    labels: ['anrf.worker.end'],
    about: 'worker processes ended, by the reason; `exit`, `violation` and `boot` are crashes',
  },
  effectSeconds: {
    name: 'anrf.effect.duration',
    kind: 'histogram',
    unit: 's',
    buckets: SECONDS,
    labels: ['anrf.capability', 'anrf.result'],
    open: 'anrf.capability',
    about: 'calls of effects by capability and result: `ok`, or the code of the failure, as `denied`',
  },
  hookSeconds: {
    name: 'anrf.hook.duration',
    kind: 'histogram',
    unit: 's',
    buckets: SECONDS,
    labels: ['anrf.hook', 'anrf.occasion', 'anrf.result'],
    open: 'anrf.hook',
    about:
      'how long hooks took that were asked (`before`, `after`) or told (`event`), by result: `allowed`, `refused`, `told`, or why there was no answer, as `timeout`',
  },
  verificationSeconds: {
    name: 'anrf.verification.duration',
    kind: 'histogram',
    unit: 's',
    buckets: SECONDS,
    labels: ['anrf.verifier', 'anrf.stage', 'anrf.result'],
    open: 'anrf.verifier',
    about:
      'how long verifiers took over a `document`, or `before` and `after` executions, by what they said: `verified`, `declined`, `failed` of a document, `ok` or `refused` of an execution; `error`: nothing',
  },
  programLoads: {
    name: 'anrf.program.loads',
    kind: 'counter',
    unit: '{load}',
    labels: ['anrf.cache'],
    about: 'documents taken from memory (`hit`) or read, checked and decoded (`miss`)',
  },
  commitSeconds: {
    name: 'anrf.store.commit.duration',
    kind: 'histogram',
    unit: 's',
    buckets: SECONDS,
    labels: [],
    about: 'commits of the store, with the wait for the disk',
  },
  commitGroup: {
    name: 'anrf.store.commit.transactions',
    kind: 'histogram',
    unit: '{transaction}',
    buckets: GROUPS,
    labels: [],
    about: 'transactions that shared a commit',
  },
  auditEntries: {
    name: 'anrf.audit.entries',
    kind: 'counter',
    unit: '{entry}',
    labels: [],
    about: 'entries of the audit log',
  },
  retentionRemoved: {
    name: 'anrf.retention.removed',
    kind: 'counter',
    unit: '{item}',
    labels: ['anrf.kind'],
    about:
      'what retention took away: executions whose `payload` expired, executions whose `record` was removed, entries of the `audit` log that were redacted',
  },
  tracesLost: {
    name: 'anrf.traces.lost',
    kind: 'counter',
    unit: '{trace}',
    labels: [],
    about: 'traces that could not be kept in the store',
  },
  processMemory: {
    name: 'process.memory.usage',
    kind: 'gauge',
    unit: 'By',
    labels: [],
    about: 'resident memory of the service, without workers',
  },
  processCpu: {
    name: 'process.cpu.time',
    kind: 'counter',
    unit: 's',
    labels: ['cpu.mode'],
    about: 'processor time of the service, without workers',
  },
  processUptime: {
    name: 'process.uptime',
    kind: 'gauge',
    unit: 's',
    labels: [],
    about: 'how long the service has been running',
  },
  eventLoopP50: {
    name: 'nodejs.eventloop.delay.p50',
    kind: 'gauge',
    unit: 's',
    labels: [],
    about: 'how late the event loop was since the last look, median',
  },
  eventLoopP99: {
    name: 'nodejs.eventloop.delay.p99',
    kind: 'gauge',
    unit: 's',
    labels: [],
    about: 'how late the event loop was since the last look, 99th percentile',
  },
} as const satisfies Record<string, MetricRow>

export type MetricName = keyof typeof METRICS
type RowsOf<Kind extends MetricRow['kind']> = {
  [N in MetricName]: (typeof METRICS)[N]['kind'] extends Kind ? N : never
}[MetricName]
export type CounterName = RowsOf<'counter'>
export type HistogramName = RowsOf<'histogram'>
/** A text for each label of the row, in its order. */
export type LabelsOf<N extends MetricName> = Texts<(typeof METRICS)[N]['labels']>
type Texts<T extends readonly string[]> = { readonly [I in keyof T]: string } & readonly string[]

/** The name under which Prometheus has a metric; its series have `_bucket`, `_sum` and `_count` behind it when it is a histogram. */
export function prometheusName({ name, kind, unit }: MetricRow): string {
  const words = { s: '_seconds', By: '_bytes' }[unit] ?? ''
  return `${name.replaceAll('.', '_')}${words}${kind === 'counter' ? '_total' : ''}`
}
