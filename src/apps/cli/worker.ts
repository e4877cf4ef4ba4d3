import type { Diagnostic, Encoded, Limits } from '../../base/index.ts'
import type { World } from '../../effects/index.ts'
import type { Access } from './access.ts'
import { createPool, openIsolation, programIdOf, type ExecuteReport, type Pool } from '../../sandbox/index.ts'
import { chooseIsolation } from './choose.ts'
import type { Options } from './commands.ts'
import type { Terminal } from './terminal.ts'

/** A call of an entry; the arguments are checked already. */
export type Call = { readonly entry: string; readonly args: readonly Encoded[] }

export type WorkerOptions = {
  readonly limits: Limits
  readonly mode: string
  /** What of the world the runs are told; the rest is the time now and a seed by chance. */
  readonly world?: Partial<World>
  /** The way of a single call to the world. */
  readonly access?: Access
  readonly signal: AbortSignal
  readonly onLog?: (line: string) => void
}

/**
 * One worker process under the isolation that was asked for, which starts at once, so that it is up when the program is compiled.
 * Throws {@link UsageError} when there is no such isolation.
 */
export async function startWorker(
  { env }: Terminal,
  options: Options,
): Promise<Pool | { readonly refused: readonly Diagnostic[] }> {
  const ociRuntime = env['ANRF_OCI_RUNTIME']
  const choice = chooseIsolation(options, env)
  const isolation = await openIsolation(choice, { recalls: true, ...(ociRuntime && { ociRuntime }) })
  return 'refused' in isolation
    ? { refused: [isolation.refused] }
    : createPool({ isolation, size: 1, spares: 1, processes: 1, queueMax: 1 })
}

/** Runs the calls one after another, each on a fresh instance of the program, and hands over the reports in order. */
export async function runCalls(
  pool: Pool,
  programBytes: Uint8Array,
  calls: readonly Call[],
  options: WorkerOptions,
  onReport: (report: ExecuteReport) => void,
): Promise<void> {
  const programId = programIdOf(programBytes)
  const { limits, mode, world = {}, access, signal, onLog } = options
  const requests = calls.map(({ entry, args }) => {
    const effects = access && { executionId: access.executionId, effects: access.session }
    const request = { programId, programBytes, entry, args, limits, mode, world, ...effects }
    return onLog ? { ...request, onLog: (_level: string, line: string) => onLog(line) } : request
  })
  const rejection = await pool.executeAll(requests, onReport, signal)
  // The pool is ours alone: nobody else can fill or close it.
  if (rejection) throw new Error(`the worker pool of this command rejects a run: ${rejection.rejected}`)
}
