import { resolveLimits, type Encoded, type Limits } from '../../src/base/index.ts'
import { compileModule, Machine, type CompileOptions } from '../../src/interp/index.ts'
import { describeThrown, encodeValue, Limited, Thrown } from '../../src/values/index.ts'
import type { Module } from '../../src/ir/index.ts'
import { findCallCycles } from '../../src/passes/index.ts'

/** How a run of one function on a bare machine ended. */
export type MachineRun = {
  readonly end: unknown
  readonly fuel: number
  readonly bytes: number
  readonly depth: number
}

export function newMachine(module: Module, options: CompileOptions, limits: Partial<Limits> = {}): Machine {
  const bytecode = compileModule(module, findCallCycles(module), options)
  return new Machine(bytecode, resolveLimits(limits), { log: () => undefined })
}

/** Runs a function with host values as arguments; what it gave, threw or met, and what it used. */
export function runOnMachine(
  module: Module,
  func: number,
  args: readonly unknown[],
  options: CompileOptions,
  limits: Partial<Limits> = {},
): MachineRun {
  const machine = newMachine(module, options, limits)
  machine.start(func, args)
  machine.resume()
  return {
    end: endOf(machine, func),
    fuel: machine.fuelUsed,
    bytes: machine.allocatedBytes,
    depth: machine.depthReached,
  }
}

function endOf(machine: Machine, func: number): unknown {
  const { state } = machine
  if (state.kind !== 'failed') return { value: encodeValue(machine.result(func), 1e7) }
  const { failure } = state
  if (failure instanceof Thrown)
    return { threw: describeThrown(failure.value, machine.limits) satisfies { value: Encoded } }
  return failure instanceof Limited ? { limit: failure.limit } : { trap: failure.trap }
}
