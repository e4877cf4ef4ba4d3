import type { Encoded, Outcome, Usage } from '../base/index.ts'
import {
  compileModule,
  decodeArgument,
  describeThrown,
  describeTrace,
  encodeValue,
  Limited,
  Machine,
  Thrown,
  traceOf,
  type Bytecode,
} from '../interp/index.ts'
import type { Engine, RunReport, RunRequest } from './engine.ts'

/** The interpreter as a mode. */
export const INTERPRET: Engine = {
  compile(module, cyclic) {
    let bytecode: Bytecode | undefined
    return { run: (request) => runOnce((bytecode ??= compileModule(module, cyclic)), request) }
  },
}

function runOnce(bytecode: Bytecode, request: RunRequest): RunReport {
  const { module } = bytecode
  const { host, limits } = request
  const entry = module.entries.find(({ name }) => name === request.entry)
  if (!entry) throw new Error(`no entry ${request.entry}`)
  const begin = host.now?.() ?? 0
  const machine = new Machine(bytecode, limits, host)
  const usage = (): Usage => ({
    fuel: machine.fuelUsed,
    allocatedBytes: machine.allocatedBytes,
    depthMax: machine.depthReached,
    logBytes: machine.logBytes,
    wallMs: (host.now?.() ?? 0) - begin,
  })
  machine.start(module.init, [])
  machine.resume()
  if (machine.state.kind !== 'done') return { outcome: failureOf(machine), usage: usage() }
  const args = entry.params.map((param, i) => decodeArgument(request.args[i], param.type, machine.layouts))
  machine.start(entry.func, args)
  machine.resume()
  if (machine.state.kind !== 'done') return { outcome: failureOf(machine), usage: usage() }
  const outcome = encoded(() => ({ kind: 'returned', value: encodeValue(machine.result(entry.func), limits.output) }))
  const after = outcome.kind === 'returned' ? encodedArguments(args, limits.output) : undefined
  return { outcome, ...(after && { args: after }), usage: usage() }
}

/** The outcome that `make` encodes, unless it exceeds the output limit. */
function encoded(make: () => Outcome): Outcome {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof Limited)) throw error
    return { kind: 'limited', limit: error.limit, message: error.message, stack: [] }
  }
}

function encodedArguments(args: readonly unknown[], bytesMax: number): readonly Encoded[] | undefined {
  try {
    return encodeValue(args, bytesMax) as readonly Encoded[]
  } catch (error) {
    if (error instanceof Limited) return undefined
    throw error
  }
}

function failureOf(machine: Machine): Outcome {
  const { state, bytecode } = machine
  if (state.kind !== 'failed') throw new Error(`the machine stopped while ${state.kind}`)
  const { failure, trace } = state
  const thrown = failure instanceof Thrown
  const stack = describeTrace(bytecode, thrown ? traceOf(failure.value, trace) : trace)
  if (thrown) return encoded(() => ({ kind: 'threw', error: describeThrown(machine, failure.value), stack }))
  if (failure instanceof Limited) return { kind: 'limited', limit: failure.limit, message: failure.message, stack }
  return { kind: 'trapped', trap: failure.trap, message: failure.message, stack }
}
