import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Limits, Mode } from '../../base/index.ts'
import type { World } from '../../effects/index.ts'
import { writeRecording } from '../../journal/index.ts'
import type { ExecuteReport } from '../../sandbox/index.ts'
import type { Access } from './access.ts'
import { reasonOf, textOption } from './arguments.ts'
import type { Options } from './commands.ts'
import { UsageError, type Terminal } from './terminal.ts'
import type { Call } from './worker.ts'

/** A run that has ended. */
type Ran = {
  readonly program: Uint8Array
  readonly call: Call
  readonly limits: Limits
  readonly mode: Mode
  readonly world: World
  readonly access: Access
  readonly startedAt: Date
  readonly report: ExecuteReport
}

/** Writes what `--record` asks for. */
export async function saveRecording(terminal: Terminal, options: Options, ran: Ran): Promise<void> {
  const path = textOption(options, 'record')
  if (path === undefined) return
  const { program, call, limits, mode, world, access, startedAt, report } = ran
  const text = writeRecording({
    executionId: access.executionId,
    program: Buffer.from(program).toString('base64'),
    ...call,
    mode,
    limits,
    world,
    isolation: report.isolation,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    outcome: report.outcome,
    logs: report.logs,
    usage: report.usage,
    journal: access.entries(),
  })
  try {
    await writeFile(resolve(terminal.folder, path), text)
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`)
  }
}
