// Everything that can run a module, under one contract: the reference evaluator and every mode of src/engine, read from its
// table, so that a new mode is compared from the day it has a row.
import type { Encoded, Frame, Limits, Mode } from '../../src/base/index.ts'
import { MODES, prepareModule, run, type Program, type RunReport } from '../../src/engine/index.ts'
import type { Module } from '../../src/ir/index.ts'
import { findCallCycles } from '../../src/passes/index.ts'
import { scriptedPort } from '../golden/scripted-port.ts'
import type { Observation } from './observation.ts'
import { noteOperation } from './reference-coverage.ts'
import { observeReference } from './reference-engine.ts'

export type DiffEngine = {
  readonly name: string
  /** Knows the meaning of programs, not how values are written or lines printed. */
  readonly isModel?: boolean
  run(module: Module, entry: string, args: readonly Encoded[], limits: Limits): Observation
}

const PROGRAMS = new WeakMap<Module, Program>()

/** The program of a module, checked and prepared at its first use and never again. Throws when the checker refuses it. */
export function programOf(module: Module): Program {
  const known = PROGRAMS.get(module)
  if (known) return known
  const prepared = prepareModule(module)
  if (!('program' in prepared)) throw new Error(prepared.diagnostics.map((d) => d.message).join('; '))
  PROGRAMS.set(module, prepared.program)
  return prepared.program
}

/** The program of a module that comes from the compiler, which has checked it. */
export function openCompiled(module: Module): Program {
  const program: Program = { module, cyclic: findCallCycles(module), executables: new Map() }
  PROGRAMS.set(module, program)
  return program
}

const REFERENCE: DiffEngine = {
  name: 'reference',
  isModel: true,
  run: (module, entry, args, limits) => observeReference(module, entry, args, limits, { see: noteOperation }),
}

/** Every engine, the reference first. */
export const ENGINES: readonly DiffEngine[] = [REFERENCE, ...(Object.keys(MODES) as Mode[]).map(engineOf)]

function engineOf(mode: Mode): DiffEngine {
  return {
    name: mode,
    run(module, entry, args, limits) {
      const lines: string[] = []
      const levels: string[] = []
      const log = (level: string, line: string): void => {
        levels.push(level)
        lines.push(line)
      }
      const program = programOf(module)
      try {
        return observe(
          run(program, { entry, args, limits, host: { log, effects: scriptedPort() }, mode }),
          levels,
          lines,
        )
      } catch (error) {
        return crashed(error)
      }
    },
  }
}

/** What an engine that threw is taken to have said. */
export function crashed(error: unknown): Observation {
  const value = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { end: 'crashed', value, fuel: -1, allocatedBytes: -1, depthMax: -1, levels: '' }
}

function observe(
  { outcome, usage, args }: RunReport,
  levels: readonly string[],
  lines: readonly string[],
): Observation {
  const { fuel, allocatedBytes, depthMax } = usage
  const known = { fuel, allocatedBytes, depthMax, levels: levels.join(' '), lines: lines.join('\n') }
  switch (outcome.kind) {
    case 'returned':
      return { end: 'returned', value: JSON.stringify(outcome.value), args: JSON.stringify(args ?? null), ...known }
    case 'threw': {
      const { name, message, value } = outcome.error
      return { end: 'threw', value: JSON.stringify(value), name, message, stack: stackText(outcome.stack), ...known }
    }
    case 'trapped':
      return {
        end: 'trapped',
        value: outcome.trap,
        message: outcome.message,
        stack: stackText(outcome.stack),
        ...known,
      }
    case 'limited':
      return {
        end: 'limited',
        value: outcome.limit,
        message: outcome.message,
        stack: stackText(outcome.stack),
        ...known,
      }
    default:
      return { ...crashed(new Error(`an engine ended as ${outcome.kind}`)), ...known }
  }
}

function stackText(stack: readonly Frame[]): string {
  const place = ({ location: at }: Frame): string =>
    at ? ` ${at.path}:${at.start.line}:${at.start.column}-${at.end.line}:${at.end.column}` : ''
  return stack.map((frame) => `${frame.function}${place(frame)}`).join('\n')
}
