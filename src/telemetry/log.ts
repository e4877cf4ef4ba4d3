import pino, { type Logger } from 'pino'
import { redact } from './redact.ts'

/** The log of a service: JSON lines on standard error, without secrets wherever they come from. */
export function createLog(level: string): Logger {
  return pino(
    {
      level,
      formatters: { log: (fields) => redact(fields) as Record<string, unknown> },
      // Errors are made into fields only after `formatters.log`.
      serializers: { err: (error: Error) => redact(pino.stdSerializers.err(error)) },
    },
    pino.destination({ fd: 2, sync: true }),
  )
}
