// A service in a process of its own: serves the store in argv[2] and says its url and first key as a line of JSON; ends gracefully on SIGTERM.
import { once } from 'node:events'
import { readConfig, startService } from '../../src/service/index.ts'

const read = readConfig(process.env, {
  port: 0,
  workers: Number(process.env['ANRF_WORKERS'] ?? 1),
  spares: 1,
  processes: 2,
  logLevel: 'silent',
  dataDir: process.argv[2]!,
})
if ('diagnostics' in read) throw new Error(JSON.stringify(read.diagnostics))
const service = await startService(read.config)
const stopped = once(process, 'SIGTERM')
process.stdout.write(`${JSON.stringify({ url: service.url, key: service.adminKey })}\n`)
await stopped
await service.close()
process.stdout.write('stopped\n')
