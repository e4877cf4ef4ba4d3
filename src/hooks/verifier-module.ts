import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { diagnostic, type Diagnostic } from '../base/index.ts'
import { underSignals } from '../broker/index.ts'
import { HookFailure } from './failure.ts'
import type { VerifierDefinition } from './manifest.ts'
import { ModuleThread } from './module-thread.ts'
import { HooksError } from './open.ts'

/** What a module that verifies may have; it has at least one. */
const METHODS = ['verify', 'before', 'after'] as const
export type VerifierMethod = (typeof METHODS)[number]

/** A module that verifies, in a thread of its own. */
export type VerifierModule = Pick<VerifierDefinition, 'name' | 'isRequired'> & {
  /** What it says its version is, or the digest of its file: results of another version do not count. */
  readonly version: string
  readonly methods: readonly VerifierMethod[]
  /** Fails with a `HookFailure`. */
  call(method: VerifierMethod, args: readonly unknown[]): Promise<unknown>
  close(): Promise<void>
}

/** Loads modules that verify. Rejects with a `HooksError` that names all that do not fit. */
export async function openVerifierModules(
  definitions: readonly VerifierDefinition[],
  onLine: (verifier: string, line: string) => void,
): Promise<readonly VerifierModule[]> {
  const opened = await Promise.allSettled(definitions.map((definition) => openOne(definition, onLine)))
  const modules = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const diagnostics = opened.flatMap((one, i): Diagnostic[] => {
    if (one.status === 'fulfilled') return []
    if (!(one.reason instanceof HookFailure)) throw one.reason
    const message = `the verifier ${definitions[i]!.name}: ${one.reason.message}`
    return [diagnostic('ANRF5063', { message, pointer: `/verifiers/${i}` })]
  })
  if (diagnostics.length === 0) return modules
  await Promise.all(modules.map((module) => module.close()))
  throw new HooksError(diagnostics)
}

async function openOne(
  { name, path, timeoutMs, isRequired }: VerifierDefinition,
  onLine: (verifier: string, line: string) => void,
): Promise<VerifierModule> {
  const thread = new ModuleThread(path, (line) => onLine(name, line))
  const described = await thread.load()
  const methods = METHODS.filter((method) => described.methods.includes(method))
  if (methods.length === 0) {
    await thread.close()
    throw new HookFailure('failed', `its default export has none of the functions ${METHODS.join(', ')}`)
  }
  const version =
    described.version ??
    `sha256:${createHash('sha256')
      .update(await readFile(path))
      .digest('hex')}`
  return {
    name,
    isRequired,
    version,
    methods,
    call: (method, args) => underSignals([], timeoutMs, (signal) => thread.call(method, args, signal)),
    close: () => thread.close(),
  }
}
