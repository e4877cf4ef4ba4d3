// `npm run bench:load`: executions at a high concurrency for minutes: errors, memory, lost audit entries, latency and processor time beside
// a bare route of Fastify; then more callers than there is room for, and whether the service is well after them. See --help.
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { describeGoals } from './goals.ts'
import { appendHistory, machineName, type Figure } from './history.ts'
import { median } from './measure.ts'
import type { Load } from './service/load.ts'
import { watchMemory } from './service/memory.ts'
import { load, loadMeanwhile, startServer, type Server } from './service/server-process.ts'
import { treeCpuMs } from './service/tree-cpu.ts'

const HELP = `usage: npm run bench:load -- [options]
  --seconds N       how long executions are asked for (120)
  --connections N   by how many connections at once (64)
  --callers N       connections of the overload (512)
  --json            print the figures as JSON
A run with the defaults appends a line to bench/results/history.jsonl. Linux only.
`

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    connections: { type: 'string', default: '64' },
    callers: { type: 'string', default: '512' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const [seconds, connections, callers] = [options.seconds, options.connections, options.callers].map(Number) as [
  number,
  number,
  number,
]
const OVERLOAD_SECONDS = 10
/** Rounds of the comparison with Fastify, and requests of each. */
const ROUNDS = 5
const ROUND_REQUESTS = 3000

function say(text: string): void {
  if (!options.json) process.stdout.write(`${text}\n`)
}

function describe(title: string, { answers, perSecond }: Load): void {
  say(`${title}: ${perSecond.toFixed(0)} answers a second`)
  for (const [status, { count, p50, p99, max }] of Object.entries(answers))
    say(
      `  ${status.padEnd(4)} ${String(count).padStart(8)}  p50 ${p50.toFixed(1)}  p99 ${p99.toFixed(1)}  max ${max.toFixed(1)} ms`,
    )
}

const countOf = ({ answers }: Load, status: string): number => answers[status]?.count ?? 0
const failuresOf = ({ answers }: Load, allowed: readonly string[]): number =>
  Object.entries(answers).reduce((sum, [status, { count }]) => (allowed.includes(status) ? sum : sum + count), 0)

/** How many entries the audit log of the service has, as its checkpoint says. */
async function auditSize({ target }: Server): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${target.port}/audit/checkpoint`, { headers: target.headers })
  if (!response.ok) throw new Error(`the checkpoint cannot be had: ${response.status}`)
  return Number((await response.text()).split('\n')[1])
}

async function sustain(service: Server): Promise<Figure[]> {
  const before = await auditSize(service)
  const memory = watchMemory(service.process.pid!)
  const seen = await loadMeanwhile({ target: service.target, connections, seconds })
  const { growth, first, last } = memory.stop()
  describe(`${connections} connections for ${seconds} s`, seen)
  const lost = countOf(seen, '200') - ((await auditSize(service)) - before)
  say(`  memory ${first.toFixed(0)} MB, at the end ${last.toFixed(0)} MB; audit entries lost ${Math.max(0, lost)}`)
  return [
    { name: 'sustained errors', value: failuresOf(seen, ['200']), unit: 'count' },
    { name: 'sustained memory growth', value: growth, unit: 'x' },
    { name: 'audit entries lost', value: Math.max(0, lost), unit: 'count' },
  ]
}

async function overload(service: Server): Promise<Figure[]> {
  const seen = await loadMeanwhile({ target: service.target, connections: callers, seconds: OVERLOAD_SECONDS })
  describe(`${callers} connections for ${OVERLOAD_SECONDS} s`, seen)
  const turnedAway = ['429', '503'].flatMap((status) => seen.answers[status] ?? [])
  await sleep(1000)
  const after = await loadMeanwhile({ target: service.target, connections, seconds: 5 })
  describe('after it', after)
  return [
    { name: 'overload errors', value: failuresOf(seen, ['200', '429', '503']), unit: 'count' },
    { name: 'turned away p99', value: Math.max(0, ...turnedAway.map(({ p99 }) => p99)), unit: 'ms' },
    { name: 'errors after the overload', value: failuresOf(after, ['200']), unit: 'count' },
  ]
}

type Sample = { readonly p50: number; readonly p99: number; readonly cpu: number }

function sample({ target, process: { pid } }: Server): Sample {
  const before = treeCpuMs(pid!)
  const { p50, p99 } = load({ target, connections, requests: ROUND_REQUESTS })
  return { p50, p99, cpu: (treeCpuMs(pid!) - before) / ROUND_REQUESTS }
}

/** Rounds in turns, so that whatever else the machine does meets both alike; one before them warms up. */
function compare(service: Server, bare: Server): Figure[] {
  const pairs = Array.from({ length: ROUNDS + 1 }, () => [sample(service), sample(bare)] as const).slice(1)
  const ratio = (of: keyof Sample): number => median(pairs.map(([ours, theirs]) => ours[of] / theirs[of]))
  const figures = (['p50', 'p99', 'cpu'] as const).map((of): Figure => ({
    name: `${of} service/fastify at ${connections}`,
    value: ratio(of),
    unit: 'x',
  }))
  for (const { name, value } of figures) say(`${name.padEnd(30)} ${value.toFixed(2)}x`)
  return figures
}

async function main(): Promise<void> {
  say(machineName())
  const [service, bare] = await Promise.all([startServer('service'), startServer('fastify')])
  if (!service || !bare) throw new Error('the servers cannot be started here')
  const figures = [...(await sustain(service)), ...(await overload(service)), ...compare(service, bare)]
  for (const { process: child } of [service, bare]) child.stdin!.end()
  say('')
  for (const line of describeGoals(figures)) say(line)
  if (options.json) process.stdout.write(`${JSON.stringify({ machine: machineName(), figures })}\n`)
  if (seconds >= 120) appendHistory(figures)
}

if (options.help) process.stdout.write(HELP)
else await main()
