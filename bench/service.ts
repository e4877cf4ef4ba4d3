// `npm run bench:service`: what an execution over HTTP costs beyond a route of Fastify with the same schemas, in turns; then how soon
// runs that go too far are stopped. See --help.
import { parseArgs } from 'node:util'
import { describeGoals } from './goals.ts'
import { appendHistory, machineName, type Figure } from './history.ts'
import { median } from './measure.ts'
import { timeStops } from './service/stops.ts'
import type { Asking, Load } from './service/load.ts'
import { expectSuccess, load, startServer, type Server } from './service/server-process.ts'
import { SUBJECTS, type SubjectName } from './service/subjects.ts'
import { treeCpuMs } from './service/tree-cpu.ts'

const HELP = `usage: npm run bench:service -- [options]
  --only NAME,...   of ${Object.keys(SUBJECTS).join(', ')}, stops (all)
  --rounds N        rounds of each measurement (7)
  --json            print the figures as JSON
A run of everything appends a line to bench/results/history.jsonl. Linux only.
`

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const rounds = Number(options.rounds)
const only = options.only?.split(',')
const isChosen = (name: string): boolean => only?.includes(name) ?? true

function say(text: string): void {
  if (!options.json) process.stdout.write(`${text}\n`)
}

/** What one request costs; times in ms. `bareP50`: of the bare route, asked in the same way. */
type Sample = {
  readonly p50: number
  readonly p99: number
  readonly bareP50: number
  readonly cpu: number
  readonly perSecond: number
}

/** How each subject is asked: requests by one connection for latency, with a pause between them, then by many for processor time. */
type Plan = {
  readonly alone: number
  readonly pauseMs: number
  readonly connections: number
  readonly together: number
}

const BUSY: Plan = { alone: 2000, pauseMs: 0, connections: 16, together: 30_000 }
const PLANS: Readonly<Record<SubjectName, Plan>> = {
  fastify: BUSY,
  pooled: BUSY,
  service: { ...BUSY, alone: 100, together: 400 },
  // Processes are made in the pauses.
  fresh: { alone: 40, pauseMs: 150, connections: 2, together: 30 },
  'isolated-vm': { ...BUSY, alone: 200, together: 600 },
}

function loadOf(asking: Asking): Load {
  const seen = load(asking)
  expectSuccess(seen)
  return seen
}

async function start(name: SubjectName): Promise<Server | undefined> {
  const server = await startServer(name)
  if (!server) say(`${name} cannot be measured here`)
  return server
}

/** Asked after a pause, the bare route takes longer too: everything sleeps by then, and the caches are cold. */
function measure(server: Server, bare: Server): Sample {
  const { alone, pauseMs, connections, together } = PLANS[server.name]
  const { target } = server
  const { p50, p99 } = loadOf({ target, connections: 1, requests: alone, pauseMs })
  const bareP50 = server === bare ? p50 : loadOf({ target: bare.target, connections: 1, requests: alone, pauseMs }).p50
  const pid = server.process.pid!
  const before = treeCpuMs(pid)
  const { perSecond } = loadOf({ target, connections, requests: together })
  return { p50, p99, bareP50, cpu: (treeCpuMs(pid) - before) / together, perSecond }
}

/** Rounds in turns, so that whatever else the machine does meets all alike; one before them warms up. */
async function measureSubjects(): Promise<ReadonlyMap<SubjectName, readonly Sample[]>> {
  const names = (Object.keys(SUBJECTS) as SubjectName[]).filter((name) => name === 'fastify' || isChosen(name))
  const servers = (await Promise.all(names.map(start))).filter((server) => server !== undefined)
  const bare = servers.find(({ name }) => name === 'fastify')!
  const samples = new Map<SubjectName, Sample[]>(servers.map(({ name }) => [name, []]))
  for (let round = -1; round < rounds; round++)
    for (const server of servers) {
      const sample = measure(server, bare)
      if (round >= 0) samples.get(server.name)!.push(sample)
    }
  for (const { process: child } of servers) child.stdin!.end()
  return samples
}

/** The median over rounds of a figure made from samples of the same round. */
function over(
  samples: ReadonlyMap<SubjectName, readonly Sample[]>,
  [name, other]: readonly [SubjectName, SubjectName],
  figure: (one: Sample, other: Sample) => number,
): number | undefined {
  const [ones, others] = [samples.get(name), samples.get(other)]
  return ones && others && median(ones.map((one, round) => figure(one, others[round]!)))
}

function figuresOf(samples: ReadonlyMap<SubjectName, readonly Sample[]>): Figure[] {
  const figures: Figure[] = []
  const add = (name: string, value: number | undefined, unit: Figure['unit']): void => {
    if (value !== undefined) figures.push({ name, value, unit })
  }
  for (const [name, all] of samples) {
    add(`http ${name} p50`, median(all.map(({ p50 }) => p50)), 'ms')
    add(`http ${name} CPU`, median(all.map(({ cpu }) => cpu)), 'ms')
  }
  for (const name of ['pooled', 'fresh', 'service'] as const) {
    const all = samples.get(name)
    add(`added p50 ${name}`, all && median(all.map(({ p50, bareP50 }) => p50 - bareP50)), 'ms')
    add(
      `CPU ${name}/fastify`,
      over(samples, [name, 'fastify'], (one, bare) => one.cpu / bare.cpu),
      'x',
    )
  }
  add(
    'CPU isolated-vm/pooled',
    over(samples, ['isolated-vm', 'pooled'], (isolate, pooled) => isolate.cpu / pooled.cpu),
    'x',
  )
  return figures
}

function show(samples: ReadonlyMap<SubjectName, readonly Sample[]>): void {
  say(`\nsubject          p50 ms    p99 ms  CPU ms/request   requests/s   (median of ${rounds} rounds in turns)`)
  for (const [name, all] of samples) {
    const of = (figure: keyof Sample, digits: number, width: number): string =>
      median(all.map((sample) => sample[figure]))
        .toFixed(digits)
        .padStart(width)
    say(`${name.padEnd(13)} ${of('p50', 3, 9)} ${of('p99', 3, 9)} ${of('cpu', 3, 15)} ${of('perSecond', 0, 12)}`)
  }
}

async function main(): Promise<void> {
  say(machineName())
  const samples = await measureSubjects()
  show(samples)
  const figures = [...figuresOf(samples), ...(isChosen('stops') ? await timeStops(rounds) : [])]
  say('')
  for (const { name, value, unit } of figures) say(`${name.padEnd(40)} ${value.toFixed(3).padStart(10)} ${unit}`)
  say('')
  for (const line of describeGoals(figures)) say(line)
  if (options.json) process.stdout.write(`${JSON.stringify({ machine: machineName(), rounds, figures })}\n`)
  if (!only) appendHistory(figures)
}

if (options.help) process.stdout.write(HELP)
else await main()
