// What sessions of the fuzzer did, one line each: a million programs take longer than most sessions.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commitId, machineName, RESULTS, sourceId } from '../../bench/history.ts'
import type { Job } from './protocol.ts'

/** What is kept in the repository. */
export const RECORDS: string = join(RESULTS, 'fuzz.jsonl')

/** What one session did. */
export type Session = {
  readonly kind: Job['kind']
  /** Names; none means all. */
  readonly engines: readonly string[]
  /** Of the first program; the others follow. */
  readonly seed: number
  readonly programs: number
  readonly runs: number
  /** Runs in which no engine came to a result that another could be held to. */
  readonly inconclusive: number
  readonly findings: number
  readonly seconds: number
}

/** A session, and what it was about: `source` names what `src` held, which several commits may share. */
export type Recorded = Session & {
  readonly at: string
  readonly commit: string
  readonly source: string
  readonly machine: string
}

/** Adds a session to the file. */
export function appendRecord(file: string, session: Session): void {
  const about = { at: new Date().toISOString(), commit: commitId(), source: sourceId(), machine: machineName() }
  appendFileSync(file, `${JSON.stringify({ ...about, ...session })}\n`)
}

/** The sessions of a file, in their order; none where there is no file. */
export function readRecords(file: string): readonly Recorded[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as Recorded)
}

/** A line for each kind of program and state of `src`, and one for each kind in all. */
export function describeRecords(records: readonly Recorded[]): string {
  const kinds = Map.groupBy(records, ({ kind }) => kind)
  return [...kinds]
    .map(([kind, ofKind]) => {
      const states = [...Map.groupBy(ofKind, ({ source }) => source)]
      const lines = states.map(([source, some]) => `  src ${source}, ${commitsOf(some)}: ${describeSum(some)}`)
      return `${kind}\n${lines.join('\n')}\n  in all: ${describeSum(ofKind)}\n`
    })
    .join('')
}

const commitsOf = (records: readonly Recorded[]): string =>
  `commit ${[...new Set(records.map(({ commit }) => commit))].join(', ')}`

function describeSum(records: readonly Recorded[]): string {
  const sum = (key: 'programs' | 'runs' | 'findings' | 'seconds'): number =>
    records.reduce((total, record) => total + record[key], 0)
  const number = (key: Parameters<typeof sum>[0]): string => sum(key).toLocaleString('en-US')
  return `${number('programs')} programs, ${number('runs')} runs, ${number('findings')} findings, ${number('seconds')} s`
}
