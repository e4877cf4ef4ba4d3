import type { Metrics } from './registry.ts'

/** Prometheus, "Text-based format". */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** All metrics as Prometheus reads them. The serialiser is loaded with the first call. */
export async function exposeMetrics(metrics: Metrics): Promise<string> {
  const { PrometheusSerializer } = await import('@opentelemetry/exporter-prometheus')
  const { emptyResource } = await import('@opentelemetry/resources')
  const { collectMetrics } = await import('./collect.ts')
  const collected = await collectMetrics(metrics, emptyResource(), 'prometheus')
  const [prefix, hasTimestamps, resourceLabels, isWithoutTarget, isWithoutScope] = [
    '',
    false,
    undefined,
    true,
    true,
  ] as const
  return new PrometheusSerializer(prefix, hasTimestamps, resourceLabels, isWithoutTarget, isWithoutScope).serialize(
    collected,
  )
}
