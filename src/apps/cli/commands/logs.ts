import { AnrfError } from '../../../client/index.ts'
import type { CommandModule, Options } from '../commands.ts'
import type { Exit } from '../exit-codes.ts'
import { showControls } from '../plain-text.ts'
import { connect, sayProblem } from '../remote.ts'
import type { Terminal } from '../terminal.ts'

export const execute: CommandModule['execute'] = async (terminal, [executionId], options) => {
  if (options['follow']) return follow(terminal, executionId!, options)
  const answer = await connect(terminal, options).executions.logs(executionId!)
  if (!answer.ok) return sayProblem(terminal, options, answer.problem)
  answer.value.logs.forEach((text, i) => sayLine(terminal, options, i + 1, text))
  return 'ok'
}

/** Until the end of the execution, or the first Ctrl-C, which leaves the execution alone. */
async function follow(terminal: Terminal, executionId: string, options: Options): Promise<Exit> {
  try {
    for await (const event of connect(terminal, options).followLog(executionId, { signal: terminal.stopped })) {
      if (event.kind === 'log') sayLine(terminal, options, event.line, event.text)
      else if (options.json) terminal.out(`${JSON.stringify(event)}\n`)
      else terminal.err(`execution ${executionId} has ended: ${event.outcome}\n`)
    }
    return 'ok'
  } catch (error) {
    if (terminal.stopped.aborted) return 'interrupted'
    if (error instanceof AnrfError) return sayProblem(terminal, options, error.problem)
    throw error
  }
}

function sayLine(terminal: Terminal, options: Options, line: number, text: string): void {
  if (options.json) terminal.out(`${JSON.stringify({ kind: 'log', line, text })}\n`)
  else terminal.out(`${terminal.colours ? showControls(text) : text}\n`)
}
