// The main of the thread of a module: loads it, tells which functions its default export has, and calls them.
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import type { FromModule, ToModule } from './module-messages.ts'

type Callable = (...args: readonly unknown[]) => unknown

const port = parentPort!
const calls = new Map<number, AbortController>()
const say = (message: FromModule): void => port.postMessage(message)
const messageOf = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 1000)

const loaded = await load((workerData as { readonly path: string }).path)
if (loaded)
  port.on('message', (message: ToModule) => {
    if (message.kind === 'ping') say({ kind: 'pong' })
    else if (message.kind === 'abort') calls.get(message.id)?.abort()
    else void answer(loaded, message)
  })

async function load(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const { default: exported } = (await import(pathToFileURL(path).href)) as { readonly default?: unknown }
    if (typeof exported !== 'object' || exported === null) {
      say({ kind: 'unfit', message: 'its default export is no object with functions' })
      return undefined
    }
    const object = exported as Readonly<Record<string, unknown>>
    const methods = Object.keys(object).filter((key) => typeof object[key] === 'function')
    const version = object['version']
    say({ kind: 'ready', methods, version: typeof version === 'string' ? version : undefined })
    return object
  } catch (error) {
    say({ kind: 'unfit', message: messageOf(error) })
    return undefined
  }
}

async function answer(
  object: Readonly<Record<string, unknown>>,
  { id, method, args }: Extract<ToModule, { kind: 'call' }>,
): Promise<void> {
  const controller = new AbortController()
  calls.set(id, controller)
  try {
    const given = JSON.parse(args) as readonly unknown[]
    const value: unknown = await (object[method] as Callable)(...given, { signal: controller.signal })
    say({ kind: 'value', id, value: JSON.stringify(value) ?? 'null' })
  } catch (error) {
    say({ kind: 'error', id, message: messageOf(error) })
  } finally {
    calls.delete(id)
  }
}
