/**
 * Parses CSV text (RFC 4180): fields may be quoted, a quoted field may hold commas, line breaks and
 * doubled quotes. Rows end with LF or CRLF; a line break at the end of the text adds no row.
 * Throws a SyntaxError when a quote is not closed.
 */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let quoted = false
  let i = 0
  while (i < text.length) {
    const c = text[i]
    if (quoted) {
      if (c !== '"') field += c
      else if (text[i + 1] === '"') {
        field += '"'
        i++
      } else quoted = false
    } else if (c === '"' && field === '') {
      quoted = true
    } else if (c === ',') {
      row.push(field)
      field = ''
    } else if (c === '\n') {
      row.push(field)
      rows.push(row)
      row = []
      field = ''
    } else if (c !== '\r') {
      field += c
    }
    i++
  }
  if (quoted) throw new SyntaxError(`row ${rows.length + 1}: a quote is not closed`)
  if (field !== '' || row.length > 0) {
    row.push(field)
    rows.push(row)
  }
  return rows
}
