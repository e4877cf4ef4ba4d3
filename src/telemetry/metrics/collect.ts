import { ValueType, type HrTime } from '@opentelemetry/api'
import type { Resource } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics'
import type { Metrics, Series } from './registry.ts'
import { METRICS, prometheusName, type MetricRow } from './rows.ts'

/** The names by which a format knows metrics. */
export type Naming = 'otlp' | 'prometheus'

const startTime = hrTime(Date.now())

/** All metrics as the exporters of OpenTelemetry take them. */
export async function collectMetrics(metrics: Metrics, resource: Resource, naming: Naming): Promise<ResourceMetrics> {
  const series = await metrics.collect()
  const endTime = hrTime(Date.now())
  const found = [...series].filter(([, all]) => all.length > 0)
  const data = found.map(([name, all]) => dataOf(METRICS[name], all, endTime, naming))
  return { resource, scopeMetrics: [{ scope: { name: 'anrf' }, metrics: data }] }
}

function dataOf(row: MetricRow, all: readonly Series[], endTime: HrTime, naming: Naming): MetricData {
  const point = <T>(labels: readonly string[], value: T) => ({
    startTime,
    endTime,
    attributes: Object.fromEntries(row.labels.map((label, i) => [label, labels[i]!])),
    value,
  })
  const base = { descriptor: descriptorOf(row, naming), aggregationTemporality: AggregationTemporality.CUMULATIVE }
  if (row.kind === 'histogram') {
    const buckets = { boundaries: [...row.buckets!] }
    const points = all.map(({ labels, value: sum, count, counts }) =>
      point(labels, { buckets: { ...buckets, counts: counts! }, sum, count }),
    )
    return { ...base, dataPointType: DataPointType.HISTOGRAM, dataPoints: points }
  }
  const points = all.map(({ labels, value }) => point(labels, value))
  if (row.kind === 'gauge') return { ...base, dataPointType: DataPointType.GAUGE, dataPoints: points }
  return { ...base, dataPointType: DataPointType.SUM, dataPoints: points, isMonotonic: true }
}

/** In Prometheus the unit is part of the name, which its exporter no longer sees to. */
function descriptorOf(row: MetricRow, naming: Naming): MetricData['descriptor'] {
  const { name, unit, about: description } = row
  const isPrometheus = naming === 'prometheus'
  return {
    name: isPrometheus ? prometheusName(row) : name,
    unit: isPrometheus ? '' : unit,
    description,
    valueType: ValueType.DOUBLE,
  }
}

function hrTime(ms: number): HrTime {
  return [Math.floor(ms / 1000), (ms % 1000) * 1e6]
}
