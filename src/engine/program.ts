import { resolveLimits, type Diagnostic, type Encoded, type Limits, type Mode } from '../base/index.ts'
import { closedPort, STILL_WORLD, type World } from '../effects/index.ts'
import { checkModule, decodeModule, type Module } from '../ir/index.ts'
import { findCallCycles } from '../passes/index.ts'
import { boundedPort } from './bounded-port.ts'
import type { Engine, Executable, RunHost, RunReport } from './engine.ts'
import { INTERPRET } from './interpret.ts'
import { JIT } from './jit.ts'

/** The modes of execution: one row each. */
export const MODES = { interpret: INTERPRET, jit: JIT } as const satisfies Record<Mode, Engine>

/** A checked module that can be run in any mode; compiled for a mode at its first use. */
export type Program = {
  readonly module: Module
  readonly cyclic: ReadonlySet<number>
  readonly executables: Map<Mode, Executable>
}

/** Decodes, checks and prepares a program. The bytes are not trusted. */
export function loadProgram(
  bytes: Uint8Array,
): { readonly program: Program } | { readonly diagnostics: readonly Diagnostic[] } {
  const decoded = decodeModule(bytes)
  return 'module' in decoded ? prepareModule(decoded.module) : decoded
}

/** Checks and prepares a module that is not in bytes. */
export function prepareModule(
  module: Module,
): { readonly program: Program } | { readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics = checkModule(module)
  if (diagnostics.length > 0) return { diagnostics }
  return { program: { module, cyclic: findCallCycles(module), executables: new Map() } }
}

export type RunOptions = {
  readonly entry: string
  /** In the order of the entry's parameters, as `checkInputs` gives them. */
  readonly args: readonly Encoded[]
  /** Missing limits are the defaults. */
  readonly limits?: Partial<Limits>
  /** What the run is told of the world; a still one when it is left out. */
  readonly world?: World
  readonly host: RunHost
  readonly mode?: Mode
}

/**
 * Runs an entry of a program once, on a fresh instance: the top level first, then the entry.
 * Whatever the program does is an outcome; what this throws is a defect of ours, or an entry
 * or arguments that were not checked.
 */
export function run(program: Program, options: RunOptions): RunReport {
  return runWithin(program, resolveLimits(options.limits), options)
}

/** As {@link run}, with limits that are whole and within their ceilings already. */
export function runWithin(program: Program, limits: Limits, options: Omit<RunOptions, 'limits'>): RunReport {
  const mode = options.mode ?? 'interpret'
  let executable = program.executables.get(mode)
  if (!executable) program.executables.set(mode, (executable = MODES[mode].compile(program.module, program.cyclic)))
  const { entry, args, world = STILL_WORLD } = options
  const host = { ...options.host, effects: boundedPort(options.host.effects ?? closedPort(), limits.io) }
  return executable.run({ entry, args, limits, world, host })
}
