// `npm run bench`: every program of bench/programs in our modes and in peers, in turns, by CPU time; then first runs in new
// processes, what running again and making code cost, and how long compiling takes. See --help.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ENGINE_FLAGS } from '../src/sandbox/index.ts'
import { timeCompile } from './compile-time.ts'
import { timeEncoding, timeMemoryVerdict, timeRunAgain } from './costs.ts'
import { STATES, timeFirstRuns, withPrograms, type State } from './first-run.ts'
import { describeGoals } from './goals.ts'
import { appendHistory, machineName, type Figure } from './history.ts'
import { geometricMean, type Runner } from './measure.ts'
import { FOREIGN, isInstalled, type Foreign } from './peers.ts'
import { writePlot } from './plot.ts'
import { PROGRAMS, type Programs } from './programs.ts'
import { measureRow, openProgram, TABLES, type EngineName, type Row, type TableName } from './tables.ts'

const PARTS = ['jit', 'idioms', 'costs', 'interpret', 'first', 'compile'] as const

const HELP = `usage: npm run bench -- [options]
  --only NAME,...   these programs only
  --part NAME,...   of ${PARTS.join(', ')} (all)
  --rounds N        rounds of each measurement (7)
  --json            print the figures as JSON
A run of everything appends a line to bench/results/history.jsonl and draws bench/results/latest.svg.
`

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '7' },
    only: { type: 'string' },
    part: { type: 'string' },
    // Of the process that has the flags: where it leaves its figures.
    figures: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const rounds = Number(options.rounds)
const only = options.only?.split(',')
const chosenOf = (programs: Programs): string[] => Object.keys(programs).filter((name) => only?.includes(name) ?? true)
const parts: readonly string[] = options.part?.split(',') ?? PARTS
const isComplete = options.only === undefined && options.part === undefined

function say(text = ''): void {
  if (!options.json) process.stdout.write(`${text}\n`)
}

/** The comparisons of a table: ours over the other's time, or the other's over ours where more is better. */
const COMPARED: Readonly<Record<TableName, readonly { name: string; over: EngineName; under: EngineName }[]>> = {
  jit: [
    { name: 'jit/node', over: 'jit', under: 'node' },
    { name: 'of counting', over: 'jit', under: 'uncounted' },
  ],
  idioms: [{ name: 'idioms/node', over: 'jit', under: 'node' }],
  interpret: [{ name: 'quickjs/interpret', over: 'quickjs', under: 'interpret' }],
}

const ratio = ({ timings }: Row, over: string, under: string): number => timings[over]!.ms / timings[under]!.ms

/** Rounds before anything is measured: the interpreter is one function of the host for all programs, compiled anew for each kind of instruction it meets. */
const WARM_ROUNDS = 3

async function measureTable(table: TableName): Promise<Figure[]> {
  const { programs, engines, foreign, size } = TABLES[table]
  const columns: readonly string[] = [...engines, ...foreign.filter(isInstalled)]
  const compared = COMPARED[table]
  say(`\n${table}: CPU ms, median of ${rounds} rounds in turns (± half the distance of the quarters)`)
  say(
    [
      'program'.padEnd(18),
      '      n',
      ...columns.map((c) => c.padStart(14)),
      ...compared.map(({ name }) => name.padStart(18)),
    ].join(' '),
  )
  const opened = new Map<string, ReadonlyMap<EngineName, Runner>>()
  for (const program of chosenOf(programs)) opened.set(program, await openProgram(table, program))
  for (let round = 0; round < WARM_ROUNDS; round++)
    for (const [program, runners] of opened)
      for (const runner of runners.values()) runner.run((programs as Programs)[program]![size].n)
  const rows = [...opened].map(([program, runners]): Row => {
    const row = measureRow(table, program, runners, rounds)
    for (const runner of runners.values()) runner.dispose()
    const times = columns.map((column) => formatTiming(row, column))
    const ratios = compared.map(({ over, under }) => `${ratio(row, over, under).toFixed(2)}x`.padStart(18))
    say([program.padEnd(18), String(row.n).padStart(7), ...times, ...ratios].join(' '))
    return row
  })
  for (const peer of foreign) if (!isInstalled(peer)) say(missing(peer))
  return [...rows.flatMap(figuresOfRow), ...compared.flatMap((c) => figuresOfRatio(rows, c))]
}

function formatTiming({ timings }: Row, column: string): string {
  const timing = timings[column]
  return (timing ? `${timing.ms.toFixed(1)} ±${(timing.spread * 100).toFixed(0).padStart(2)}%` : '-').padStart(14)
}

const missing = (peer: Foreign): string => `${peer} is not installed (${FOREIGN[peer].install})`

function figuresOfRow({ program, timings }: Row): Figure[] {
  return Object.entries(timings).map(([engine, timing]) => ({
    name: `${program} ${engine}`,
    value: timing!.ms,
    unit: 'ms',
  }))
}

