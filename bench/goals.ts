import type { Figure } from './history.ts'

/** What a figure should be at most or at least, and where that is asked. */
type Goal = { readonly figure: string; readonly at: 'most' | 'least'; readonly bound: number }

/** The goals, one row each; figures are named as in the tables. */
const GOALS: readonly Goal[] = [
  { figure: 'geomean jit/node', at: 'most', bound: 0.75 },
  { figure: 'worst jit/node', at: 'most', bound: 1.3 },
  { figure: 'worst first run where others ran before', at: 'most', bound: 1 },
  { figure: 'worst first run in a new process', at: 'most', bound: 1 },
  { figure: 'geomean of counting', at: 'most', bound: 1.1 },
  { figure: 'worst of counting', at: 'most', bound: 1.5 },
  { figure: 'run of a cached program', at: 'most', bound: 1 },
  { figure: 'encoding per function', at: 'most', bound: 40 },
  { figure: 'memory verdict', at: 'most', bound: 100 },
  { figure: 'compile 300 lines, cold process, wall', at: 'most', bound: 700 },
  { figure: 'compile 3000 lines, cold process, wall', at: 'most', bound: 3000 },
  { figure: 'geomean quickjs/interpret', at: 'least', bound: 1.5 },
  { figure: 'added p50 pooled', at: 'most', bound: 0.15 },
  { figure: 'added p50 fresh', at: 'most', bound: 5 },
  { figure: 'CPU pooled/fastify', at: 'most', bound: 2.5 },
  { figure: 'CPU isolated-vm/pooled', at: 'least', bound: 10 },
  { figure: 'sustained errors', at: 'most', bound: 0 },
  { figure: 'sustained memory growth', at: 'most', bound: 1.1 },
  { figure: 'audit entries lost', at: 'most', bound: 0 },
  { figure: 'overload errors', at: 'most', bound: 0 },
  { figure: 'errors after the overload', at: 'most', bound: 0 },
  ...['interpret', 'jit'].flatMap((mode): Goal[] => [
    { figure: `stop at wall limit ${mode}`, at: 'most', bound: 50 },
    { figure: `stop at cpu limit ${mode}`, at: 'most', bound: 50 },
    { figure: `stop at memory limit ${mode}`, at: 'most', bound: 100 },
  ]),
]

/** A line for each goal whose figure was measured: met or missed, and by what. */
export function describeGoals(figures: readonly Figure[]): readonly string[] {
  return GOALS.flatMap(({ figure, at, bound }) => {
    const found = figures.find(({ name }) => name === figure)
    if (!found) return []
    const isMet = at === 'most' ? found.value <= bound : found.value >= bound
    const unit = { x: 'x', count: '', ms: ' ms', us: ' us' }[found.unit]
    const value = `${found.value.toFixed(2)}${unit}`
    return [`${isMet ? 'met   ' : 'missed'} ${figure.padEnd(40)} ${value.padStart(10)}  (at ${at} ${bound}${unit})`]
  })
}
