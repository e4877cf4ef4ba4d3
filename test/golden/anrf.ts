import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { hasErrors, type Diagnostic, type Mode } from '../../src/base/index.ts'
import { checkArguments, MODES, prepareModule, run, type CheckedInputs, type Program, type RunReport } from '../../src/engine/index.ts'
import { compile, LIBRARY_FILES, type Library } from '../../src/front/index.ts'
import type { Call, NodeJob, NodeOutcome } from './oracle.ts'
import { scriptedPort } from './scripted-port.ts'

/** The declarations and the prelude that programs are compiled with. */
export const library: Library = {
  lib: readFileSync(LIBRARY_FILES.lib, 'utf8'),
  prelude: LIBRARY_FILES.prelude.map(({ path, url }) => ({ path, text: readFileSync(url, 'utf8') })),
  modules: LIBRARY_FILES.modules.map(({ name, url }) => ({ name, text: readFileSync(url, 'utf8') })),
}

/** What ANRF answers to a call: as Node, or that it stopped by a trap or a limit, or what is wrong with the inputs. */
export type AnrfOutcome = NodeOutcome & {
  readonly trap?: string
  readonly limit?: string
  readonly diagnostics?: readonly Diagnostic[]
}

/** What ANRF makes of a program: errors in the order of their places, or an answer to each call. */
export type AnrfReport = { readonly errors: readonly Diagnostic[]; readonly outcomes: readonly AnrfOutcome[] }

/** Compiles a program and makes its calls in this process, each on a fresh instance. */
export function runInAnrf(
  job: NodeJob,
  check: (p: Program, call: Call, i: number) => CheckedInputs = byPosition,
): AnrfReport {
  const host = { read: (path: string): string | undefined => job.files[path] }
  const compiled = compile(host, library, { main: job.main })
  if (!compiled.program) return { errors: compiled.diagnostics.filter((d) => hasErrors([d])), outcomes: [] }
  const prepared = prepareModule(compiled.program.module)
  if (!('program' in prepared)) return { errors: prepared.diagnostics, outcomes: [] }
  const { program } = prepared
  return { errors: [], outcomes: job.calls.map((call, i) => runCall(program, call, check(program, call, i))) }
}

const byPosition = (program: Program, call: Call): CheckedInputs =>
  checkArguments(program.module, call.entry, call.args)

function runCall(program: Program, call: Call, checked: CheckedInputs): AnrfOutcome {
  if ('diagnostics' in checked) return { diagnostics: checked.diagnostics }
  const { report, logs } = runInEveryMode(program, call.entry, checked.args)
  const printed = logs.length === 0 ? {} : { logs }
  const { outcome } = report
  switch (outcome.kind) {
    case 'returned':
      return { ok: outcome.value, args: report.args?.slice(0, call.args.length) ?? [], ...printed }
    case 'threw':
      return { throw: { name: outcome.error.name, message: outcome.error.message }, ...printed }
    case 'trapped':
      return { trap: outcome.trap, ...printed }
    case 'limited':
      return { limit: outcome.limit, ...printed }
    default:
      throw new Error(`a run in this process cannot end as ${outcome.kind}`)
  }
}

/** Runs a call in every mode. All must agree in everything but time: values, stacks, log, fuel, allocation, depth. */
function runInEveryMode(program: Program, entry: string, args: CheckedArguments): ModeReport {
  const [first, ...others] = (Object.keys(MODES) as Mode[]).map((mode): ModeReport => {
    const logs: string[] = []
    const report = run(program, { entry, args, mode, host: { log: (_, line) => logs.push(line), effects: scriptedPort() } })
    return { mode, logs, report: { ...report, usage: { ...report.usage, wallMs: 0 } } }
  })
  for (const other of others)
    assert.deepStrictEqual({ ...other, mode: first!.mode }, first, `${other.mode} differs from ${first!.mode}`)
  return first!
}

type CheckedArguments = Extract<CheckedInputs, { args: unknown }>['args']
type ModeReport = { readonly mode: Mode; readonly logs: readonly string[]; readonly report: RunReport }

/** A diagnostic as the goldens store it: `CODE line:column message`, with the file where it is not the main one. */
export function diagnosticLine({ code, location, message }: Diagnostic): string {
  if (location === undefined) return `${code} ${message}`
  const path = location.path.replace(/^\//, '')
  const place = `${path === 'main.ts' ? '' : `${path}:`}${location.start.line}:${location.start.column}`
  return `${code} ${place} ${message}`
}
