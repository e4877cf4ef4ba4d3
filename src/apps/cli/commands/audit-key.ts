import { openGivenLog } from '../audit-log.ts'
import type { CommandModule } from '../commands.ts'
import { UsageError } from '../terminal.ts'

export const execute: CommandModule['execute'] = async (terminal, [folder], options) => {
  const { logKey, close } = await openGivenLog(terminal, folder, options)
  close()
  if (logKey === undefined) throw new UsageError('there is no key beside the log')
  terminal.out(options['json'] ? `${JSON.stringify({ logKey: logKey.trim() })}\n` : `${logKey.trim()}\n`)
  return 'ok'
}
