// Makes every attempt in one column, as the user of this process: `run-column.ts COLUMN PROGRAM LEAKED-FD`. Prints JSON.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Isolation } from '../../../src/sandbox/index.ts'
import { buildFilter, encodeFilter } from '../../../src/sandbox/isolation/bpf.ts'
import { processorOf } from '../../../src/sandbox/isolation/numbers.ts'
import { CODE_CACHE, WORKER_MAIN } from '../../../src/sandbox/launch.ts'
import { COLUMNS, type Column, type ColumnName } from './columns.ts'
import { listAttempts, type Attempt } from './native.ts'

/** How an attempt ended: `open`, the number of an error, or what ended the process. */
export type Ending = number | string

const AT_ONCE = 2
const HEAP_BYTES = 64 * 2 ** 20
const MS_MAX = 30_000
/** In the folder of this test, which a container then shows: the program lies there. */
const script = join(import.meta.dirname, 'run-column.ts')

const [name, program, leakedFd] = process.argv.slice(2)
const column: Column = COLUMNS[name as ColumnName]
const confinement = column.isForked ? 'forked' : column.isConfined ? 'confined' : 'none'
const folder = mkdtempSync(join(tmpdir(), 'anrf-escape-'))
const servers: Server[] = []
const SELF = 0x7fff_ffff
const filter = encodeFilter(buildFilter('inner', processorOf()!, { self: SELF, wakes: [] })).toString('hex')

async function listen(where: string | { readonly port: number; readonly host: string }): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined).end())
  servers.push(server)
  server.listen(where)
  await once(server, 'listening')
  return server
}

async function makeAttempt({ launch }: Isolation, { index }: Attempt, context: string): Promise<Ending> {
  const words = [String(index), context, confinement, filter]
  const launched = launch({ heapBytes: HEAP_BYTES, script, words })
  const timer = setTimeout(() => launched.kill(), MS_MAX)
  let said = ''
  launched.stream.on('data', (chunk: Buffer) => (said += chunk.toString('latin1')))
  launched.stream.on('error', () => undefined)
  const { code, signal, stderr } = await launched.exited
  clearTimeout(timer)
  const answer = /-?\d+$/.exec(said)?.[0]
  if (answer !== undefined) return Number(answer) === 1 ? 'open' : -Number(answer)
  return signal ?? `exit ${code}: ${stderr.slice(-300)}`
}

const isolation = await column.open().catch((error: Error) => {
  process.stdout.write(JSON.stringify({ refused: error.message }))
  process.exit(0)
})
const node = process.execPath
// From here on the program runs wherever a worker's Node would.
process.execPath = program!
const tcp = await listen({ port: 0, host: '127.0.0.1' })
const abstract = `anrf-escape-${process.pid}`
await listen(`\0${abstract}`)
await listen(join(folder, 's'))
const { port } = tcp.address() as AddressInfo
const context = [port, leakedFd, abstract, join(folder, 's'), WORKER_MAIN, node, CODE_CACHE].join('\n')

const attempts = listAttempts(program!)
const endings: Record<string, Ending> = {}
async function work(): Promise<void> {
  for (let attempt = attempts.shift(); attempt; attempt = attempts.shift())
    endings[attempt.name] = await makeAttempt(isolation, attempt, context)
}
await Promise.all(Array.from({ length: AT_ONCE }, work))
for (const server of servers) server.close()
rmSync(folder, { recursive: true, force: true })
process.stdout.write(JSON.stringify(endings))
