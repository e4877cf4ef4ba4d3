// `npm run bench`: the interpreter against quickjs-emscripten (and Node, for scale) on the programs of bench/programs,
// all in this process, in turns, by CPU time; then how long compiling takes. `--json` prints the figures as JSON,
// `--rounds N` sets the number of rounds, `--only NAME` takes one program (`compile` for the compile times).
// Every full run appends a line to bench/results/history.jsonl.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openInAnrf } from './anrf.ts'
import { timeCompile } from './compile-time.ts'
import { appendHistory, machineName, type Figure } from './history.ts'
import { geometricMean, measureInTurns, type Measured, type Runner } from './measure.ts'
import { openInNode, openInQuickJs } from './peers.ts'

/** Size of each program, chosen so that quickjs takes about a tenth of a second. */
const SIZES: Readonly<Record<string, number>> = {
  nbody: 20_000,
  'fannkuch-redux': 8,
  'spectral-norm': 150,
  mandelbrot: 180,
  'binary-trees': 11,
  'matrix-multiply': 120,
  'sort-records': 30_000,
  'string-scan': 40_000,
  'callback-pipeline': 1000,
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '7' },
    only: { type: 'string' },
  },
})

type Row = { readonly program: string; readonly n: number; readonly times: readonly Measured[] }

async function openProgram(program: string): Promise<readonly Runner[]> {
  const source = readFileSync(join(import.meta.dirname, 'programs', `${program}.ts`), 'utf8')
  return [await openInNode(source), await openInQuickJs(source), openInAnrf(program, source)]
}

/**
 * Runs every program in every engine a few times before anything is measured. The interpreter is one function of the host
 * for all programs, which the host compiles anew while it meets kinds of instructions that it has not seen; a
 * worker that serves requests is past that.
 */
function warmUp(all: ReadonlyMap<string, readonly Runner[]>): void {
  for (let round = 0; round < WARM_ROUNDS; round++) {
    for (const [program, runners] of all) for (const runner of runners) runner.run(SIZES[program]!)
  }
}

const WARM_ROUNDS = 4

const cpuOf = (row: Row, name: string): number => row.times.find((t) => t.name === name)!.cpuMs
const speedup = (row: Row): number => cpuOf(row, 'quickjs') / cpuOf(row, 'anrf')

function figuresOf(rows: readonly Row[]): Figure[] {
  const times = rows.flatMap(({ program, times }) =>
    times.map(({ name, cpuMs }): Figure => ({ name: `${program} ${name}`, value: cpuMs, unit: 'ms' })),
  )
  const ratios = rows.map((row): Figure => ({ name: `${row.program} quickjs/anrf`, value: speedup(row), unit: 'x' }))
  if (rows.length < 2) return [...times, ...ratios]
  return [...times, ...ratios, { name: 'geomean quickjs/anrf', value: geometricMean(rows.map(speedup)), unit: 'x' }]
}

function say(text: string): void {
  if (!options.json) process.stdout.write(`${text}\n`)
}

function printRow(row: Row): void {
  const ms = (name: string): string => cpuOf(row, name).toFixed(1).padStart(9)
  say(
    `${row.program.padEnd(18)} ${String(row.n).padStart(6)} ${ms('node')} ${ms('quickjs')} ${ms('anrf')} ${speedup(row).toFixed(2).padStart(8)}x`,
  )
}

async function main(): Promise<void> {
  const rounds = Number(options.rounds)
  const programs = Object.keys(SIZES).filter((name) => options.only === undefined || options.only === name)
  say(`CPU ms, median of ${rounds} rounds in turns, warm; ${machineName()}`)
  if (programs.length > 0) say(`${'program'.padEnd(18)}      n      node   quickjs      anrf  quickjs/anrf`)
  const opened = new Map<string, readonly Runner[]>()
  for (const program of programs) opened.set(program, await openProgram(program))
  warmUp(opened)
  const rows = [...opened].map(([program, runners]): Row => {
    const n = SIZES[program]!
    const row = { program, n, times: measureInTurns(runners, n, rounds) }
    for (const runner of runners) runner.dispose()
    printRow(row)
    return row
  })
  const figures = figuresOf(rows)
  if (rows.length > 1) say(`geometric mean of quickjs/anrf: ${figures.at(-1)!.value.toFixed(2)}x (goal 1.5x)`)
  if (options.only === undefined || options.only === 'compile') {
    const compile = timeCompile(rounds)
    figures.push(...compile)
    for (const { name, value } of compile) say(`${name}: ${value.toFixed(0)} ms`)
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ machine: machineName(), rounds, figures })}\n`)
  if (options.only === undefined) appendHistory(figures)
}

await main()
