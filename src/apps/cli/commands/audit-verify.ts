import { verifyLog, type LogReport } from '../../../audit/index.ts'
import { textOption, readGiven } from '../arguments.ts'
import { openGivenLog, readLogKey } from '../audit-log.ts'
import type { CommandModule } from '../commands.ts'
import { exitOfDiagnostics } from '../exit-codes.ts'
import { renderDiagnostics } from '../render-diagnostics.ts'
import { sayRefused } from '../say.ts'
import type { Terminal } from '../terminal.ts'

export const execute: CommandModule['execute'] = async (terminal, [folder], options) => {
  const source = await openGivenLog(terminal, folder, options)
  try {
    const key = await readLogKey(terminal, options, source)
    if ('diagnostics' in key) return sayRefused(terminal, options, key.diagnostics)
    const file = textOption(options, 'checkpoint')
    const checkpoint = file === undefined ? undefined : (await readGiven(terminal, file)).toString()
    const onProgress = (entries: number): void => (options['json'] ? undefined : terminal.err(`${entries} entries\r`))
    const given = checkpoint === undefined ? {} : { checkpoint }
    const report = await verifyLog(source, { verifier: key.verifier, onProgress, ...given })
    if (options['json']) terminal.out(`${JSON.stringify({ ok: report.problems.length === 0, ...report })}\n`)
    else sayReport(terminal, report, key.isGiven)
    return exitOfDiagnostics(report.problems)
  } finally {
    source.close()
  }
}

function sayReport(terminal: Terminal, report: LogReport, isKeyGiven: boolean): void {
  const { size, root, redacted, external, problems } = report
  terminal.err(renderDiagnostics(problems, terminal.colours))
  terminal.out(`${problems.length === 0 ? 'ok' : 'altered'}: ${size} entries, ${redacted} redacted, root ${root}\n`)
  if (external === undefined) terminal.err('note: no --checkpoint was given: a log rewritten with its key would pass\n')
  else if (external < size) terminal.err(`note: the given checkpoint covers the first ${external} entries\n`)
  if (!isKeyGiven) terminal.err('note: no --log-key was given: the key beside the log was trusted\n')
}
