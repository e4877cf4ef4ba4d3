import assert from 'node:assert/strict'
import type { Encoded, Limits } from '../../src/base/index.ts'
import { prepareModule, run, type RunReport } from '../../src/engine/index.ts'
import type { Module } from '../../src/ir/index.ts'

/** Checks a module and runs its entry `main`; the report and the log. */
export function runModule(
  module: Module,
  args: readonly Encoded[] = [],
  limits: Partial<Limits> = {},
): RunReport & { readonly lines: readonly string[] } {
  const prepared = prepareModule(module)
  if (!('program' in prepared)) assert.fail(prepared.diagnostics.map((d) => d.message).join('\n'))
  const lines: string[] = []
  const host = { log: (_level: string, line: string): void => void lines.push(line) }
  return { ...run(prepared.program, { entry: 'main', args, limits, host }), lines }
}

/** The value that `main` returns; anything else fails the test. */
export function valueOf(module: Module, args: readonly Encoded[] = []): Encoded {
  const { outcome } = runModule(module, args)
  return outcome.kind === 'returned' ? outcome.value : assert.fail(JSON.stringify(outcome))
}
