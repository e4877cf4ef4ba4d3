import type { CommandModule } from '../commands.ts'
import { openService, untilStopped } from '../local-service.ts'
import { sayRefused } from '../say.ts'
import { printConfig } from '../print-config.ts'

export const execute: CommandModule['execute'] = async (terminal, _args, options) => {
  if (options['printConfig']) return printConfig(terminal, options)
  const opened = await openService(terminal, options)
  if ('refused' in opened) return sayRefused(terminal, options, opened.refused)
  const { service, dataDir } = opened
  terminal.out(`anrf serves ${service.url}, store in ${dataDir}\n`)
  if (service.adminKey !== undefined) {
    terminal.out(`admin key, shown only now:\n\n  export ANRF_SERVER=${service.url} ANRF_KEY=${service.adminKey}\n\n`)
  }
  terminal.err('Ctrl-C stops it, after the executions under way.\n')
  // As is usual for daemons: what is wrong is in the log, and nothing changed then.
  const reload = (): void => {
    service.reloadTls()
    void service.reloadPolicies().catch(() => undefined)
  }
  process.on('SIGHUP', reload)
  await untilStopped(terminal)
  process.off('SIGHUP', reload)
  await service.close()
  return 'ok'
}
