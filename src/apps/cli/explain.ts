import { CODES, type Code } from '../../base/index.ts'
import type { Exit } from './exit-codes.ts'
import { UsageError, type Terminal } from './terminal.ts'

/** `anrf --explain CODE`: what a diagnostic means and what to do. `1101` and `anrf1101` are understood as well. */
export function explainCode(terminal: Terminal, asked: string): Exit {
  const code = `ANRF${asked.toUpperCase().replace(/^ANRF/, '')}`
  if (!Object.hasOwn(CODES, code)) {
    throw new UsageError(`there is no diagnostic ${asked}. There are ${Object.keys(CODES).join(', ')}.`)
  }
  const { title, severity, help } = CODES[code as Code]
  terminal.out(`${code} (${severity}): ${title}\n\n${wrap(help, 88)}\n`)
  return 'ok'
}

function wrap(text: string, width: number): string {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines.join('\n')
}
