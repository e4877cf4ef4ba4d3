// `npm run escapes`: makes every attempt in every column, as root and as an ordinary user where it is run as root, and prints the
// table. Names of columns choose some; `--write` puts the table into docs/SANDBOX.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { COLUMNS, type ColumnName } from './columns.ts'
import { runColumn, USERS } from './escape.ts'
import { compileAttempts, listAttempts } from './native.ts'
import { listAll, summarize, type Results } from './table.ts'

const words = process.argv.slice(2)
const isWritten = words.includes('--write')
const asked = words.filter((word): word is ColumnName => Object.hasOwn(COLUMNS, word))
const columns = asked.length > 0 ? asked : (Object.keys(COLUMNS) as ColumnName[])
const DOC = join(import.meta.dirname, '../../../docs/SANDBOX.md')

const program = compileAttempts()
if (program === undefined) throw new Error('a C compiler is needed: gcc')
const attempts = listAttempts(program)
const results: { -readonly [C in keyof Results]: Results[C] } = {}
for (const column of columns) {
  const byUser: Record<string, unknown> = {}
  for (const user of USERS) {
    process.stderr.write(`${column} as ${user} ...\n`)
    const endings = await runColumn(column, user, program)
    if ('refused' in endings) process.stderr.write(`${String(endings.refused)}\n`)
    else byUser[user] = endings
  }
  results[column] = byUser as NonNullable<Results[ColumnName]>
}
const text = `${summarize(attempts, results)}\n\n${listAll(attempts, results)}\n`
if (isWritten) {
  const doc = readFileSync(DOC, 'utf8')
  writeFileSync(
    DOC,
    doc.replace(/(<!-- escapes[^>]*-->\n)[^]*(?=<!-- end -->)/, (_, head: string) => `${head}${text}`),
  )
} else process.stdout.write(text)
