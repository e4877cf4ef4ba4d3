// A real Prometheus on loopback, with the configuration and the rules of deploy/.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { findProgram, installCommand } from '../../src/sandbox/index.ts'
import { freePort } from '../free-port.ts'

export const deploy = join(import.meta.dirname, '../../deploy')

/** Said, not skipped: what is missing here, and how to have it. */
export function sayMissing(t: TestContext, name: string): void {
  assert.equal(findProgram(name), undefined)
  t.diagnostic(`${name} is not installed, so that nothing was shown: ${installCommand('prometheus')}`)
}

export type QueryAnswer = {
  readonly status: string
  readonly error?: string
  readonly data: {
    readonly result: { readonly metric: Record<string, string>; readonly value: readonly [number, string] }[]
  }
}

export type Prometheus = {
  readonly url: string
  query(expr: string): Promise<QueryAnswer>
  /** The value of the first series, 0 without one. */
  valueOf(expr: string): Promise<number>
  /** The value when it is enough, or after 40 s. */
  until(expr: string, isEnough: (value: number) => boolean): Promise<number>
  close(): Promise<void>
}

/** Starts one that scrapes `target`, HOST:PORT; undefined when it is not installed. */
export async function startPrometheus(target: string): Promise<Prometheus | undefined> {
  const program = findProgram('prometheus')
  if (!program) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'anrf-prometheus-'))
  const config = readFileSync(join(deploy, 'prometheus/prometheus.yml'), 'utf8')
    .replace('127.0.0.1:9464', target)
    .replaceAll('15s', '500ms')
  writeFileSync(join(folder, 'prometheus.yml'), config)
  writeFileSync(join(folder, 'anrf.rules.yml'), readFileSync(join(deploy, 'prometheus/anrf.rules.yml')))
  const port = await freePort()
  const args = ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${port}`]
  const server = spawn(program, args, { cwd: folder, stdio: 'ignore' })
  const ended = new Promise((done) => server.once('exit', done))
  const url = `http://127.0.0.1:${port}`
  async function query(expr: string): Promise<QueryAnswer> {
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`)
    return (await response.json()) as QueryAnswer
  }
  const valueOf = async (expr: string): Promise<number> =>
    Number((await query(expr).catch(() => undefined))?.data?.result[0]?.value[1] ?? 0)
  return {
    url,
    query,
    valueOf,
    async until(expr, isEnough) {
      let value = 0
      for (let i = 0; i < 200 && !isEnough((value = await valueOf(expr))); i++) await sleep(200)
      return value
    },
    async close() {
      server.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
