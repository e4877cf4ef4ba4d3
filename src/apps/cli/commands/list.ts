import { AnrfError } from '../../../client/index.ts'
import { textOption } from '../arguments.ts'
import type { CommandModule } from '../commands.ts'
import { readCount } from '../page-options.ts'
import { showControls } from '../plain-text.ts'
import { printTable } from '../print-table.ts'
import { connect, sayProblem } from '../remote.ts'

export const execute: CommandModule['execute'] = async (terminal, _args, options) => {
  const most = readCount(options, 'limit', 100)
  const name = textOption(options, 'name')
  const rows = []
  try {
    for await (const artifact of connect(terminal, options).artifacts.listAll(
      name === undefined ? {} : { query: { name } },
    )) {
      rows.push(artifact)
      if (rows.length === most) break
    }
  } catch (error) {
    if (error instanceof AnrfError) return sayProblem(terminal, options, error.problem)
    throw error
  }
  if (options.json) terminal.out(`${JSON.stringify({ artifacts: rows })}\n`)
  else {
    const cells = rows.map(({ id, name: label, version, sizeBytes, publishedAt }) => [
      label === undefined ? '-' : `${showControls(label)}@${version}`,
      id,
      String(sizeBytes),
      publishedAt,
    ])
    terminal.out(printTable(['artifact', 'id', 'bytes', 'published'], cells))
  }
  return 'ok'
}
