import { createRequire } from 'node:module'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify from 'fastify'
import { resolveLimits, resolveMode, type Encoded } from '../../src/base/index.ts'
import { createForks, createPool, programIdOf, type Pool } from '../../src/sandbox/index.ts'
import { createClient, type ExecuteAnswer } from '../../src/client/index.ts'
import { readConfig, startService } from '../../src/service/index.ts'
import { ExecuteAnswerSchema, ExecuteBodySchema } from '../../src/service/schemas/execute.ts'
import { compileAdd, INPUTS, strongestIsolation } from './add.ts'
import type { Target } from './load.ts'

/** Answers the inputs with a result. */
type Work = (inputs: { readonly a: number; readonly b: number }) => Promise<unknown>

/** What is measured, each in a server of its own. All but the last are the same route around different work. */
export const SUBJECTS = {
  /** The route and its schemas alone. */
  fastify: () => serveRoute(async ({ a, b }) => a + b),
  /** In a worker of the pool that has run for this principal before. */
  pooled: async () => serveRoute(workIn(await openPool({ spares: 1, processes: 4 }), false)),
  /** In a process of its own, forked from one that is ready where the isolation can do that. */
  fresh: async () => serveRoute(workIn(await openPool({ spares: 4, processes: 8, isForked: true }), true)),
  /** In a new isolate of isolated-vm, in the process of the server. */
  'isolated-vm': () => serveRoute(workInIsolate()),
  /** The whole service: authentication, document, record in the store. */
  service: serveAnrf,
} as const satisfies Record<string, () => Promise<Target>>

export type SubjectName = keyof typeof SUBJECTS

type PoolSize = { readonly spares: number; readonly processes: number; readonly isForked?: boolean }

async function openPool({ isForked = false, ...size }: PoolSize): Promise<Pool> {
  const isolation = await strongestIsolation()
  const forks = isForked ? createForks(isolation) : undefined
  const pool = createPool({ isolation, size: 2, forks, ...size })
  await forks?.open()
  return pool
}

async function serveRoute(work: Work): Promise<Target> {
  const app = fastify()
  const schema = { body: ExecuteBodySchema, response: { 200: ExecuteAnswerSchema } }
  app.route({
    method: 'POST',
    url: '/execute/:anrfId',
    schema,
    handler: async (request) => {
      const { inputs } = request.body as { inputs: typeof INPUTS }
      const result = await work(inputs)
      return { ...ANSWER, output: { result }, executionId: request.id }
    },
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as { port: number }
  return { port, path: '/execute/add', headers: {}, body: JSON.stringify({ inputs: INPUTS }) }
}

/** As the service answers. */
const ANSWER: Omit<ExecuteAnswer, 'output' | 'executionId'> = {
  logs: [],
  anrfId: `sha256:${'0'.repeat(64)}`,
  mode: 'interpret',
  isolation: 'container',
  usage: {
    fuel: 1,
    allocatedBytes: 0,
    depthMax: 1,
    logBytes: 0,
    wallMs: 1.5,
    cpuMs: 1.5,
    peakBytes: 0,
    effects: 0,
    bytesIn: 0,
    bytesOut: 0,
    nestedFuel: 0,
    nestedAllocatedBytes: 0,
    nestedEffects: 0,
    nestedBytes: 0,
  },
}

function workIn(pool: Pool, isFresh: boolean): Work {
  const programBytes = compileAdd().program
  const program = { programBytes, programId: programIdOf(programBytes), entry: 'add', mode: resolveMode() }
  const limits = resolveLimits()
  return async ({ a, b }): Promise<Encoded> => {
    const report = await pool.execute({ ...program, args: [a, b], limits, principal: 'bench', isFresh })
    if ('outcome' in report && report.outcome.kind === 'returned') return report.outcome.value
    throw new Error(JSON.stringify(report))
  }
}

type IsolatedVm = {
  Isolate: new (options: { memoryLimit: number }) => {
    createContext(): Promise<{ evalClosure(code: string, args: unknown[], options: object): Promise<unknown> }>
    dispose(): void
  }
}

/** Types of our own: the package is not there where it has no prebuilt binary. */
function workInIsolate(): Work {
  const { Isolate } = createRequire(import.meta.url)('isolated-vm') as IsolatedVm
  return async ({ a, b }) => {
    const isolate = new Isolate({ memoryLimit: 128 })
    try {
      const context = await isolate.createContext()
      return await context.evalClosure('return $0 + $1', [a, b], { timeout: 10_000 })
    } finally {
      isolate.dispose()
    }
  }
}

async function serveAnrf(): Promise<Target> {
  const { document } = compileAdd()
  const dataDir = mkdtempSync(join(tmpdir(), 'anrf-bench-'))
  const read = readConfig({}, { port: 0, logLevel: 'warn', dataDir, workers: 2 })
  if ('diagnostics' in read) throw new Error('the configuration is valid')
  const { url, adminKey } = await startService(read.config)
  const published = await createClient({ url, key: adminKey! }).publish(document)
  if (!published.ok) throw new Error(published.problem.detail)
  const headers = { authorization: `Bearer ${adminKey}` }
  return { port: Number(new URL(url).port), path: '/execute/add', headers, body: JSON.stringify({ inputs: INPUTS }) }
}
