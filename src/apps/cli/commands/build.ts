import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  encodeDocument,
  encodeDocumentJson,
  signDocument,
  trustedKeyOf,
  type SigningKey,
} from '../../../document/index.ts'
import { readGiven, reasonOf, textOption } from '../arguments.ts'
import type { CommandModule } from '../commands.ts'
import { loadDocumentFile } from '../program-file.ts'
import { readRelease } from '../release.ts'
import { sayRefused, sayWarnings } from '../say.ts'
import { UsageError, type Terminal } from '../terminal.ts'
import { readGivenTools } from '../tools.ts'

export const execute: CommandModule['execute'] = async (terminal, args, options) => {
  const path = args[0]!
  const pem = textOption(options, 'sign')
  const key = pem === undefined ? undefined : readSigningKey((await readGiven(terminal, pem)).toString(), pem)
  const given = await readGivenTools(terminal, options)
  if ('diagnostics' in given) return sayRefused(terminal, options, given.diagnostics)
  const loaded = await loadDocumentFile(terminal, path, readRelease(options, path), given)
  if ('refused' in loaded) return sayRefused(terminal, options, loaded.refused)
  sayWarnings(terminal, options, loaded.diagnostics)
  const { document } = loaded
  const bytes = options.binary ? encodeDocument(document) : Buffer.from(encodeDocumentJson(document))
  const output =
    textOption(options, 'output') ?? `${path.replace(/\.[cm]?tsx?$/, '')}.anrf${options.binary ? '' : '.json'}`
  if (output === '-') {
    terminal.out(options.binary ? bytes : bytes.toString())
    return 'ok'
  }
  const written = [await write(terminal, output, bytes)]
  if (key)
    written.push(
      await write(terminal, `${output}.sig`, `${JSON.stringify(signDocument(document, key), undefined, 2)}\n`),
    )
  if (options.json)
    terminal.out(`${JSON.stringify({ anrfId: document.anrfId, files: written, bytes: bytes.length })}\n`)
  else terminal.out(`${document.anrfId}\n`)
  if (!options.json) terminal.err(`wrote ${written.join(' and ')} (${bytes.length} bytes)\n`)
  return 'ok'
}

async function write(terminal: Terminal, path: string, content: Uint8Array | string): Promise<string> {
  try {
    await writeFile(resolve(terminal.folder, path), content)
    return path
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`)
  }
}

function readSigningKey(pem: string, path: string): SigningKey {
  const key = /PRIVATE KEY/.test(pem) ? trustedKeyOf(pem) : undefined
  if (key) return { ...key, privateKey: pem }
  throw new UsageError(`${path} is not an Ed25519 private key in PEM (make one: openssl genpkey -algorithm ed25519)`)
}
