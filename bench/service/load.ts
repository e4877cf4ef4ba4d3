// A client in a process of its own, told on standard input as JSON what to ask and how often (`Asking`). Each connection asks again when
// it has its answer, after a pause. Prints a `Load` as JSON. Not autocannon: it records whole milliseconds.
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { median } from '../measure.ts'

/** What is asked for, again and again. */
export type Target = {
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** How a target is asked: until so many requests were made or so many seconds have gone. */
export type Asking = {
  readonly target: Target
  readonly connections: number
  readonly requests?: number
  readonly seconds?: number
  readonly pauseMs?: number
}

/** Latencies in ms of the answers with one status; `cut` stands for connections that ended without an answer. */
type Answers = { readonly count: number; readonly p50: number; readonly p99: number; readonly max: number }

/** What the client saw. */
export type Load = {
  /** Of all answers, in ms. */
  readonly p50: number
  readonly p99: number
  readonly perSecond: number
  readonly answers: Readonly<Record<string, Answers>>
}

function requestOf({ port, path, headers, body }: Target): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const length = Buffer.byteLength(body)
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n${lines.join('')}`
  return Buffer.from(`${head}content-length: ${length}\r\n\r\n${body}`)
}

/** The status of the text if it is one whole answer. */
function statusOf(text: string): string | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0)
  return text.length < end + 4 + length ? undefined : text.slice(9, 12)
}

/** The answer to one request that is under way; rejects when the connection ends first. */
function nextAnswer(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1')
      const status = statusOf(text)
      if (status === undefined) return
      socket.off('data', onData).off('close', onClose)
      resolve(status)
    }
    const onClose = (): void => reject(new Error('the connection ended'))
    socket.on('data', onData).once('close', onClose)
  })
}

type Latencies = Map<string, number[]>

async function run({ target, connections, requests, seconds, pauseMs = 0 }: Asking): Promise<Latencies> {
  const request = requestOf(target)
  const latencies: Latencies = new Map()
  const endMs = performance.now() + (seconds ?? Number.POSITIVE_INFINITY) * 1000
  const left = { requests: requests ?? Number.POSITIVE_INFINITY }
  const note = (status: string, ms: number): void => {
    const known = latencies.get(status)
    if (known) known.push(ms)
    else latencies.set(status, [ms])
  }
  const isOver = (): boolean => left.requests-- <= 0 || performance.now() >= endMs
  async function askOn(socket: Socket): Promise<void> {
    while (!isOver()) {
      const begun = performance.now()
      socket.write(request)
      note(await nextAnswer(socket), performance.now() - begun)
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  async function one(): Promise<void> {
    while (performance.now() < endMs && left.requests > 0) {
      const socket = connect(target.port, '127.0.0.1').setNoDelay()
      socket.on('error', () => undefined)
      const begun = performance.now()
      await askOn(socket).catch(() => note('cut', performance.now() - begun))
      socket.destroy()
    }
  }
  await Promise.all(Array.from({ length: connections }, one))
  return latencies
}

function summarise(latencies: readonly number[]): Answers {
  const sorted = latencies.toSorted((a, b) => a - b)
  const p99 = sorted[Math.floor(sorted.length * 0.99)]!
  return { count: sorted.length, p50: median(sorted), p99, max: sorted.at(-1)! }
}

if (import.meta.main) {
  const asking = JSON.parse(readFileSync(0, 'utf8')) as Asking
  const begun = performance.now()
  const latencies = await run(asking)
  const seconds = (performance.now() - begun) / 1000
  const { count, p50, p99 } = summarise([...latencies.values()].flat())
  const answers = Object.fromEntries([...latencies].map(([status, ms]) => [status, summarise(ms)]))
  const load: Load = { p50, p99, perSecond: count / seconds, answers }
  process.stdout.write(JSON.stringify(load))
}
