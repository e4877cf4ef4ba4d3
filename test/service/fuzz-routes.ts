// npm run fuzz:routes -- [--requests N] [--seed S] [--route TEXT]: generated requests, with keys of two tenants, to every route of
// a service in a process of its own. A table of what was answered; fails on an error of the service, a hang, or data of the other tenant.
import { rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ROUTES } from '../../src/service/routes/index.ts'
import { startProcess } from '../durability/service-process.ts'
import { fuzzRoute, type RouteReport } from './fuzz/run.ts'
import { makeWorld } from './fuzz/world.ts'
import { freshDir } from './harness.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    route: { type: 'string', default: '' },
  },
})
const [requests, seed] = [Number(values.requests), Number(values.seed)]
if (!(requests >= 1) || !Number.isInteger(seed)) throw new Error('--requests and --seed are whole numbers')

const dir = freshDir()
const service = await startProcess(dir, { ANRF_CEILINGS: 'wall=500,fuel=1000000', ANRF_PAYLOADS: 'keep' })
process.stdout.write(`seed ${seed}, ${requests} requests to each route\n`)
const reports: RouteReport[] = []
try {
  const world = await makeWorld(service.url, service.key!)
  for (const route of ROUTES.filter(({ method, path }) => `${method} ${path}`.includes(values.route))) {
    const begunMs = performance.now()
    const report = await fuzzRoute(world, route, requests, seed)
    const perSecond = Math.round((requests * 1000) / (performance.now() - begunMs))
    reports.push(report)
    const statuses = Object.entries(report.statuses).map(([status, count]) => `${status}: ${count}`)
    process.stdout.write(
      `${report.route.padEnd(46)} ${String(report.slowestMs).padStart(6)} ms at most ${String(perSecond).padStart(5)}/s  ${statuses.join(', ')}\n`,
    )
    for (const failure of report.failures) process.stdout.write(`  FAILED ${failure}\n`)
  }
} finally {
  await service.kill()
  rmSync(dir, { recursive: true, force: true })
}
const total = reports.reduce((sum, { statuses }) => sum + Object.values(statuses).reduce((a, b) => a + b, 0), 0)
const failed = reports.filter(({ failures }) => failures.length > 0).length
process.stdout.write(`${total} requests to ${reports.length} routes, ${failed} routes failed (seed ${seed})\n`)
process.exitCode = failed > 0 ? 1 : 0
