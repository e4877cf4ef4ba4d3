import { Command, CommanderError, Option } from 'commander'
import { COMMANDS, GROUPS, type CommandRow, type Options } from './commands.ts'
import { EXIT_CODES, type Exit } from './exit-codes.ts'
import { openTerminal, UsageError, type Terminal } from './terminal.ts'

/** The whole life of the process: reads the command line, runs the command, sets the exit code. */
export async function runProcess(): Promise<void> {
  const terminal = openTerminal()
  const exit = await runCommandLine(terminal, process.argv.slice(2))
  process.exitCode = EXIT_CODES[terminal.stopped.aborted && exit !== 'ok' ? 'interrupted' : exit].code
}

/** Runs one command line; everything the user did wrong is said on `terminal`, never thrown. */
export async function runCommandLine(terminal: Terminal, words: readonly string[]): Promise<Exit> {
  let exit: Exit = 'ok'
  const program = describeProgram(terminal)
  for (const row of COMMANDS) {
    addCommand(program, row).action(async (...given: unknown[]) => {
      const command = given.at(-1) as Command
      exit = await (await row.load()).execute(terminal, command.args, command.opts<Options>())
    })
  }
  try {
    const asked = explained(words)
    if (asked !== undefined) {
      const { explain, listPages } = await import('./explain.ts')
      return asked === '' ? listPages(terminal) : explain(terminal, asked)
    }
    const isVersion = words.length === 1 && /^(--version|-V)$/.test(words[0] ?? '')
    await program.parseAsync(isVersion ? ['version'] : plainWords(words), { from: 'user' })
    return exit
  } catch (error) {
    return exitOfError(terminal, error)
  }
}

/** `help audit verify` is `audit verify --help`: Commander's own help takes one word. */
const plainWords = (words: readonly string[]): readonly string[] =>
  words[0] === 'help' && words.length > 2 ? [...words.slice(1), '--help'] : words

/** What `--explain` is asked for: '' for the list, undefined when the words are of a command. */
function explained(words: readonly string[]): string | undefined {
  const first = /^--explain(?:=(.*))?$/.exec(words[0] ?? '')
  return first ? (first[1] ?? words.slice(1).join(' ')) : undefined
}

function exitOfError(to: Terminal, error: unknown): Exit {
  // Commander has printed its message by then; help that was asked for ends with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 'ok' : 'usage'
  if (error instanceof UsageError) {
    to.err(`anrf: ${error.message}\n`)
    return 'usage'
  }
  to.err(
    `anrf: a defect of ANRF itself, please report it with what you ran:\n${(error as Error)?.stack ?? String(error)}\n`,
  )
  return 'bug'
}

function describeProgram(to: Terminal): Command {
  return new Command('anrf')
    .description('A runtime for programs that AI writes: checked before it runs, contained while it runs.')
    .option('--explain [name]', 'explain a diagnostic or a refused feature, e.g. ANRF1101 or proxy; alone, list them')
    .helpCommand('help [command]', 'Show how a command is used')
    .exitOverride()
    .configureOutput({ writeOut: to.out, writeErr: to.err })
    .showSuggestionAfterError()
    .addHelpText('after', () => `\nExit codes:\n${exitCodeLines()}`)
}

function addCommand(program: Command, row: CommandRow): Command {
  const { parent, word } = placeOf(program, row)
  const command = parent.command(row.args === '' ? word : `${word} ${row.args}`).description(row.about)
  for (const { flags, about, default: value, repeats } of row.options) {
    const option = new Option(flags, about)
    if (repeats) option.argParser((word: string, before: readonly string[] | undefined) => [...(before ?? []), word])
    command.addOption(value === undefined ? option : option.default(value))
  }
  return command
    .showHelpAfterError(`See: anrf help ${row.name}`)
    .addHelpText(
      'after',
      `${row.more === undefined ? '' : `\n${row.more}\n`}\nExamples:\n${row.examples.map((example) => `  ${example}`).join('\n')}`,
    )
}

/** The command under which a row stands, made with its first row, and the word of the row there. */
function placeOf(program: Command, { name }: CommandRow): { readonly parent: Command; readonly word: string } {
  const [first = '', word] = name.split(' ')
  if (word === undefined) return { parent: program, word: first }
  const known = program.commands.find((command) => command.name() === first)
  return { parent: known ?? program.command(first).description(GROUPS[first] ?? ''), word }
}

function exitCodeLines(): string {
  const rows = Object.values(EXIT_CODES)
  return rows.map(({ code, about }) => `  ${String(code).padStart(3)}  ${about}`).join('\n')
}
