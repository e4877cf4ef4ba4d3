import type { Sample } from './tracer.ts'

/** The samplers of the OpenTelemetry specification ("OTEL_TRACES_SAMPLER"), by their names. */
export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const
export type Sampler = (typeof SAMPLERS)[number]

/** Whether traces are exported. The choice by ratio hangs on the trace id alone, so that all services choose alike. */
export function sampleBy(sampler: Sampler, ratio: number): Sample {
  const root = sampler.replace('parentbased_', '')
  // The last 7 bytes of a trace id are random (W3C Trace Context, section 2.2.2.3 of level 2).
  const isBelow = (traceId: string): boolean => Number.parseInt(traceId.slice(-13), 16) < ratio * 2 ** 52
  const choose = (traceId: string): boolean => root === 'always_on' || (root === 'traceidratio' && isBelow(traceId))
  const followsParent = sampler.startsWith('parentbased_')
  return (traceId, parentIsSampled) =>
    followsParent && parentIsSampled !== undefined ? parentIsSampled : choose(traceId)
}
