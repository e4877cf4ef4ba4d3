import type { EventName, Occasion, StageName } from './event.ts'
import { STAGES } from './event.ts'
import { HookFailure } from './failure.ts'
import type { ModuleTarget, Way } from './hook.ts'
import { ModuleThread } from './module-thread.ts'

/** The function of a module that an occasion calls: that of its stage, or `notify`. */
const methodOf = (occasion: Occasion): string => (Object.hasOwn(STAGES, occasion) ? occasion : 'notify')

/** A way that calls functions of a module. Fails with a `HookFailure` when the module does not load or lacks one that `on` needs. */
export async function openModule(
  { path }: ModuleTarget,
  on: readonly (StageName | EventName)[],
  onLine: (line: string) => void,
): Promise<Way> {
  const thread = new ModuleThread(path, onLine)
  const { methods } = await thread.load()
  const missing = [...new Set(on.map(methodOf))].filter((method) => !methods.includes(method))
  if (missing.length > 0) {
    await thread.close()
    throw new HookFailure('failed', `its default export has no function ${missing.join(', no ')}`)
  }
  return {
    send: async (event, occasion, signal) => {
      // A test asks what there is.
      const method =
        occasion === 'test'
          ? methods.find((name) => name === 'notify' || Object.hasOwn(STAGES, name))
          : methodOf(occasion)
      return thread.call(method!, [event], signal)
    },
    close: () => thread.close(),
  }
}
