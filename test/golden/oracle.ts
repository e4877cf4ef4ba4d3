import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Encoded } from '../../src/base/index.ts'

/** One call of an exported function; arguments in the encoding of `src/base/encoded.ts`. */
export type Call = { readonly entry: string; readonly args: readonly Encoded[] }

/** A program as files by path relative to its root, and the calls to make, each on a fresh instance. */
export type NodeJob = {
  readonly main: string
  readonly files: Readonly<Record<string, string>>
  readonly calls: readonly Call[]
  /** Whether timers run without waiting, by the times that were asked for alone: real ones depend on how long code between them takes. */
  readonly hasVirtualTime?: boolean
  /** Whether the one file runs as a function: it is parsed once for all calls, and not kept. It may import from `anrf:`, one line each. */
  readonly isFunction?: boolean
}

/** What a call came to: its value and the arguments afterwards, or what it threw; and what it printed. */
export type NodeOutcome = {
  readonly ok?: Encoded
  readonly args?: readonly Encoded[]
  readonly throw?: { readonly name: string; readonly message: string }
  readonly logs?: readonly string[]
}

const CHILD = fileURLToPath(new URL('./oracle-child.ts', import.meta.url))
/** A batch that takes longer has a program that does not end. */
const TIMEOUT_MS = 60_000

type Waiting = {
  readonly resolve: (outcomes: NodeOutcome[]) => void
  readonly reject: (error: Error) => void
}

/** A process of Node in which programs run with their types stripped, one after the other. It keeps nobody waiting when it has nothing to do. */
export class NodeProcess {
  readonly #child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD], {
    env: { NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  readonly #waiting: Waiting[] = []
  #errors = ''
  #rest = ''
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    const { stdout, stderr, stdin } = this.#child
    stdout.setEncoding('utf8').on('data', (text: string) => this.#take(text))
    stderr.setEncoding('utf8').on('data', (text: string) => (this.#errors += text))
    stdin.on('error', () => undefined) // A dead child is reported by its exit.
    this.#child.on('close', (code, signal) => {
      clearTimeout(this.#timer)
      const left = this.#waiting.splice(0)
      const error = new Error(`the oracle process ended with ${code ?? signal}\n${this.#errors}`)
      for (const { reject } of left) reject(error)
    })
  }

  /** What the calls of each job come to. Rejects when the process dies or does not answer. */
  async run(jobs: readonly NodeJob[]): Promise<NodeOutcome[][]> {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#child.kill('SIGKILL'), TIMEOUT_MS)
    this.#hold(true)
    const answers = jobs.map(
      () => new Promise<NodeOutcome[]>((resolve, reject) => this.#waiting.push({ resolve, reject })),
    )
    this.#child.stdin.write(jobs.map((job) => `${JSON.stringify(job)}\n`).join(''))
    const outcomes = await Promise.all(answers)
    if (this.#waiting.length === 0) {
      clearTimeout(this.#timer)
      this.#hold(false)
    }
    return outcomes
  }

  /** Whether this process must not end before the child does. */
  #hold(isHeld: boolean): void {
    const { stdin, stdout, stderr } = this.#child
    for (const part of [this.#child, ...([stdin, stdout, stderr] as unknown as Socket[])])
      if (isHeld) part.ref()
      else part.unref()
  }

  close(): void {
    this.#child.stdin.end()
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop()!
    for (const line of lines) this.#waiting.shift()?.resolve(JSON.parse(line) as NodeOutcome[])
  }
}

/** Runs every job in one Node process with types stripped. Throws when that process dies or does not answer. */
export async function runInNode(jobs: readonly NodeJob[]): Promise<NodeOutcome[][]> {
  const child = new NodeProcess()
  try {
    return await child.run(jobs)
  } finally {
    child.close()
  }
}
