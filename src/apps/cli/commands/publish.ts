import { basename, dirname, resolve } from 'node:path'
import { encodeDocument, programNameOf } from '../../../document/index.ts'
import { readGivenJson, readText } from '../given-files.ts'
import { listOption, textOption } from '../arguments.ts'
import type { CommandModule, Options } from '../commands.ts'
import { isSource, loadDocumentFile } from '../program-file.ts'
import { readRelease } from '../release.ts'
import { connect, sayProblem } from '../remote.ts'
import { sayRefused, sayWarnings } from '../say.ts'
import { UsageError, type Terminal } from '../terminal.ts'
import { readGivenTools } from '../tools.ts'

export const execute: CommandModule['execute'] = async (terminal, args, options) => {
  const path = args[0]!
  checkName(terminal, path, options)
  const given = await readGivenTools(terminal, options)
  if ('diagnostics' in given) return sayRefused(terminal, options, given.diagnostics)
  const loaded = await loadDocumentFile(terminal, path, readRelease(options, path), given)
  if ('refused' in loaded) return sayRefused(terminal, options, loaded.refused)
  sayWarnings(terminal, options, loaded.diagnostics)
  const document = Buffer.from(encodeDocument(loaded.document)).toString('base64')
  const answer = await connect(terminal, options).artifacts.publish({
    document,
    ...(await readBeside(terminal, options)),
  })
  if (!answer.ok) return sayProblem(terminal, options, answer.problem)
  const { id, name, version } = answer.value
  if (options.json) terminal.out(`${JSON.stringify(answer.value)}\n`)
  else terminal.out(`${name === undefined ? id : `${name}@${version} ${id}`}\n`)
  return 'ok'
}

/** What is published beside a document. */
async function readBeside(terminal: Terminal, options: Options): Promise<{ attestations: unknown[]; readme?: string }> {
  const readme = textOption(options, 'readme')
  const bundles = listOption(options, 'attach').map((path) => readGivenJson(terminal, path))
  const attestations = await Promise.all(bundles)
  return { attestations, ...(readme !== undefined && { readme: await readText(terminal, readme) }) }
}

/** A document has its name; a source file called `main.ts` says nothing about what the program is. */
function checkName(terminal: Terminal, path: string, options: Options): void {
  const name = textOption(options, 'name')
  if (!isSource(path)) {
    if (name !== undefined || textOption(options, 'release') !== undefined) {
      throw new UsageError('a document has its name and version already: --name and --release are for source files')
    }
  } else if (name === undefined && /^(main|index|program)$/.test(programNameOf(path))) {
    const folder = programNameOf(basename(dirname(resolve(terminal.folder, path))))
    throw new UsageError(`${basename(path)} says little about the program: give it a name, e.g. --name ${folder}`)
  }
}
