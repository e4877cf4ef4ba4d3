import { stripVTControlCharacters } from 'node:util'

/** Rows under a head, in columns as wide as their longest cell; the last one is as it comes. Ends with a line break. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => widthOf(row[column] ?? ''))))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell + ' '.repeat(Math.max(0, widths[column]! - widthOf(cell))))
      .join('  ')
      .trimEnd()
  return `${all.map(line).join('\n')}\n`
}

const widthOf = (text: string): number => stripVTControlCharacters(text).length
