// docs/LANGUAGE.md lists the members of the library that programs can use; the list is printed from the library's tables.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { libraryMembers } from '../../src/front/index.ts'

const PAGE = new URL('../../docs/LANGUAGE.md', import.meta.url)

function printMembers(): string {
  const parts = Object.entries(libraryMembers()).map(
    ([title, names]) => `**${title}**: ${names.map((n) => `\`${n}\``).join(', ')}.`,
  )
  return `<!-- members -->\n\n${parts.join('\n\n')}\n\n<!-- /members -->`
}

test('the members that docs/LANGUAGE.md lists are those of the library', () => {
  const text = readFileSync(PAGE, 'utf8')
  const wanted = text.replace(/<!-- members -->[\s\S]*<!-- \/members -->/, () => printMembers())
  if (process.env['ANRF_UPDATE'] === '1') writeFileSync(PAGE, wanted)
  else assert.equal(text, wanted, 'run with ANRF_UPDATE=1 to print the list again')
})
