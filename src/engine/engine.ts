import type { Encoded, Limits, Outcome, Usage } from '../base/index.ts'
import type { EffectPort, World } from '../effects/index.ts'
import type { Module } from '../ir/index.ts'

/** What a run may ask of its surroundings. */
export type RunHost = {
  /** Takes a line of the log, without the line end, as Node prints it. */
  log(level: string, line: string): void
  /** Bytes alive on behalf of the run; asked each time 16 MB more were allocated. */
  liveBytes?(): number
  /** Milliseconds of some clock, for `usage.wallMs`. */
  now?(): number
  /** The way to the world, for one run; nothing is behind it when it is left out. */
  readonly effects?: EffectPort
}

/** One run of one entry. Arguments stand in the order of the entry's parameters and were checked before. */
export type RunRequest = {
  readonly entry: string
  readonly args: readonly Encoded[]
  readonly limits: Limits
  readonly world: World
  readonly host: RunHost
}

/** How a run ended, and what it used. */
export type RunReport = {
  readonly outcome: Outcome
  /** The arguments after the call, if it returned and they are no larger than the output limit. */
  readonly args?: readonly Encoded[]
  readonly usage: Usage
  /** Whether the run read clock or chance, so that doing it again takes the same world. */
  readonly readsWorld: boolean
}

/** A program made ready for one mode. Runs share nothing but this. */
export type Executable = { run(request: RunRequest): RunReport }

/** A mode of execution. `cyclic`: the functions on call cycles, whose calls count. */
export type Engine = { compile(module: Module, cyclic: ReadonlySet<number>): Executable }
