import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { compileToDocument } from './anrf.ts'
import type { Figure } from './history.ts'
import { median, timeCpu } from './measure.ts'

const PROGRAM = 'compile-300'

/** Wall and CPU time of one compile, in ms. On a busy machine the CPU time is the one to compare. */
type Times = { readonly wall: number; readonly cpu: number }

/** Compiles before the first warm one is measured: by then the host has compiled what compiling needs. */
const WARM_UP_ROUNDS = 12

/** Copies of the program that make one of 3,000 lines. */
const MANY = 10

/**
 * How long the 300-line program takes to become a checked document: in a new process that finds the code cache of
 * an earlier one, as the command line does, and once everything is warm; and how long one of 3,000 lines takes cold.
 */
export function timeCompile(rounds: number): Figure[] {
  const cold: Times[] = []
  const warm: Times[] = []
  const long: Times[] = []
  timeCold(1)
  for (let i = 0; i < rounds; i++) cold.push(timeCold(1))
  for (let i = 0; i < rounds; i++) long.push(timeCold(MANY))
  for (let i = 0; i < WARM_UP_ROUNDS; i++) compileToDocument(PROGRAM)
  for (let i = 0; i < rounds; i++) warm.push(timeWarm())
  return [
    ...figuresOf('300 lines, cold process', cold),
    ...figuresOf('300 lines, warm', warm),
    ...figuresOf('3000 lines, cold process', long),
  ]
}

const figuresOf = (name: string, times: readonly Times[]): Figure[] => [
  { name: `compile ${name}, wall`, value: median(times.map((t) => t.wall)), unit: 'ms' },
  { name: `compile ${name}, CPU`, value: median(times.map((t) => t.cpu)), unit: 'ms' },
]

function timeCold(copies: number): Times {
  const begin = performance.now()
  const args = [join(import.meta.dirname, 'compile-once.ts'), String(copies)]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  const wall = performance.now() - begin
  if (status !== 0) throw new Error(`the cold compile failed\n${stderr}`)
  return { wall, cpu: Number(stdout) }
}

function timeWarm(): Times {
  const begin = performance.now()
  const { ms } = timeCpu(() => compileToDocument(PROGRAM))
  return { wall: performance.now() - begin, cpu: ms }
}
