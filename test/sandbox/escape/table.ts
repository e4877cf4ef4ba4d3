import { constants } from 'node:os'
import { COLUMNS, type ColumnName } from './columns.ts'
import { USERS, type Endings, type UserName } from './escape.ts'
import type { Attempt } from './native.ts'
import type { Ending } from './run-column.ts'

/** What each attempt gave, by column and user. */
export type Results = { readonly [C in ColumnName]?: { readonly [U in UserName]?: Endings } }

const ERRORS = new Map(Object.entries(constants.errno).map(([name, number]) => [number as number, name]))

const GROUPS: Readonly<Record<string, string>> = {
  files: 'Files',
  'proc and devices': '`/proc`, `/sys` and devices',
  network: 'The network and the channel',
  processes: 'Processes and signals',
  rights: 'Namespaces, mounts and rights',
  machine: 'The machine and the kernel',
  memory: 'Memory and channels between processes',
  leaks: 'What might have leaked into the process',
}

export const isOpen = (ending: Ending | undefined): boolean => ending === 'open'

/** How many attempts were open, as one line per column. */
export function summarize(attempts: readonly Attempt[], results: Results): string {
  const head = ['', ...USERS.map((user) => `open as ${user}`)]
  const rows = columnsOf(results).map((column) => [
    `${column}: ${COLUMNS[column].about}`,
    ...USERS.map((user) => {
      const endings = results[column]?.[user]
      return endings ? `${attempts.filter(({ name }) => isOpen(endings[name])).length} of ${attempts.length}` : ''
    }),
  ])
  return table([head, ...rows])
}

/** Every attempt, in a table for each group. Users are told apart where they differ. */
export function listAll(attempts: readonly Attempt[], results: Results): string {
  const columns = columnsOf(results)
  return [...new Set(attempts.map(({ group }) => group))]
    .map((group) => {
      const rows = attempts.filter((attempt) => attempt.group === group)
      const cells = rows.map(({ name }) => [
        `\`${name}\``,
        ...columns.map((column) => describeBoth(USERS.map((user) => results[column]?.[user]?.[name]))),
      ])
      return `#### ${GROUPS[group] ?? group}\n\n${table([['attempt', ...columns], ...cells])}`
    })
    .join('\n\n')
}

const columnsOf = (results: Results): ColumnName[] =>
  (Object.keys(COLUMNS) as ColumnName[]).filter((column) => results[column] !== undefined)

function describeBoth(endings: readonly (Ending | undefined)[]): string {
  const [first, ...rest] = endings.map(describe)
  return rest.every((other) => other === first) ? first! : [first, ...rest].join(' / ')
}

function describe(ending: Ending | undefined): string {
  if (ending === undefined) return ''
  if (typeof ending === 'number') return ERRORS.get(ending) ?? `error ${ending}`
  return ending === 'open' ? '**open**' : ending === 'SIGSYS' ? 'killed' : ending
}

function table([head, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head!), line(head!.map(() => '---')), ...rows.map(line)].join('\n')
}
