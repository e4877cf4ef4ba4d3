import { fork, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ENGINE_FLAGS } from '../../src/sandbox/index.ts'
import { SEEDS_AT_ONCE, type Job, type Report } from './protocol.ts'
import { appendRecord } from './records.ts'
import { describeProgress, describeSummary, type Described } from './report.ts'
import { addTally, emptyTally } from './tally.ts'

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url))
/** Where findings are kept; git does not see it. */
const KEPT = join(dirname(dirname(import.meta.dirname)), '.anrf', 'fuzz')
const PROGRESS_MS = 2000
/** A worker that says nothing for so long hangs; no program of the generator takes nearly as long, be the machine ever so busy. */
const SILENCE_MS = 180_000

/** Most programs run in V8's baseline code, for which they wait less; what makes them leaves much garbage that dies young. */
const FLAGS: readonly string[] = ['--max-semi-space-size=256', '--min-semi-space-size=256']
/** One process in so many runs code as workers of the sandbox do; not the first, which most sessions are done with. */
const OPTIMISED_EVERY = 8
const OPTIMISED_FIRST = 3

function flagsFor(number: number): readonly string[] {
  const isOptimised = number % OPTIMISED_EVERY === OPTIMISED_FIRST
  return [...FLAGS, ...ENGINE_FLAGS.filter((flag) => isOptimised || flag !== '--no-liftoff')]
}

export type FuzzOptions = {
  readonly kind: Job['kind']
  readonly seconds: number
  readonly count: number
  readonly seed: number
  readonly engines: readonly string[]
  readonly jobs: number
  /** Findings after which the session ends. */
  readonly findings: number
  /** Whether findings are told as they are found, and not made small. */
  readonly asFound: boolean
  /** The file to which a line about the session is added. */
  readonly records?: string
}

/** Runs a session in worker processes, with progress on stderr; the exit code. */
export async function runFuzzer(options: FuzzOptions): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'anrf-fuzz-'))
  try {
    return await new Fuzzer(options, folder).run()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

class Fuzzer {
  readonly #options: FuzzOptions
  readonly #folder: string
  readonly #tally = emptyTally()
  readonly #findings: string[] = []
  #isStopped = false
  readonly #children = new Set<ChildProcess>()
  #processes = 0
  readonly #started = performance.now()

  constructor(options: FuzzOptions, folder: string) {
    this.#options = options
    this.#folder = folder
  }

  async run(): Promise<number> {
    const { jobs, kind, seed, engines } = this.#options
    process.stderr.write(
      `fuzzing ${kind} from seed ${seed} on, ${engines.join(', ') || 'all engines'}, ${jobs} processes\n`,
    )
    const progress = setInterval(
      () => process.stderr.write(`${describeProgress(this.#tally, this.#seconds)}\n`),
      PROGRESS_MS,
    )
    const stop = (): void => this.#stop()
    process.on('SIGINT', stop).on('SIGTERM', stop)
    await Promise.all(Array.from({ length: jobs }, (_, i) => this.#work(i)))
    clearInterval(progress)
    process.off('SIGINT', stop).off('SIGTERM', stop)
    const ops = kind !== 'ir' ? (await import('./ts/features.ts')).SOURCE_OPS : undefined
    process.stderr.write(`${describeSummary(this.#tally, this.#seconds, ops)}\n`)
    process.stderr.write(`findings: ${this.#findings.length}\n`)
    this.#record()
    for (const text of this.#findings) process.stdout.write(`${text}\n`)
    return this.#findings.length > 0 ? 1 : 0
  }

  #record(): void {
    const { records, kind, seed, engines } = this.#options
    const { programs, runs, inconclusive } = this.#tally
    const did = { kind, engines, seed, programs, runs, inconclusive, findings: this.#findings.length }
    if (records !== undefined) appendRecord(records, { ...did, seconds: Math.round(this.#seconds) })
  }

  get #seconds(): number {
    return (performance.now() - this.#started) / 1000
  }

  #stop(): void {
    this.#isStopped = true
    for (const child of this.#children) child.kill()
  }

  /** The seeds of one worker, in one process after the other. */
  async #work(index: number): Promise<void> {
    const { seed, count, jobs, seconds, kind, engines, findings, asFound } = this.#options
    const placeFile = join(this.#folder, String(index))
    const deadline = Date.now() + seconds * 1000
    for (let first: number | undefined = seed + index * SEEDS_AT_ONCE[kind]; first !== undefined && !this.#isStopped;)
      first = await this.#run({
        ...{ kind, first, end: seed + count, step: jobs, deadline, engines, placeFile, asFound },
        goesOn: findings > 1,
      })
  }

  /** One process; the other workers stop when enough was found. Where to go on, if there is more to do. */
  #run(job: Job): Promise<number | undefined> {
    const child = fork(WORKER, [], {
      execArgv: [...flagsFor(this.#processes++), '--disable-warning=ExperimentalWarning'],
    })
    this.#children.add(child)
    let isDone = false
    let next: number | undefined
    const onSilence = (): void => void child.kill('SIGKILL')
    let silence = setTimeout(onSilence, SILENCE_MS)
    child.on('message', (report: Report) => {
      clearTimeout(silence)
      silence = setTimeout(onSilence, SILENCE_MS)
      isDone ||= report.kind === 'done'
      if (report.kind === 'done') next = report.next
      this.#take(report)
    })
    child.send(job)
    return new Promise((resolve) => {
      child.on('close', (code, signal) => {
        clearTimeout(silence)
        this.#children.delete(child)
        // SIGTERM comes from here, when another worker found something or the user had enough.
        if (!isDone && signal !== 'SIGTERM') this.#lose(job.placeFile, code ?? signal)
        resolve(next)
      })
    })
  }

  #take(report: Report): void {
    if (report.kind === 'tally') addTally(this.#tally, report.tally)
    if (report.kind !== 'finding') return
    this.#findings.push(`${report.text}\n${this.#save(report)}`)
    if (this.#findings.length >= this.#options.findings) this.#stop()
  }

  /** Keeps what replays a finding. */
  #save({ file, golden }: Described): string {
    mkdirSync(KEPT, { recursive: true })
    const path = join(KEPT, file)
    writeFileSync(path, golden)
    return `kept in ${path}; when it is mended, move it to ${file.endsWith('.ir') ? 'test/golden-ir/' : 'test/golden/'}`
  }

  /** A worker died or hung. What an engine does to its own process is a defect as well. */
  #lose(placeFile: string, end: number | string | null): void {
    let seed = '(before the first seed)'
    try {
      seed = readFileSync(placeFile, 'utf8').trim()
    } catch {
      // It died before it could say where it is.
    }
    this.#findings.push(`a worker ended with ${end} at seed ${seed}, where it hung or died`)
    this.#stop()
  }
}
