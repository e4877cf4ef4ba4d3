import { OP_RULES } from './check/op-rules.ts'
import { RULES } from './check/rules.ts'
import { ARRAY_OPS } from './ops/array.ts'
import { BIGINT_OPS } from './ops/bigint.ts'
import { DYNAMIC_OPS } from './ops/dynamic.ts'
import { LOCALE_OPS } from './ops/locale.ts'
import { NUMBER_OPS } from './ops/number.ts'
import { OBJECT_OPS } from './ops/object.ts'
import { REGEX_OPS } from './ops/regex.ts'
import type { Cost, OpRow } from './ops/row.ts'
import { STRING_OPS } from './ops/string.ts'
import { TABLE_OPS } from './ops/table.ts'
import { URL_OPS } from './ops/url.ts'
import { WORLD_OPS } from './ops/world.ts'

const FAMILIES: readonly (readonly [title: string, rows: Readonly<Record<string, OpRow>>])[] = [
  ['Numbers and booleans', NUMBER_OPS],
  ['Strings', STRING_OPS],
  ['Arrays and tuples', ARRAY_OPS],
  ['Objects, closures, cells, globals', OBJECT_OPS],
  ['Boxed values and effects', DYNAMIC_OPS],
  ['Tables', TABLE_OPS],
  ['Locales', LOCALE_OPS],
  ['Integers of any size', BIGINT_OPS],
  ['The world', WORLD_OPS],
  ['Regular expressions', REGEX_OPS],
  ['URLs', URL_OPS],
]

/** The tables of spec/ops.md, printed from the operation table. */
export function printOpsTables(): string {
  return FAMILIES.map(([title, rows]) => `## ${title}\n\n${printTable(rows)}`).join('\n\n')
}

function printTable(rows: Readonly<Record<string, OpRow>>): string {
  const lines = Object.entries(rows).map(([name, row]) => {
    const imm = row.imm ? `[${row.imm.join(', ')}]` : ''
    const fails = [...(row.throws ?? []), ...(row.traps ?? []).map((trap) => `trap ${trap}`)].join(', ')
    const costs = [printCost('fuel', row.fuel), printCost('bytes', row.bytes)].filter(Boolean).join('; ')
    return `| \`${name}${imm}\` | ${row.code} | \`${row.sig}\` | ${row.effect} | ${row.doc} | ${fails} | ${costs} |`
  })
  return [
    '| operation | code | signature | effect | meaning | fails with | costs |',
    '|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n')
}

/** `fuel 1 + result / 16`, `bytes 32 + 8 result`; nothing for what is free. */
function printCost(what: string, cost: Cost | undefined): string {
  const { base = 0, per = 0, of } = cost ?? {}
  const factor = per >= 1 ? `${per === 1 ? '' : `${per} `}${of}` : `${of} / ${1 / per}`
  const terms = [...(base > 0 ? [String(base)] : []), ...(per > 0 ? [factor] : [])]
  return terms.length > 0 ? `${what} ${terms.join(' + ')}` : ''
}

/** The list of rules in spec/checking.md. */
export function printRules(): string {
  return Object.entries(RULES)
    .map(([name, text]) => `- **${name}**: ${text}.`)
    .join('\n')
}

/** The table of rules of single operations in spec/checking.md. */
export function printOpRules(): string {
  const lines = Object.entries(OP_RULES).map(([op, { text }]) => `| \`${op}\` | ${text} |`)
  return ['| operation | rule |', '|---|---|', ...lines].join('\n')
}
