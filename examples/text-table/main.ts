export type Alignment = 'left' | 'right' | 'center'

export interface Column {
  title: string
  width: number
  align?: Alignment
}

/**
 * Breaks a text into lines of at most `width` characters, at spaces where that is possible.
 * Words longer than a line are cut. Line breaks in the text are kept as paragraph ends.
 *
 * @param text the text to wrap
 * @param width the longest a line may be
 * @returns the lines, without trailing spaces
 * @requires width >= 1
 * @ensures result.every((line) => line.length <= width)
 */
export function wrap(text: string, width: number): string[] {
  if (!(width >= 1)) throw new RangeError(`cannot wrap to a width of ${width}`)
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const word of paragraph.split(' ').filter((w) => w !== '')) {
      let rest = word
      if (line !== '' && line.length + 1 + rest.length > width) {
        lines.push(line)
        line = ''
      }
      while (rest.length > width) {
        lines.push(rest.slice(0, width))
        rest = rest.slice(width)
      }
      line = line === '' ? rest : `${line} ${rest}`
    }
    lines.push(line)
  }
  return lines
}

/**
 * Draws a table with borders; cells are wrapped to the width of their column.
 *
 * @param columns titles, widths and alignments
 * @param rows the cells, as many per row as there are columns
 * @returns the table as text
 */
export function table(columns: Column[], rows: string[][]): string {
  const rule = `+${columns.map((c) => '-'.repeat(c.width + 2)).join('+')}+`
  const out = [
    rule,
    ...drawRow(
      columns.map((c) => c.title),
      columns,
    ),
    rule,
  ]
  rows.forEach((row, i) => {
    if (row.length !== columns.length) {
      throw new Error(`row ${i + 1} has ${row.length} cells, expected ${columns.length}`)
    }
    out.push(...drawRow(row, columns))
  })
  if (rows.length > 0) out.push(rule)
  console.log(`drew ${rows.length} rows, ${out.length} lines`)
  return out.join('\n')
}

function drawRow(cells: readonly string[], columns: readonly Column[]): string[] {
  const wrapped = cells.map((cell, i) => wrap(cell, columns[i].width))
  const height = Math.max(1, ...wrapped.map((lines) => lines.length))
  const out: string[] = []
  for (let y = 0; y < height; y++) {
    const parts = columns.map((c, x) => align(y < wrapped[x].length ? wrapped[x][y] : '', c.width, c.align ?? 'left'))
    out.push(`| ${parts.join(' | ')} |`)
  }
  return out
}

function align(text: string, width: number, how: Alignment): string {
  switch (how) {
    case 'left':
      return text.padEnd(width)
    case 'right':
      return text.padStart(width)
    case 'center':
      return text.padStart(text.length + ((width - text.length) >> 1)).padEnd(width)
  }
}
