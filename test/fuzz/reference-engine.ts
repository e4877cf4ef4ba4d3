import type { Encoded, Limits } from '../../src/base/index.ts'
import { CONSOLE_METHODS, type LogLevel, type Module } from '../../src/ir/index.ts'
import { findCallCycles } from '../../src/passes/index.ts'
import { decodeReference, describeReference, thrownIn } from '../ir/reference-host.ts'
import { runReference, type Quirks, type ReferenceRun } from '../ir/reference.ts'
import { encodeReference } from '../ir/reference-values.ts'
import type { Observation } from './observation.ts'

const CYCLES = new WeakMap<Module, ReadonlySet<number>>()

function cyclesOf(module: Module): ReadonlySet<number> {
  const known = CYCLES.get(module)
  if (known) return known
  const found = findCallCycles(module)
  CYCLES.set(module, found)
  return found
}

/** Runs an entry in the reference evaluator. It knows neither places in the source nor how lines are printed. */
export function observeReference(
  module: Module,
  name: string,
  encoded: readonly Encoded[],
  limits: Limits,
  quirks?: Quirks,
): Observation {
  const entry = module.entries.find((e) => e.name === name)
  if (!entry) throw new Error(`no entry ${name}`)
  const args = entry.params.map(({ type }, i) => decodeReference(module, encoded[i]!, type))
  try {
    const run = runReference(module, cyclesOf(module), entry.func, args, limits, quirks)
    const text = (value: unknown): string => JSON.stringify(encodeReference(module, value))
    return observationOf(run, module, text, args)
  } catch (error) {
    const value = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { end: 'crashed', value, fuel: -1, allocatedBytes: -1, depthMax: -1, levels: '' }
  }
}

/** The levels of the lines that calls of console write. */
function levelsOf(calls: ReferenceRun['logs']): LogLevel[] {
  const started = new Set<unknown>()
  return calls.flatMap(({ method, values: [first], values }) => {
    const wasStarted = started.has(first)
    if (method === 'time') started.add(first)
    if (method === 'timeEnd') started.delete(first)
    const writes = method.startsWith('time')
      ? method !== 'time' && wasStarted
      : method === 'assert'
        ? first === false
        : method === 'group'
          ? values.length > 0
          : method !== 'groupEnd' && method !== 'countReset'
    return writes ? [CONSOLE_METHODS[method]] : []
  })
}

function observationOf(
  { end, fuel, allocatedBytes, depthMax, logs }: ReferenceRun,
  module: Module,
  text: (value: unknown) => string,
  args: readonly unknown[],
): Observation {
  const seen = (value: unknown): Pick<Observation, 'value' | 'name' | 'message'> => ({
    value: text(value),
    ...describeReference(module, value),
  })
  const known = { fuel, allocatedBytes, depthMax, levels: levelsOf(logs).join(' ') }
  switch (end.kind) {
    case 'returned':
      return { end: 'returned', value: text(end.value), args: text(args), ...known }
    case 'threw':
      return { end: 'threw', ...seen(thrownIn(module, end.value)), ...known }
    case 'trapped':
      return { end: 'trapped', value: end.trap, ...known }
    case 'limited':
      return { end: 'limited', value: end.limit, ...known }
  }
}
