import { Type } from 'typebox'
import { IsolationSchema } from './common.ts'

export const HealthSchema = Type.Object({ status: Type.String() })

export const ReadinessSchema = Type.Object({
  status: Type.String(),
  isolation: IsolationSchema,
  cgroups: Type.Enum(['v1', 'v2', 'none'], {
    description: 'The control groups that bound workers, where they are delegated.',
  }),
  fresh: Type.Enum(['zygote', 'spares'], {
    description:
      'Where processes for fresh executions come from: forked from one that is ready, once the first was asked for, or each started by itself.',
  }),
  workers: Type.Unknown(),
})
