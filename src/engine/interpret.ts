import type { Outcome } from '../base/index.ts'
import { compileModule, describeTrace, Machine, traceOf, type Bytecode } from '../interp/index.ts'
import { decodeArgument, encodeValue, Thrown } from '../values/index.ts'
import type { Engine, RunReport, RunRequest } from './engine.ts'
import { encodedArguments, encodedOutcome, failureOutcome } from './report.ts'

/** The interpreter as a mode. */
export const INTERPRET: Engine = {
  compile(module, cyclic) {
    let bytecode: Bytecode | undefined
    return { run: (request) => runOnce((bytecode ??= compileModule(module, cyclic)), request) }
  },
}

function runOnce(bytecode: Bytecode, request: RunRequest): RunReport {
  const { host, limits, world } = request
  const begin = host.now?.() ?? 0
  const machine = new Machine(bytecode, limits, host, world)
  const report = { ...runEntry(machine, request), ...used(machine, (host.now?.() ?? 0) - begin) }
  machine.leave()
  return report
}

function runEntry(
  machine: Machine,
  { entry: name, args: given, limits }: RunRequest,
): Omit<RunReport, 'usage' | 'readsWorld'> {
  const { module } = machine
  const entry = module.entries.find((one) => one.name === name)
  if (!entry) throw new Error(`no entry ${name}`)
  machine.start(module.init, [])
  machine.resume()
  if (machine.state.kind !== 'done') return { outcome: failureOf(machine) }
  const args = entry.params.map((param, i) => decodeArgument(given[i], param.type, machine.layouts))
  machine.start(entry.func, args)
  machine.resume()
  if (machine.state.kind !== 'done') return { outcome: failureOf(machine) }
  const outcome = encodedOutcome(() => ({
    kind: 'returned',
    value: encodeValue(machine.result(entry.func), limits.output),
  }))
  const after = outcome.kind === 'returned' ? encodedArguments(args, limits.output) : undefined
  return { outcome, ...(after && { args: after }) }
}

function used(machine: Machine, wallMs: number): Pick<RunReport, 'usage' | 'readsWorld'> {
  const usage = {
    fuel: machine.fuelUsed,
    allocatedBytes: machine.allocatedBytes,
    depthMax: machine.depthReached,
    logBytes: machine.logBytes,
    wallMs,
  }
  return { usage, readsWorld: machine.world.wasRead }
}

function failureOf(machine: Machine): Outcome {
  const { state, bytecode, limits } = machine
  if (state.kind !== 'failed') throw new Error(`the machine stopped while ${state.kind}`)
  const { failure, trace } = state
  const place = failure instanceof Thrown ? traceOf(failure.value, trace) : trace
  return failureOutcome(failure, describeTrace(bytecode, place), limits)
}
