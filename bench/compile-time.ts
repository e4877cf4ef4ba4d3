import { spawnSync } from 'node:child_process'
import { compileToDocument } from './anrf.ts'
import type { Figure } from './history.ts'
import { median } from './measure.ts'

/** How long the 300-line program takes to become a checked document: in a new process, and once everything is warm. */
export function timeCompile(rounds: number): Figure[] {
  const cold: number[] = []
  const warm: number[] = []
  for (let i = 0; i < rounds; i++) cold.push(wallMs(runCold))
  for (let i = 0; i < 3; i++) compileToDocument('compile-300')
  for (let i = 0; i < rounds; i++) warm.push(wallMs(() => compileToDocument('compile-300')))
  return [
    { name: 'compile 300 lines, cold process', value: median(cold), unit: 'ms' },
    { name: 'compile 300 lines, warm', value: median(warm), unit: 'ms' },
  ]
}

function runCold(): void {
  const { status, stderr } = spawnSync(process.execPath, [import.meta.filename], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the cold compile failed\n${stderr}`)
}

function wallMs(work: () => unknown): number {
  const begin = performance.now()
  work()
  return performance.now() - begin
}

// As a program of its own this file compiles once: `timeCompile` measures that process from outside.
if (import.meta.main) compileToDocument('compile-300')
