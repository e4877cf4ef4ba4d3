import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileToDocument } from './anrf.ts'
import type { Figure } from './history.ts'
import { median, timeCpu } from './measure.ts'
import { readSource } from './programs.ts'

const PROGRAM = 'compile-300'

/** Wall and CPU time of one compile, in ms. On a busy machine the CPU time is the one to compare. */
type Times = { readonly wall: number; readonly cpu: number }

/** Compiles before the first warm one is measured: by then the host has compiled what compiling needs. */
const WARM_UP_ROUNDS = 12

/** Copies of the program that make one of 3,000 lines. */
const MANY = 10

/**
 * How long `anrf build` takes for the 300-line program, in a new process that finds the code cache of an earlier one; how long compiling it
 * takes once everything is warm; and how long `anrf build` takes for 3,000 lines.
 */
export function timeCompile(rounds: number): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), 'anrf-bench-'))
  try {
    return measureIn(folder, rounds)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function measureIn(folder: string, rounds: number): Figure[] {
  const [one, many] = writeSources(folder)
  const cold: Times[] = []
  const warm: Times[] = []
  const long: Times[] = []
  timeCold(one, folder)
  for (let i = 0; i < rounds; i++) cold.push(timeCold(one, folder))
  for (let i = 0; i < rounds; i++) long.push(timeCold(many, folder))
  for (let i = 0; i < WARM_UP_ROUNDS; i++) compileToDocument(PROGRAM)
  for (let i = 0; i < rounds; i++) warm.push(timeWarm())
  return [
    ...figuresOf('300 lines, cold process', cold),
    ...figuresOf('300 lines, warm', warm),
    ...figuresOf('3000 lines, cold process', long),
  ]
}

/** The main files of the program, and of one that imports copies of it. */
function writeSources(folder: string): readonly [string, string] {
  const source = readSource(PROGRAM)
  const modules = Array.from({ length: MANY }, (_, i) => `copy${i}`)
  for (const name of [PROGRAM, ...modules]) writeFileSync(join(folder, `${name}.ts`), source)
  const lines = [
    ...modules.map((name) => `import { run as ${name} } from './${name}.ts'`),
    `import type { Command, Result } from './copy0.ts'`,
    `export function run(commands: Command[]): Result[] {`,
    `  return [${modules.map((name) => `${name}(commands)`).join(', ')}]`,
    `}`,
  ]
  const many = join(folder, 'many.ts')
  writeFileSync(many, lines.join('\n'))
  return [join(folder, `${PROGRAM}.ts`), many]
}

const figuresOf = (name: string, times: readonly Times[]): Figure[] => [
  { name: `compile ${name}, wall`, value: median(times.map((t) => t.wall)), unit: 'ms' },
  { name: `compile ${name}, CPU`, value: median(times.map((t) => t.cpu)), unit: 'ms' },
]

function timeCold(file: string, folder: string): Times {
  const begin = performance.now()
  // As the command `anrf` sets it.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/compile') }
  const args = [join(import.meta.dirname, 'compile-once.ts'), file, folder]
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env })
  const wall = performance.now() - begin
  if (status !== 0) throw new Error(`the cold compile failed\n${stderr}`)
  return { wall, cpu: Number(readFileSync(join(folder, 'cpu'), 'utf8')) }
}

function timeWarm(): Times {
  const begin = performance.now()
  const { ms } = timeCpu(() => compileToDocument(PROGRAM))
  return { wall: performance.now() - begin, cpu: ms }
}
