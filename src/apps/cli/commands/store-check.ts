import { resolve } from 'node:path'
import { checkStore } from '../../../audit/index.ts'
import { readGiven, textOption } from '../arguments.ts'
import { dataFolder, whenStoreOpens } from '../audit-log.ts'
import type { CommandModule } from '../commands.ts'
import { exitOfDiagnostics } from '../exit-codes.ts'
import { renderDiagnostics } from '../render-diagnostics.ts'

export const execute: CommandModule['execute'] = async (terminal, [given], options) => {
  const folder = given === undefined ? dataFolder(terminal, options) : resolve(terminal.folder, given)
  const file = textOption(options, 'checkpoint')
  const checkpoint = file === undefined ? {} : { checkpoint: (await readGiven(terminal, file)).toString() }
  const onProgress = (what: string): void => (options['json'] ? undefined : terminal.err(`${what}\r`))
  try {
    const report = await whenStoreOpens(
      () => checkStore(folder, { ...checkpoint, onProgress, signal: terminal.stopped }),
      folder,
    )
    const { blobs, audit, problems } = report
    const { size, root, redacted } = audit
    const body = { ok: problems.length === 0, blobs, audit: { size, root, redacted }, problems }
    if (options['json']) terminal.out(`${JSON.stringify(body)}\n`)
    else {
      terminal.err(renderDiagnostics(problems, terminal.colours))
      terminal.out(`${body.ok ? 'ok' : 'damaged'}: ${blobs} blobs, ${size} audit entries\n`)
    }
    return exitOfDiagnostics(problems)
  } catch (error) {
    if (terminal.stopped.aborted) return 'interrupted'
    throw error
  }
}
