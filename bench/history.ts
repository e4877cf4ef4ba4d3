import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'

/** One number that a benchmark found. */
export type Figure = { readonly name: string; readonly value: number; readonly unit: 'ms' | 'us' | 'x' | 'count' }

/** Where results are kept. */
export const RESULTS = join(import.meta.dirname, 'results')

/** Appends one line to `bench/results/history.jsonl`: commit, machine, how busy it is, and every figure of this run. */
export function appendHistory(figures: readonly Figure[]): void {
  mkdirSync(RESULTS, { recursive: true })
  const [load = 0] = loadavg()
  const line = {
    at: new Date().toISOString(),
    commit: commitId(),
    machine: machineName(),
    load: Number(load.toFixed(1)),
    figures: figures.map(round),
  }
  appendFileSync(join(RESULTS, 'history.jsonl'), `${JSON.stringify(line)}\n`)
}

const round = ({ name, value, unit }: Figure): Figure => ({ name, value: Number(value.toPrecision(4)), unit })

/** Processor and runtime, which is what makes two lines comparable. */
export function machineName(): string {
  const all = cpus()
  return `${all.length} x ${all[0]?.model ?? process.arch}, node ${process.version}`
}

/** The commit checked out, with `+` when files of ours differ from it; `unknown` outside a repository. */
export const commitId = (): string => gitId('HEAD')

/** What `src` holds, as Git names it: the same in all commits that leave it alone. As {@link commitId} otherwise. */
export const sourceId = (): string => gitId('HEAD:src')

function gitId(what: string): string {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: RESULTS, encoding: 'utf8' }).trim()
  try {
    const isClean = git('status', '--porcelain', '--untracked-files=no', '--', ':/src') === ''
    return `${git('rev-parse', '--short', what)}${isClean ? '' : '+'}`
  } catch {
    return 'unknown'
  }
}
