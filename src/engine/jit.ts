import type { Limits, Outcome, Usage } from '../base/index.ts'
import { closedPort, type EffectPort } from '../effects/index.ts'
import { foldGlobals, narrowNumbers } from '../passes/index.ts'
import type { Module } from '../ir/index.ts'
import { encodeValue } from '../values/index.ts'
import { compileToWasm, WasmRun, type CallEnd, type Compiled, type CompileOptions } from '../wasm/index.ts'
import type { Engine, RunHost, RunReport, RunRequest } from './engine.ts'
import { INTERPRET } from './interpret.ts'
import { encodedArguments, encodedOutcome, failureOutcome } from './report.ts'
import { resumablePort } from './resume-port.ts'

/** Fuel up to which counters are i32 because a run ends before they leave it; runs with more have code of their own. */
const COUNTING_FUEL = 2 ** 31 - 2 ** 16

/** WebAssembly as a mode. */
export const JIT: Engine = jitWith({ charges: true })

/**
 * The mode with other options, for measurements. Without charges whoever runs a program sees to it that the run would end
 * within its fuel, on which the narrowing of numbers builds.
 */
export function jitWith(options: CompileOptions): Engine {
  return {
    compile(module, cyclic) {
      const byFuel = new Map<number, Compiled>()
      let foldedModule: Module | undefined
      const folded = (): Module => (foldedModule ??= foldGlobals(module))
      const compiledFor = (fuel: number): Compiled => {
        const fuelMax = fuel <= COUNTING_FUEL ? COUNTING_FUEL : Infinity
        let compiled = byFuel.get(fuelMax)
        if (!compiled)
          byFuel.set(fuelMax, (compiled = compileToWasm(narrowNumbers(folded(), fuelMax), cyclic, options)))
        return compiled
      }
      const interpreter = INTERPRET.compile(module, cyclic)
      return {
        run: (request) => {
          const compiled = compiledFor(request.limits.fuel)
          const world = resumablePort(request.host.effects ?? closedPort())
          let lines = 0
          const host: RunHost = {
            ...request.host,
            effects: world.first,
            log: (level, line) => {
              lines++
              request.host.log(level, line)
            },
          }
          return runOnce(compiled, { ...request, host }) ?? interpreter.run(resumed(request, lines, world.again()))
        },
      }
    },
  }
}

/** Nothing when the stack of the host was too small for the calls of the program, which says nothing about the program. */
function runOnce(compiled: Compiled, request: RunRequest): RunReport | undefined {
  const { host, limits, world } = request
  const entry = compiled.module.entries.findIndex(({ name }) => name === request.entry)
  if (entry < 0) throw new Error(`no entry ${request.entry}`)
  const begin = host.now?.() ?? 0
  const run = new WasmRun(compiled, limits, host, world)
  const usage = (): Usage => ({
    fuel: run.meter.fuelUsed,
    allocatedBytes: run.meter.allocatedBytes,
    depthMax: run.meter.depthReached,
    logBytes: run.logBytes,
    wallMs: (host.now?.() ?? 0) - begin,
  })
  const used = (): Pick<RunReport, 'usage' | 'readsWorld'> => ({ usage: usage(), readsWorld: run.world.wasRead })
  const initialized = run.initialize()
  if (initialized.kind === 'overflow') return undefined
  if (initialized.kind === 'failed') return { outcome: outcomeOf(initialized, limits), ...used() }
  const end = run.call(entry, request.args)
  if (end.kind === 'overflow') return undefined
  const outcome = outcomeOf(end, limits)
  const after = outcome.kind === 'returned' ? encodedArguments(end.args(), limits.output) : undefined
  return { outcome, ...(after && { args: after }), ...used() }
}

function outcomeOf(end: Exclude<CallEnd, { kind: 'overflow' }>, limits: Limits): Outcome {
  return end.kind === 'failed'
    ? failureOutcome(end.failure, end.stack, limits)
    : encodedOutcome(() => ({ kind: 'returned', value: encodeValue(end.value, limits.output) }))
}

/**
 * The request of a run that begins anew in another engine. Programs do the same each time, so the lines of the log that were
 * taken already come first and are passed over, and what the world said is said again.
 */
function resumed(request: RunRequest, lines: number, effects: EffectPort): RunRequest {
  let left = lines
  const host: RunHost = {
    ...request.host,
    effects,
    log: (level, line) => {
      if (left > 0) left--
      else request.host.log(level, line)
    },
  }
  return { ...request, host }
}
