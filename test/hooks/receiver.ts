import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { CloudEvent } from '../../src/hooks/event.ts'

const MAIN = fileURLToPath(new URL('./receiver-main.ts', import.meta.url))

export type Received = {
  readonly path: string
  readonly id: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly event: CloudEvent
  /** Why it was turned away. */
  readonly rejected?: string
}

export type Receiver = {
  readonly url: string
  readonly seen: Received[]
  /** Resolves when `isEnough` holds; checked with each request that comes. */
  until(isEnough: (seen: readonly Received[]) => boolean): Promise<void>
}

/** Starts a receiver that knows one secret; it ends with the test file. */
export async function startReceiver(secret: string, env: Readonly<Record<string, string>> = {}): Promise<Receiver> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env, SECRET: secret },
  })
  after(() => child.kill('SIGKILL'))
  const lines = createInterface(child.stdout)
  const [first] = (await once(lines, 'line')) as [string]
  const { port } = JSON.parse(first) as { port: number }
  const seen: Received[] = []
  const waiting = new Set<() => void>()
  lines.on('line', (line) => {
    seen.push(JSON.parse(line) as Received)
    for (const check of waiting) check()
  })
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    until: (isEnough) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!isEnough(seen)) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
  }
}

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
export const OLD_SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`
