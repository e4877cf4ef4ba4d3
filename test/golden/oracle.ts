import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Encoded } from '../../src/base/index.ts'

/** One call of an exported function; arguments in the encoding of `src/base/encoded.ts`. */
export type Call = { readonly entry: string; readonly args: readonly Encoded[] }

/** A program as files by path relative to its root, and the calls to make, each on a fresh instance. */
export type NodeJob = {
  readonly main: string
  readonly files: Readonly<Record<string, string>>
  readonly calls: readonly Call[]
}

/** What a call came to: its value and the arguments afterwards, or what it threw; and what it printed. */
export type NodeOutcome = {
  readonly ok?: Encoded
  readonly args?: readonly Encoded[]
  readonly throw?: { readonly name: string; readonly message: string }
  readonly logs?: readonly string[]
}

const CHILD = fileURLToPath(new URL('./oracle-child.ts', import.meta.url))
const TIMEOUT_MS = 60_000

/** Runs every job in one Node process with types stripped. Throws when that process dies or does not answer. */
export async function runInNode(jobs: readonly NodeJob[]): Promise<NodeOutcome[][]> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD], {
    env: { NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
  })
  let out = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  child.stdin.on('error', () => undefined) // A dead child is reported by its exit below.
  child.stdin.end(jobs.map((job) => `${JSON.stringify(job)}\n`).join(''))
  const exit = await new Promise<number | string | null>((resolve) =>
    child.on('close', (code, signal) => resolve(code ?? signal)),
  )
  const answers = out.split('\n').filter((line) => line !== '')
  if (exit !== 0 || answers.length !== jobs.length) {
    throw new Error(
      `the oracle process ended with ${exit} after ${answers.length} of ${jobs.length} programs\n${errors}`,
    )
  }
  return answers.map((line) => JSON.parse(line) as NodeOutcome[])
}
