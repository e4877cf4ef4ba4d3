// A client in a process of its own: `load.ts CONNECTIONS REQUESTS PAUSE_MS`, with what to ask as JSON on standard input. Each connection
// asks again when it has its answer, after a pause. Prints latencies and rate as JSON. Not autocannon: it records whole milliseconds.
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { median } from '../measure.ts'

/** What is asked for, again and again. */
export type Target = {
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Latencies in ms. */
export type Load = { readonly p50: number; readonly p99: number; readonly perSecond: number }

function requestOf({ port, path, headers, body }: Target): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const length = Buffer.byteLength(body)
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n${lines.join('')}`
  return Buffer.from(`${head}content-length: ${length}\r\n\r\n${body}`)
}

/** Whether the text is one whole answer. Throws unless it is a success. */
function isAnswer(text: string): boolean {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1])
  if (text.length < end + 4 + length) return false
  if (!text.startsWith('HTTP/1.1 200')) throw new Error(text)
  return true
}

function run(target: Target, connections: number, requests: number, pauseMs: number): Promise<readonly number[]> {
  const request = requestOf(target)
  const latencies: number[] = []
  let left = requests
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect(target.port, '127.0.0.1')
      let text = ''
      let begun = 0
      const ask = (): void => {
        if (left-- <= 0) return void socket.end(resolve)
        text = ''
        begun = performance.now()
        socket.write(request)
      }
      socket.setNoDelay().once('connect', ask).once('error', reject)
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1')
        if (!isAnswer(text)) return
        latencies.push(performance.now() - begun)
        if (pauseMs > 0) setTimeout(ask, pauseMs)
        else ask()
      })
    })
  return Promise.all(Array.from({ length: connections }, one)).then(() => latencies)
}

if (import.meta.main) {
  const [connections, requests, pauseMs] = process.argv.slice(2).map(Number)
  const target = JSON.parse(readFileSync(0, 'utf8')) as Target
  const begun = performance.now()
  const latencies = (await run(target, connections!, requests!, pauseMs!)).toSorted((a, b) => a - b)
  const seconds = (performance.now() - begun) / 1000
  const p99 = latencies[Math.floor(latencies.length * 0.99)]!
  const load: Load = { p50: median(latencies), p99, perSecond: latencies.length / seconds }
  process.stdout.write(JSON.stringify(load))
}