function figuresOfRatio(
  rows: readonly Row[],
  { name, over, under }: { name: string; over: string; under: string },
): Figure[] {
  const ratios = rows.map((row) => ratio(row, over, under))
  const each = rows.map((row, i): Figure => ({ name: `${row.program} ${name}`, value: ratios[i]!, unit: 'x' }))
  if (rows.length < 2) return each
  const mean: Figure = { name: `geomean ${name}`, value: geometricMean(ratios), unit: 'x' }
  return [...each, mean, { name: `worst ${name}`, value: Math.max(...ratios), unit: 'x' }]
}

const FIRST_RUNS: Readonly<Record<State, string>> = {
  new: 'first run in a new process',
  served: 'first run where others ran before',
}

function measureFirstRuns(): Figure[] {
  return withPrograms((folder) =>
    STATES.flatMap((state) => {
      const what = FIRST_RUNS[state]
      say(`\n${what}: wall ms from what is on disk to the result, median of ${rounds}`)
      say(`${'program'.padEnd(18)}      node       jit   jit/node`)
      const ratios = chosenOf(PROGRAMS).map((program): Figure => {
        const { node, jit } = timeFirstRuns(folder, program, state, rounds)
        const columns = [node.toFixed(1), jit.toFixed(1), (jit / node).toFixed(2)].map((text) => text.padStart(9))
        say(`${program.padEnd(18)} ${columns.join(' ')}x`)
        return { name: `${program} ${what}`, value: jit / node, unit: 'x' }
      })
      return [...ratios, { name: `worst ${what}`, value: Math.max(...ratios.map(({ value }) => value)), unit: 'x' }]
    }),
  )
}

function measureCosts(): Figure[] {
  const figures = [timeRunAgain(rounds), ...timeEncoding(rounds), timeMemoryVerdict(rounds)]
  say('')
  for (const { name, value, unit } of figures) say(`${name}: ${value.toFixed(2)} ${unit}`)
  return figures
}

function measureCompile(): Figure[] {
  const figures = timeCompile(rounds)
  say('')
  for (const { name, value } of figures) say(`${name}: ${value.toFixed(0)} ms`)
  return figures
}

function draw(figures: readonly Figure[]): void {
  const bars = (suffix: string): { label: string; value: number }[] =>
    figures.flatMap(({ name, value }) =>
      name.endsWith(suffix) ? [{ label: name.slice(0, -suffix.length - 1), value }] : [],
    )
  writePlot([
    { title: 'JIT: CPU time over that of Node (less is better)', bars: bars('jit/node') },
    {
      title: 'JIT: first run over that of Node, where others ran before (less is better)',
      bars: bars(FIRST_RUNS.served),
    },
    { title: 'JIT: first run over that of Node, in a new process', bars: bars(FIRST_RUNS.new) },
    { title: 'JIT: what counting costs', bars: bars('of counting') },
    { title: 'Interpreter: speed over that of QuickJS (more is better)', bars: bars('quickjs/interpret') },
  ])
}

/** Parts that are measured with the flags of V8 that workers have, which must be there from the start; QuickJS is slower with them. */
const FLAGGED: readonly string[] = ['jit', 'idioms', 'costs']

const MEASURED: Readonly<Record<(typeof PARTS)[number], () => Figure[] | Promise<Figure[]>>> = {
  jit: () => measureTable('jit'),
  idioms: () => measureTable('idioms'),
  costs: measureCosts,
  interpret: () => measureTable('interpret'),
  first: measureFirstRuns,
  compile: measureCompile,
}

/** Measures a part in a process of its own that has the flags. */
function measureFlagged(part: string): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), 'anrf-bench-'))
  try {
    const file = join(folder, 'figures.json')
    const own = [
      '--part',
      part,
      '--figures',
      file,
      '--rounds',
      options.rounds,
      ...(options.only === undefined ? [] : ['--only', options.only]),
    ]
    const args = [...ENGINE_FLAGS, import.meta.filename, ...own]
    const { status } = spawnSync(process.execPath, args, {
      stdio: ['ignore', options.json ? 'ignore' : 'inherit', 'inherit'],
    })
    if (status !== 0) throw new Error(`measuring ${part} failed`)
    return JSON.parse(readFileSync(file, 'utf8')) as Figure[]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function main(): Promise<void> {
  const chosen = PARTS.filter((part) => parts.includes(part))
  if (options.figures !== undefined) {
    const figures = await MEASURED[chosen[0]!]()
    return writeFileSync(options.figures, JSON.stringify(figures))
  }
  say(machineName())
  const figures: Figure[] = []
  for (const part of chosen) figures.push(...(FLAGGED.includes(part) ? measureFlagged(part) : await MEASURED[part]()))
  say()
  for (const line of describeGoals(figures)) say(line)
  if (options.json) process.stdout.write(`${JSON.stringify({ machine: machineName(), rounds, figures })}\n`)
  if (!isComplete) return
  appendHistory(figures)
  draw(figures)
}

if (options.help) process.stdout.write(HELP)
else await main()
