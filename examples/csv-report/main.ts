import { parseCsv } from './csv.ts'
import { addToGroup, ranked, type Group } from './group.ts'

export interface Report {
  groups: Group[]
  total: number
  skipped: number
  text: string
}

/**
 * Groups the rows of a CSV table by one column and adds up another.
 *
 * @param csv the table, with a row of column names first
 * @param groupBy name of the column to group by
 * @param sumOf name of the column of numbers
 * @returns the groups by falling total, the grand total, the number of rows without a number, and a table as text
 */
export function report(csv: string, groupBy: string, sumOf: string): Report {
  const rows = parseCsv(csv)
  if (rows.length === 0) throw new Error('the table is empty')
  const [header, ...body] = rows
  const key = columnOf(header, groupBy)
  const value = columnOf(header, sumOf)

  const groups: Group[] = []
  let total = 0
  let skipped = 0
  for (const [i, row] of body.entries()) {
    const amount = Number(row.length > value ? row[value].trim() : '')
    const isBlank = row.length <= value || row[value].trim() === ''
    if (isBlank || Number.isNaN(amount)) {
      skipped++
      console.log(`row ${i + 2}: no number in column ${sumOf}`)
      continue
    }
    addToGroup(groups, row[key], amount)
    total += amount
  }
  const ordered = ranked(groups)
  return { groups: ordered, total, skipped, text: render(ordered, groupBy) }
}

function columnOf(header: readonly string[], name: string): number {
  const at = header.indexOf(name)
  if (at < 0) throw new RangeError(`no column "${name}", there are: ${header.join(', ')}`)
  return at
}

function render(groups: readonly Group[], title: string): string {
  const width = groups.reduce((w, g) => Math.max(w, g.name.length), title.length)
  const lines = [`${title.padEnd(width)} |  rows |     total`, `${'-'.repeat(width)}-+-------+----------`]
  for (const g of groups) {
    lines.push(`${g.name.padEnd(width)} | ${String(g.rows).padStart(5)} | ${g.total.toFixed(2).padStart(9)}`)
  }
  return lines.join('\n')
}
