import { openInMode, openUncounted } from './anrf.ts'
import { checkChecksum, collectYoung, median, spread, timeCpu, type Runner } from './measure.ts'
import { isInstalled, openInNode, openInQuickJs, timeForeign, type Foreign } from './peers.ts'
import { IDIOMS, PROGRAMS, type Programs, type Size } from './programs.ts'

type Engine = (program: string) => Runner | Promise<Runner>

/** Engines that run in this process, in turns. */
const ENGINES = {
  node: openInNode,
  quickjs: openInQuickJs,
  interpret: (program) => openInMode(program, 'interpret'),
  jit: (program) => openInMode(program, 'jit'),
  uncounted: openUncounted,
} as const satisfies Record<string, Engine>

export type EngineName = keyof typeof ENGINES

/** Which engines run which programs, with which loads. The first is what `ours` is held against; `foreign` peers come in their own time. */
export const TABLES = {
  jit: { programs: PROGRAMS, size: 'large', engines: ['node', 'jit', 'uncounted'], foreign: ['luajit', 'pypy'] },
  idioms: { programs: IDIOMS, size: 'large', engines: ['node', 'jit'], foreign: [] },
  interpret: { programs: PROGRAMS, size: 'small', engines: ['node', 'quickjs', 'interpret'], foreign: [] },
} as const satisfies Record<
  string,
  {
    readonly programs: Programs
    readonly size: Size
    readonly engines: readonly EngineName[]
    readonly foreign: readonly Foreign[]
  }
>

export type TableName = keyof typeof TABLES

/** CPU time of one engine for one program, in ms: the middle of the rounds and how much they differ. */
export type Timing = { readonly ms: number; readonly spread: number }

export type Row = {
  readonly program: string
  readonly n: number
  readonly timings: Readonly<Record<string, Timing | undefined>>
}

/** Opens a program in every engine of a table. */
export async function openProgram(table: TableName, program: string): Promise<ReadonlyMap<EngineName, Runner>> {
  const opened = new Map<EngineName, Runner>()
  for (const engine of TABLES[table].engines) opened.set(engine, await ENGINES[engine](program))
  return opened
}

/** Runs a program in every engine once, and then `rounds` times in turns, so that a slow spell of the machine meets all of them. */
export function measureRow(
  table: TableName,
  program: string,
  runners: ReadonlyMap<EngineName, Runner>,
  rounds: number,
): Row {
  const { programs, size, foreign } = TABLES[table]
  const { n, checksum } = programs[program]![size]
  for (const [engine, runner] of runners) checkChecksum(engine, program, runner.run(n), checksum)
  const times = new Map([...runners.keys()].map((engine): [EngineName, number[]] => [engine, []]))
  for (let round = 0; round < rounds; round++)
    for (const [engine, runner] of runners) {
      collectYoung()
      times.get(engine)!.push(timeCpu(() => runner.run(n)).ms)
    }
  const timings: Record<string, Timing> = {}
  for (const [engine, all] of times) timings[engine] = timingOf(all)
  for (const peer of foreign) {
    const timed = isInstalled(peer) ? timeForeign(peer, program, n, rounds) : undefined
    if (!timed) continue
    checkChecksum(peer, program, timed.checksum, checksum)
    timings[peer] = timingOf(timed.times)
  }
  return { program, n, timings }
}

const timingOf = (times: readonly number[]): Timing => ({ ms: median(times), spread: spread(times) })
