import { AnrfError, type Client } from '../../../client/index.ts'
import { textOption } from '../arguments.ts'
import type { CommandModule } from '../commands.ts'
import { readCount } from '../page-options.ts'
import { showControls } from '../plain-text.ts'
import { printTable } from '../print-table.ts'
import { connect, sayProblem } from '../remote.ts'

const LIMIT = 20

/** What the service takes; it says so of anything else. */
type Query = NonNullable<NonNullable<Parameters<Client['executions']['listAll']>[0]>['query']>

export const execute: CommandModule['execute'] = async (terminal, _args, options) => {
  const most = readCount(options, 'limit', LIMIT)
  const [program, outcome] = [textOption(options, 'program'), textOption(options, 'outcome')]
  const query = { ...(program !== undefined && { program }), ...(outcome !== undefined && { outcome }) } as Query
  const rows = []
  try {
    for await (const execution of connect(terminal, options).executions.listAll({ query })) {
      rows.push(execution)
      if (rows.length === most) break
    }
  } catch (error) {
    if (error instanceof AnrfError) return sayProblem(terminal, options, error.problem)
    throw error
  }
  if (options.json) terminal.out(`${JSON.stringify({ executions: rows })}\n`)
  else {
    const cells = rows.map(({ id, outcome: end, startedAt, mode, entry }) => [
      id,
      end,
      startedAt,
      mode,
      showControls(entry),
    ])
    terminal.out(printTable(['execution', 'outcome', 'began', 'mode', 'entry'], cells))
  }
  return 'ok'
}
