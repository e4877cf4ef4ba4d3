import { describeConfig } from '../../service/index.ts'
import type { Options } from './commands.ts'
import { readConfiguration } from './configuration.ts'
import type { Exit } from './exit-codes.ts'
import { printTable } from './print-table.ts'
import { sayRefused } from './say.ts'
import type { Terminal } from './terminal.ts'

/** `anrf serve --print-config`: what holds of each setting and where it was given; what is wrong is said instead. */
export function printConfig(terminal: Terminal, options: Options): Exit {
  const read = readConfiguration(terminal, options)
  if ('diagnostics' in read) return sayRefused(terminal, options, read.diagnostics)
  const described = describeConfig(read.layers)
  if (options.json) terminal.out(`${JSON.stringify({ settings: described })}\n`)
  else {
    const rows = described.map(({ key, value = '-', origin, variable }) => [key, value, origin, variable])
    terminal.out(printTable(['setting', 'value', 'from', 'variable'], rows))
  }
  return 'ok'
}
