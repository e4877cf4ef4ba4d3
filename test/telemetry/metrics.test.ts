import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exposeMetrics } from '../../src/telemetry/metrics/exposition.ts'
import { observeProcess } from '../../src/telemetry/metrics/process.ts'
import { createMetrics } from '../../src/telemetry/metrics/registry.ts'
import { METRICS, OPEN_VALUES_MAX, prometheusName, type MetricRow } from '../../src/telemetry/metrics/rows.ts'

const rows: readonly MetricRow[] = Object.values(METRICS)

/** The series of an exposition by name and labels. */
function seriesOf(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )
}

test('names say their unit, and counters that they count', () => {
  assert.equal(prometheusName(METRICS.requestSeconds), 'http_server_request_duration_seconds')
  assert.equal(prometheusName(METRICS.processMemory), 'process_memory_usage_bytes')
  assert.equal(prometheusName(METRICS.executionCpu), 'anrf_execution_cpu_time_seconds_total')
  const names = rows.map(prometheusName)
  assert.equal(new Set(names).size, names.length)
  for (const name of names) assert.match(name, /^[a-z][a-z0-9_]*$/)
  for (const { kind, buckets, labels, open, name } of rows) {
    assert.equal(kind === 'histogram', buckets !== undefined, name)
    assert.deepEqual(
      buckets?.toSorted((a, b) => a - b),
      buckets,
    )
    assert.ok(open === undefined || labels.includes(open), name)
  }
})

test('every metric is in the exposition under the name of its row, with its type and help', async () => {
  const metrics = createMetrics()
  const looks = new Set(['queueLength', 'workers', 'workerStarts', 'workerEnds', 'auditEntries'])
  const stop = observeProcess(metrics)
  for (const [name, { kind, labels }] of Object.entries(METRICS)) {
    const values = labels.map((label) => `a ${label}`) as never
    if (looks.has(name)) metrics.observe(name as 'queueLength', () => [{ labels: values, value: 1 }])
    else if (kind === 'histogram') metrics.record(name as 'queueSeconds', values, 0.003)
    else if (kind === 'counter') metrics.add(name as 'tracesLost', values)
  }
  const text = await exposeMetrics(metrics)
  stop()
  for (const row of rows) {
    const name = prometheusName(row)
    assert.ok(text.includes(`# TYPE ${name} ${row.kind}\n`), name)
    assert.ok(text.includes(`# HELP ${name} ${row.about}\n`), name)
    const suffix = row.kind === 'histogram' ? '_bucket' : ''
    assert.ok(
      [...seriesOf(text).keys()].some((key) => key.replace(/\{.*/, '') === name + suffix),
      name + suffix,
    )
  }
})

test('histograms count by buckets that add up, and sum', async () => {
  const metrics = createMetrics()
  for (const seconds of [0.0005, 0.00051, 0.3, 100]) metrics.record('queueSeconds', [], seconds)
  const series = seriesOf(await exposeMetrics(metrics))
  const bucket = (le: string): number | undefined => series.get(`anrf_queue_wait_duration_seconds_bucket{le="${le}"}`)
  assert.deepEqual(
    [bucket('0.0005'), bucket('0.001'), bucket('0.25'), bucket('0.5'), bucket('60'), bucket('+Inf')],
    [1, 2, 2, 3, 3, 4],
  )
  assert.equal(series.get('anrf_queue_wait_duration_seconds_count'), 4)
  assert.ok(Math.abs(series.get('anrf_queue_wait_duration_seconds_sum')! - 100.30101) < 1e-9)
})

test('values from outside are bounded: a thousand names of programs make a hundred, and `other`', async () => {
  const metrics = createMetrics()
  for (let n = 0; n < 1000; n++) metrics.add('programExecutions', [`program-${n}`, 'returned'])
  metrics.add('programExecutions', ['program-5', 'threw'])
  const series = seriesOf(await exposeMetrics(metrics))
  const programs = [...series].filter(([key]) => key.startsWith('anrf_program_executions_total'))
  assert.equal(programs.length, OPEN_VALUES_MAX + 2)
  assert.equal(
    series.get('anrf_program_executions_total{anrf_program="other",anrf_outcome="returned"}'),
    1000 - OPEN_VALUES_MAX,
  )
  assert.equal(
    programs.reduce((sum, [, value]) => sum + value, 0),
    1001,
  )
})

test('labels are escaped as the text format asks, and a look that fails takes only its own metric away', async () => {
  const metrics = createMetrics()
  metrics.add('programExecutions', ['a "b"\\\nc', 'returned'])
  metrics.observe('queueLength', () => {
    throw new Error('no')
  })
  const text = await exposeMetrics(metrics)
  assert.ok(text.includes('{anrf_program="a \\"b\\"\\\\\\nc",anrf_outcome="returned"} 1'), text)
  assert.ok(!text.includes('anrf_queue_length'))
  assert.ok(text.includes('anrf_traces_lost_total 0'))
})
