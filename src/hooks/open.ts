import { diagnostic, type Diagnostic } from '../base/index.ts'
import { HookFailure } from './failure.ts'
import type { Hook, HookDefinition, Way } from './hook.ts'
import { openModule } from './module.ts'
import { openProgram, type RunProgram } from './program.ts'
import { openWebhook } from './webhook.ts'

/** Hooks or verifiers of the configuration cannot be had: the service does not start. */
export class HooksError extends Error {
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ message }) => message).join('; '))
    this.diagnostics = diagnostics
  }
}

type Surroundings = {
  readonly runProgram: RunProgram
  /** Told of what modules print. */
  readonly onLine: (hook: string, line: string) => void
}

/** Opens the ways to hooks in their order. Rejects with a {@link HooksError} that names everything that cannot be had. */
export async function openHooks(
  definitions: readonly HookDefinition[],
  surroundings: Surroundings,
): Promise<readonly Hook[]> {
  const opened = await Promise.allSettled(
    definitions.map(async (definition): Promise<Hook> => ({
      ...definition,
      way: await openWay(definition, surroundings),
    })),
  )
  const hooks = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const diagnostics = opened.flatMap((one, i): Diagnostic[] => {
    if (one.status === 'fulfilled') return []
    if (!(one.reason instanceof HookFailure)) throw one.reason
    const message = `the hook ${definitions[i]!.name}: ${one.reason.message}`
    return [diagnostic('ANRF5063', { message, pointer: `/hooks/${i}` })]
  })
  if (diagnostics.length === 0) return hooks
  await closeHooks(hooks)
  throw new HooksError(diagnostics)
}

export async function closeHooks(hooks: readonly Hook[]): Promise<void> {
  await Promise.all(hooks.map(({ way }) => way.close()))
}

async function openWay({ name, on, target }: HookDefinition, { runProgram, onLine }: Surroundings): Promise<Way> {
  switch (target.kind) {
    case 'webhook':
      return openWebhook(target)
    case 'program':
      return openProgram(name, target, runProgram)
    case 'module':
      return openModule(target, on, (line) => onLine(name, line))
  }
}
