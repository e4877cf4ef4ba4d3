import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ProblemBody } from '../../../client/index.ts'
import { canonicalJson } from '../../../document/index.ts'
import {
  exportPackage,
  findCredentials,
  formatOciReference,
  importPackage,
  OciError,
  openOrThrow,
  parseOciReference,
  pull,
  push,
  type Package,
  type RegistryClientOptions,
} from '../../../registry/index.ts'
import { readGiven, reasonOf, textOption } from '../arguments.ts'
import type { CommandModule, Options } from '../commands.ts'
import type { Exit } from '../exit-codes.ts'
import { connect, sayProblem } from '../remote.ts'
import { sayRefused } from '../say.ts'
import { UsageError, type Terminal } from '../terminal.ts'

/** A service refused its part. */
class Refused extends Error {
  readonly problem: ProblemBody

  constructor(problem: ProblemBody) {
    super(problem.detail)
    this.problem = problem
  }
}

/** A command whose work may fail by the fault of registries, files and services. */
function command(
  work: (terminal: Terminal, args: readonly string[], options: Options) => Promise<Exit>,
): CommandModule {
  return {
    execute: async (terminal, args, options) => {
      try {
        return await work(terminal, args, options)
      } catch (error) {
        if (error instanceof OciError) return sayRefused(terminal, options, [error.diagnostic])
        if (error instanceof Refused) return sayProblem(terminal, options, error.problem)
        throw error
      }
    },
  }
}

function registryOptions(terminal: Terminal, host: string): RegistryClientOptions {
  return { signal: terminal.stopped, credentials: () => findCredentials(host, terminal.env) }
}

const pullFrom = (terminal: Terminal, text: string): Promise<Package> => {
  const place = parseOciReference(text)
  return pull(place, registryOptions(terminal, place.host))
}

/** A program with all that goes with it: from a service, a file or another registry. */
async function readProgram(terminal: Terminal, options: Options, source: string): Promise<Package> {
  if (source.startsWith('oci://')) return pullFrom(terminal, source)
  if (source.endsWith('.tar')) return importPackage(await readGiven(terminal, source))
  const { artifacts } = connect(terminal, options)
  const found = await artifacts.read(source)
  if (!found.ok) throw new Refused(found.problem)
  const { id, hasReadme } = found.value
  const [document, statements] = [await artifacts.download(id), await artifacts.referrers(id)]
  if (!document.ok) throw new Refused(document.problem)
  if (!statements.ok) throw new Refused(statements.problem)
  const readme = hasReadme ? await artifacts.readme(id) : undefined
  if (readme && !readme.ok) throw new Refused(readme.problem)
  return {
    document: document.value,
    attestations: statements.value.referrers.map(({ bundle }) => canonicalJson(bundle)),
    // The client gives texts as texts.
    ...(readme && { readme: Buffer.from(readme.value as Uint8Array | string) }),
  }
}

async function publishPackage(terminal: Terminal, options: Options, given: Package): Promise<Exit> {
  const answer = await connect(terminal, options).artifacts.publish({
    document: Buffer.from(given.document).toString('base64'),
    attestations: given.attestations.map((one) => JSON.parse(one) as unknown),
    ...(given.readme && { readme: Buffer.from(given.readme).toString('utf8') }),
  })
  if (!answer.ok) throw new Refused(answer.problem)
  const { id, name, version } = answer.value
  if (options['json']) terminal.out(`${JSON.stringify(answer.value)}\n`)
  else terminal.out(`${name === undefined ? id : `${name}@${version} ${id}`}\n`)
  return 'ok'
}

async function writeOut(terminal: Terminal, options: Options, path: string, given: Package): Promise<Exit> {
  const bytes = exportPackage(given)
  await writeFile(resolve(terminal.folder, path), bytes).catch((error: unknown) => {
    throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`)
  })
  const { id } = openOrThrow(given.document)
  const facts = { file: path, id, sizeBytes: bytes.length, statements: given.attestations.length }
  terminal.out(options['json'] ? `${JSON.stringify(facts)}\n` : `${path} ${id}, ${facts.statements} statements\n`)
  return 'ok'
}

export const pushProgram = command(async (terminal, [source, target], options) => {
  const place = parseOciReference(target!)
  const given = await readProgram(terminal, options, source!)
  const { metadata } = openOrThrow(given.document).document
  const pushed = await push(given, place, metadata['version'] ?? 'latest', registryOptions(terminal, place.host))
  const at = formatOciReference({
    host: place.host,
    repository: place.repository,
    tag: pushed.tag,
    digest: pushed.digest,
  })
  terminal.out(options['json'] ? `${JSON.stringify({ place: at, ...pushed })}\n` : `${at}\n`)
  return 'ok'
})

export const pullProgram = command(async (terminal, [source], options) => {
  const given = await pullFrom(terminal, source!)
  const output = textOption(options, 'output')
  return output === undefined ? publishPackage(terminal, options, given) : writeOut(terminal, options, output, given)
})

export const exportProgram = command(async (terminal, [source, path], options) =>
  writeOut(terminal, options, path!, await readProgram(terminal, options, source!)),
)

export const importProgram = command(async (terminal, [path], options) =>
  publishPackage(terminal, options, await importPackage(await readGiven(terminal, path!))),
)
