// What traces and metrics cost: processor time of the service (not of its workers) for an execution over HTTP, with both, with neither, in turns.
// `node scripts/with-node.mjs --dev bench/service/telemetry-cost.ts [ROUNDS]`. Linux only.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '../../src/client/index.ts'
import { median } from '../measure.ts'
import { compileAdd, INPUTS } from './add.ts'

const VARIANTS = {
  off: { ANRF_TRACES: '0', ANRF_METRICS: 'off' },
  'metrics only': { ANRF_TRACES: '0' },
  on: {},
} as const
type Name = keyof typeof VARIANTS
type Subject = { readonly name: Name; readonly child: ChildProcess; readonly target: object }

const rounds = Number(process.argv[2] ?? 7)
const REQUESTS = 400
const CONNECTIONS = 8
const TICK_US = 10_000

async function start(name: Name): Promise<Subject> {
  const script = join(import.meta.dirname, '../../test/service/serve.ts')
  const env = { ...process.env, ...VARIANTS[name] }
  const child = spawn(process.execPath, [script, mkdtempSync(join(tmpdir(), 'anrf-cost-'))], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { url, key } = JSON.parse(line.toString()) as { url: string; key: string }
  const published = await createClient({ url, key }).publish(compileAdd().document)
  if (!published.ok) throw new Error(published.problem.detail)
  const headers = { authorization: `Bearer ${key}` }
  const target = {
    port: Number(new URL(url).port),
    path: '/execute/add',
    headers,
    body: JSON.stringify({ inputs: INPUTS }),
  }
  return { name, child, target }
}

/** Processor time of the process itself in microseconds: proc(5), fields 14 and 15. */
function cpuUs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_US
}

function measure({ child, target }: Subject): number {
  const asking = { target, connections: CONNECTIONS, requests: REQUESTS }
  const before = cpuUs(child.pid!)
  const args = [join(import.meta.dirname, 'load.ts')]
  const { status, stderr } = spawnSync(process.execPath, args, { input: JSON.stringify(asking), encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return (cpuUs(child.pid!) - before) / REQUESTS
}

const subjects = await Promise.all((Object.keys(VARIANTS) as Name[]).map(start))
const samples = new Map<Name, number[]>(subjects.map(({ name }) => [name, []]))
for (let round = -1; round < rounds; round++)
  for (const subject of subjects) {
    const us = measure(subject)
    if (round >= 0) samples.get(subject.name)!.push(us)
  }
for (const { child } of subjects) child.kill()
for (const [name, all] of samples)
  process.stdout.write(
    `${name.padEnd(14)} ${median(all).toFixed(0).padStart(6)} us of the service for an execution, median of ${rounds}\n`,
  )
