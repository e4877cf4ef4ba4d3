import type { Diagnostic } from '../../../base/index.ts'
import type { CommandModule } from '../commands.ts'
import { exitOfDiagnostics } from '../exit-codes.ts'
import { loadProgramFile } from '../program-file.ts'
import { renderDiagnostics } from '../render-diagnostics.ts'
import { sayRefused } from '../say.ts'
import { readGivenTools } from '../tools.ts'

export const execute: CommandModule['execute'] = async (terminal, paths, options) => {
  const found: Diagnostic[] = []
  const given = await readGivenTools(terminal, options)
  if ('diagnostics' in given) return sayRefused(terminal, options, given.diagnostics)
  for (const path of paths) {
    const loaded = await loadProgramFile(terminal, path, given)
    const diagnostics = 'refused' in loaded ? loaded.refused : loaded.diagnostics
    found.push(...diagnostics)
    if (options.json) terminal.out(`${JSON.stringify({ file: path, ok: !('refused' in loaded), diagnostics })}\n`)
    else if (!('refused' in loaded)) terminal.out(`${path}: ok\n`)
  }
  if (!options.json) terminal.err(renderDiagnostics(found, terminal.colours))
  return exitOfDiagnostics(found)
}
