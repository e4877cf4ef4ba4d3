/** What the operation `log` may be asked for: the methods of console, each with the level of the lines that it writes. */
export const CONSOLE_METHODS = {
  assert: 'warn',
  count: 'log',
  countReset: 'log',
  debug: 'debug',
  dir: 'log',
  error: 'error',
  group: 'log',
  groupEnd: 'log',
  info: 'info',
  log: 'log',
  table: 'log',
  time: 'log',
  timeEnd: 'log',
  timeLog: 'log',
  warn: 'warn',
} as const

export type ConsoleMethod = keyof typeof CONSOLE_METHODS
export type LogLevel = (typeof CONSOLE_METHODS)[ConsoleMethod]
