import { openGivenLog } from '../audit-log.ts'
import type { CommandModule } from '../commands.ts'
import { UsageError } from '../terminal.ts'

export const execute: CommandModule['execute'] = async (terminal, [folder], options) => {
  const source = await openGivenLog(terminal, folder, options)
  source.close()
  const { checkpoint, logKey } = source
  if (checkpoint === undefined) throw new UsageError('the log has no entries yet, and so no checkpoint')
  terminal.out(options['json'] ? `${JSON.stringify({ checkpoint, logKey })}\n` : checkpoint)
  return 'ok'
}
