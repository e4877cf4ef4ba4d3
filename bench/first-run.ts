// Run as a program: `first-run.ts ENGINE STATE PROGRAM FOLDER` runs the program once and prints how long that took, from
// what is on disk to the result.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { loadProgram } from '../src/engine/index.ts'
import { encodeModule } from '../src/ir/index.ts'
import { ENGINE_FLAGS } from '../src/sandbox/index.ts'
import { compileToModule, runOnce } from './anrf.ts'
import { checkChecksum, median } from './measure.ts'
import { toScript } from './peers.ts'
import { PROGRAMS, readSource } from './programs.ts'

const ENGINES = ['node', 'jit'] as const
type FirstEngine = (typeof ENGINES)[number]

/** The cache of compiled code of our own files, which a worker has as well. */
const CODE_CACHE = join(import.meta.dirname, '../node_modules/.cache/bench')

/** What a process has done before: nothing, or a small run of every other program, as a worker that has served for a while. */
export const STATES = ['new', 'served'] as const
export type State = (typeof STATES)[number]

const FILES = { node: 'mjs', jit: 'ir' } as const satisfies Record<FirstEngine, string>

/** Writes what the engines take into a folder, for as long as `work` is at it. */
export function withPrograms<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'anrf-bench-'))
  try {
    for (const name of Object.keys(PROGRAMS)) {
      writeFileSync(join(folder, `${name}.${FILES.node}`), `${toScript(readSource(name))}\nexport { run }`)
      writeFileSync(join(folder, `${name}.${FILES.jit}`), encodeModule(compileToModule(name)))
    }
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/**
 * Wall time in ms of the first run of a program in a new process, medians by engine. Node imports the program with its types
 * erased and calls it; the JIT decodes the IR, checks it, compiles it and calls it. Node and our engine are loaded before.
 */
export function timeFirstRuns(
  folder: string,
  program: string,
  state: State,
  rounds: number,
): Readonly<Record<FirstEngine, number>> {
  const times: Record<FirstEngine, number[]> = { node: [], jit: [] }
  // One round more, which fills the cache.
  for (let round = -1; round < rounds; round++)
    for (const engine of ENGINES) {
      const ms = timeProcess(engine, state, program, folder)
      if (round >= 0) times[engine].push(ms)
    }
  return { node: median(times.node), jit: median(times.jit) }
}

function timeProcess(engine: FirstEngine, state: State, program: string, folder: string): number {
  const args = [...ENGINE_FLAGS, import.meta.filename, engine, state, program, folder]
  const env = { ...process.env, NODE_COMPILE_CACHE: CODE_CACHE }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env })
  if (status !== 0) throw new Error(`the first run of ${program} failed\n${stderr}`)
  return Number(stdout)
}

/** Loads a program from its file and runs it. */
async function runFrom(engine: FirstEngine, folder: string, program: string, n: number): Promise<number> {
  const file = join(folder, `${program}.${FILES[engine]}`)
  if (engine === 'node') return ((await import(pathToFileURL(file).href)) as { run(n: number): number }).run(n)
  const loaded = loadProgram(readFileSync(file))
  if (!('program' in loaded)) throw new Error(loaded.diagnostics[0]?.message)
  return runOnce(loaded.program, 'jit', n)
}

if (import.meta.main) {
  const [engine, state, program, folder] = process.argv.slice(2) as [FirstEngine, State, string, string]
  const others = Object.keys(PROGRAMS).filter((name) => state === 'served' && name !== program)
  for (const other of others) await runFrom(engine, folder, other, PROGRAMS[other]!.small.n)
  const { n, checksum } = PROGRAMS[program]!.large
  const begin = performance.now()
  const found = await runFrom(engine, folder, program, n)
  process.stdout.write(String(performance.now() - begin))
  checkChecksum(engine, program, found, checksum)
}
