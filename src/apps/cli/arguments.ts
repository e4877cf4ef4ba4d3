import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { diagnostic, LIMITS, readJson, type Diagnostic, type Limits } from '../../base/index.ts'
import type { World } from '../../effects/index.ts'
import { EXECUTION_LIMITS, limitFlag, type Options } from './commands.ts'
import { UsageError, type Terminal } from './terminal.ts'

/** The text of an option, or undefined when it was not given. */
export function textOption(options: Options, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

/** The texts of an option that may be given several times. */
export function listOption(options: Options, name: string): readonly string[] {
  const value = options[name]
  return Array.isArray(value) ? (value as readonly string[]) : []
}

/** The limits that were asked for, as whole numbers; ceilings are not looked at here. Throws {@link UsageError} otherwise. */
export function readLimits(options: Options): Partial<Limits> {
  const asked: { -readonly [K in keyof Limits]?: number } = {}
  for (const name of EXECUTION_LIMITS) {
    const flag = limitFlag(name)
    const given = textOption(options, camelCase(flag))
    if (given === undefined) continue
    const value = /^\d[\d_]*$/.test(given) ? Number(given.replaceAll('_', '')) : Number.NaN
    if (!(value >= 1)) throw new UsageError(`--${flag} takes a whole number of ${LIMITS[name].unit}, not ${given}`)
    asked[name] = value
  }
  return asked
}

/** The time and the seed that were asked for, as whole numbers. Throws {@link UsageError} otherwise. */
export function readWorld(options: Options): Partial<World> {
  const whole = (name: 'time' | 'seed'): Partial<World> => {
    const given = textOption(options, name)
    if (given === undefined) return {}
    const value = /^\d+$/.test(given) ? Number(given) : Number.NaN
    if (Number.isSafeInteger(value)) return { [name]: value }
    throw new UsageError(`--${name} takes a whole number, not ${given}`)
  }
  return { ...whole('time'), ...whole('seed') }
}

const camelCase = (flag: string): string => flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** The value of `--input`: JSON text, `@FILE`, or `-` for standard input. */
export async function readInputs(
  terminal: Terminal,
  options: Options,
): Promise<{ readonly inputs: unknown } | { readonly diagnostics: readonly Diagnostic[] }> {
  const given = textOption(options, 'input') ?? '{}'
  const bytes =
    given === '-'
      ? Buffer.from(await terminal.readStdin())
      : given.startsWith('@')
        ? await readGiven(terminal, given.slice(1))
        : Buffer.from(given)
  const json = readJson(bytes)
  if (json.ok) return { inputs: json.value }
  const where = given === '-' ? 'standard input' : given.startsWith('@') ? given.slice(1) : '--input'
  const hint = `Inputs are a JSON object with one key per parameter, e.g. --input '{"n":10}'.`
  return { diagnostics: [diagnostic('ANRF4004', { message: `${where} is not JSON: ${json.message}`, hint })] }
}

/** The bytes of a file that the user named. Throws {@link UsageError} when it cannot be read. */
export async function readGiven(terminal: Terminal, path: string): Promise<Buffer> {
  try {
    return await readFile(resolve(terminal.folder, path))
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${reasonOf(error)}`)
  }
}

/** Why a system call failed, without the noise of Node's message. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  const known: Record<string, string> = {
    ENOENT: 'there is no such file or folder',
    EISDIR: 'it is a folder',
    EACCES: 'no permission',
    EADDRINUSE: 'the port is in use',
    ECONNREFUSED: 'nothing listens there',
  }
  return (code === undefined ? undefined : known[code]) ?? message
}
