import { text as readAll } from 'node:stream/consumers'
import { styleText } from 'node:util'

/** All that a command may touch of the process it runs in, so that tests can give it something else. */
export type Terminal = {
  /** Writes a result. */
  readonly out: (text: string | Uint8Array) => void
  /** Writes talk: progress, logs, diagnostics. */
  readonly err: (text: string) => void
  /** Whether `err` shows colours: a terminal does unless NO_COLOR is set; FORCE_COLOR overrules. */
  readonly colours: boolean
  readonly readStdin: () => Promise<string>
  /** The folder that paths on the command line are relative to. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborted by the first Ctrl-C or SIGTERM; the second one ends the process at once. */
  readonly stopped: AbortSignal
}

/** What the user typed is wrong. Caught in `main.ts`: message on stderr, exit code 64. */
export class UsageError extends Error {}

export function openTerminal(): Terminal {
  const stop = new AbortController()
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  // A reader that goes away (`anrf inspect x | head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 70))
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    colours: styleText('red', 'x', { stream: process.stderr }) !== 'x',
    readStdin: () => readAll(process.stdin),
    folder: process.cwd(),
    env: process.env,
    stopped: stop.signal,
  }
}
