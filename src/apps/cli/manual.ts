import { COMMANDS, type CommandRow } from './commands.ts'
import { EXIT_CODES } from './exit-codes.ts'

/** docs/CLI.md: every command with its options and examples, and the exit codes, printed from their tables. */
export function printManual(): string {
  const exits = Object.values(EXIT_CODES).map(({ code, about }) => `| ${code} | ${about} |`)
  return [
    '# The command line\n',
    '<!-- Printed from src/apps/cli/commands.ts and exit-codes.ts: change those, then ANRF_UPDATE=1 npm test -- test/cli/manual -->\n',
    'Results go to standard output; progress, logs and diagnostics go to standard error. `NO_COLOR` turns colours off.',
    'From a checkout the command is `./anrf`. `anrf help COMMAND` shows what stands here.\n',
    ...COMMANDS.map(printCommand),
    '## Diagnostics\n',
    '`anrf --explain CODE` says what a diagnostic means and what to do about it, e.g. `anrf --explain ANRF1101`. `anrf --explain NAME` says',
    'why a feature of JavaScript is refused by design and what to write instead, e.g. `anrf --explain proxy` (docs/REFUSALS.md has them all).',
    '`anrf --explain` lists both.\n',
    '## Exit codes\n',
    '| code | meaning |',
    '|---|---|',
    ...exits,
    '',
  ].join('\n')
}

function printCommand(row: CommandRow): string {
  const options = row.options.map(({ flags, about, default: value }) => {
    return `| \`${flags.replaceAll('|', '\\|')}\` | ${about}${value === undefined ? '' : ` (default \`${value}\`)`} |`
  })
  const table = options.length === 0 ? [] : ['| option | meaning |', '|---|---|', ...options, '']
  return [
    `## anrf ${`${row.name} ${row.args}`.trim()}\n`,
    `${row.about}.\n`,
    ...(row.more === undefined ? [] : [`${row.more}\n`]),
    ...table,
    '```sh',
    ...row.examples,
    '```\n',
  ].join('\n')
}
