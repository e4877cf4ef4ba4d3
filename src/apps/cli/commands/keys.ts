import { AnrfError, type Client } from '../../../client/index.ts'
import { listOption, textOption } from '../arguments.ts'
import type { CommandModule, Options } from '../commands.ts'
import type { Exit } from '../exit-codes.ts'
import { readCount } from '../page-options.ts'
import { showControls } from '../plain-text.ts'
import { printTable } from '../print-table.ts'
import { connect, sayProblem } from '../remote.ts'
import { UsageError, type Terminal } from '../terminal.ts'

type Scopes = Parameters<Client['keys']['create']>[0]['scopes']

async function listKeys(terminal: Terminal, _: unknown, options: Options): Promise<Exit> {
  const client = connect(terminal, options)
  const tenant = textOption(options, 'tenant')
  const keys = []
  try {
    for await (const key of client.keys.listAll(tenant === undefined ? {} : { query: { tenant } })) keys.push(key)
  } catch (error) {
    if (error instanceof AnrfError) return sayProblem(terminal, options, error.problem)
    throw error
  }
  if (options.json) terminal.out(`${JSON.stringify({ keys })}\n`)
  else {
    const cells = keys.map((key) => [
      key.id,
      key.principal,
      key.tenant,
      key.scopes.join(','),
      key.revokedAt === undefined ? (key.expiresAt ?? '-') : 'revoked',
      showControls(key.label),
    ])
    terminal.out(printTable(['key', 'principal', 'tenant', 'scopes', 'ends', 'label'], cells))
  }
  return 'ok'
}

async function createKey(terminal: Terminal, _: unknown, options: Options): Promise<Exit> {
  const scopes = listOption(options, 'scope')
  const label = textOption(options, 'label')
  if (scopes.length === 0 || label === undefined) throw new UsageError('give a --label and at least one --scope')
  const tenant = textOption(options, 'tenant')
  const expiresAt = textOption(options, 'expires')
  const more = { ...(tenant !== undefined && { tenant }), ...(expiresAt !== undefined && { expiresAt }) }
  return sayKey(
    terminal,
    options,
    await connect(terminal, options).keys.create({ label, scopes: scopes as Scopes, ...more }),
  )
}

async function rotateKey(terminal: Terminal, [id]: readonly string[], options: Options): Promise<Exit> {
  const graceSeconds =
    textOption(options, 'grace') === undefined ? {} : { graceSeconds: readCount(options, 'grace', 1) }
  return sayKey(terminal, options, await connect(terminal, options).keys.rotate(id!, graceSeconds))
}

async function revokeKey(terminal: Terminal, [id]: readonly string[], options: Options): Promise<Exit> {
  const answer = await connect(terminal, options).keys.revoke(id!)
  if (!answer.ok) return sayProblem(terminal, options, answer.problem)
  terminal.out(options.json ? `${JSON.stringify({ id, revoked: true })}\n` : `key ${id} is revoked\n`)
  return 'ok'
}

/** The key alone on standard output, so that it can be kept without being shown. */
function sayKey(terminal: Terminal, options: Options, answer: Awaited<ReturnType<Client['keys']['create']>>): Exit {
  if (!answer.ok) return sayProblem(terminal, options, answer.problem)
  const { id, key } = answer.value
  if (options.json) terminal.out(`${JSON.stringify(answer.value)}\n`)
  else {
    terminal.err(`key ${id}, shown only now:\n`)
    terminal.out(`${key}\n`)
  }
  return 'ok'
}

export const list: CommandModule = { execute: listKeys }
export const create: CommandModule = { execute: createKey }
export const rotate: CommandModule = { execute: rotateKey }
export const revoke: CommandModule = { execute: revokeKey }
