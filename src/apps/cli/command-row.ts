import { ISOLATION_CHOICES, LIMIT_NAMES, LIMITS, MODE_CHOICES, type LimitName } from '../../base/index.ts'
import type { Exit } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

/** Option values by their long name in camel case; absent when not given and without default; a list for those that repeat. */
export type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/** What a command's file exports: it does the work and says how the process ends. */
export type CommandModule = {
  readonly execute: (terminal: Terminal, args: readonly string[], options: Options) => Promise<Exit>
}

/** One option: flags as commander reads them, what it means, and the value without it. */
export type OptionRow = {
  readonly flags: string
  readonly about: string
  readonly default?: string
  /** May be given several times. */
  readonly repeats?: true
}

export type CommandRow = {
  /** One word, or a word of GROUPS and one more, as `audit verify`. */
  readonly name: string
  readonly args: string
  readonly about: string
  /** What a reader of the output has to know, in full sentences. */
  readonly more?: string
  readonly options: readonly OptionRow[]
  readonly examples: readonly string[]
  /** Loads the command's file: only when it is given, so that help and small commands stay fast. */
  readonly load: () => Promise<CommandModule>
}

export const JSON_OPTION: OptionRow = { flags: '--json', about: 'print one JSON object instead of text' }
export const ENTRY_OPTION: OptionRow = {
  flags: '--entry <name>',
  about: 'the exported function to run (needed when there are several)',
}
export const INPUT_OPTION: OptionRow = {
  flags: '--input <json>',
  about: 'parameters by name as JSON, or @FILE, or - for standard input',
  default: '{}',
}
export const MODE_OPTION: OptionRow = {
  flags: '--mode <mode>',
  about: `how to run: ${MODE_CHOICES.join(', ')}`,
  default: 'auto',
}
export const RELEASE_OPTIONS: readonly OptionRow[] = [
  { flags: '--name <name>', about: 'the name of the program (default: the name of the source file)' },
  { flags: '--release <version>', about: 'its version (default 1.0.0)' },
]
export const SERVER_OPTIONS: readonly OptionRow[] = [
  { flags: '--server <url>', about: 'the service (or ANRF_SERVER; default: the one of `anrf login`)' },
  { flags: '--key <key>', about: 'the API key (or ANRF_KEY; default: the one of `anrf login`)' },
]
export const ISOLATION_OPTION: OptionRow = {
  flags: '--isolation <level>',
  about: `how programs are kept from the machine: ${ISOLATION_CHOICES.join(', ')} (or ANRF_ISOLATION; default auto)`,
}
export const SERVE_OPTIONS: readonly OptionRow[] = [
  ISOLATION_OPTION,
  { flags: '--port <n>', about: 'port to listen on; 0 takes a free one (or ANRF_PORT; default 8787)' },
  { flags: '--host <address>', about: 'address to listen on (or ANRF_HOST; default 127.0.0.1)' },
  { flags: '--data <folder>', about: 'where the store lives (or ANRF_DATA; default .anrf)' },
  {
    flags: '--config <file>',
    about: 'a file of settings (or ANRF_CONFIG; default anrf.config.json where there is one)',
  },
  { flags: '--set <key=value>', about: 'any other setting of docs/CONFIGURATION.md (repeatable)', repeats: true },
]

export const WORLD_OPTIONS: readonly OptionRow[] = [
  { flags: '--time <ms>', about: 'the time that the program reads, in milliseconds since 1970 (default: now)' },
  { flags: '--seed <n>', about: 'where its random numbers begin (default: by chance)' },
]

export const TOOLS_OPTION: OptionRow = {
  flags: '--tools <file>',
  about: 'a file that describes tools of the host, for programs that import `tool:NAME`',
}

export const WORLD_ACCESS_OPTIONS: readonly OptionRow[] = [
  {
    flags: '--allow <grant>',
    about: 'grant a capability, e.g. http=api.example.com, files=read:./data=data, kv (repeatable)',
    repeats: true,
  },
  {
    ...TOOLS_OPTION,
    about: 'a file that describes tools of the host, which `--allow tool:NAME` grants (docs/EFFECTS.md)',
  },
  {
    flags: '--secret <secret>',
    about: 'NAME@HOST=VARIABLE: a secret for a host, whose value the environment has (repeatable)',
    repeats: true,
  },
  { flags: '--data <folder>', about: 'where `kv` keeps values (or ANRF_DATA; default .anrf)' },
  { flags: '--record <file>', about: 'write all that it takes to do the run again, for `anrf replay`' },
]

export const DATA_OPTION: OptionRow = {
  flags: '--data <folder>',
  about: 'the folder of the store (or ANRF_DATA; default .anrf)',
}

const LIMIT_RENAMES: Partial<Record<LimitName, string>> = { wall: 'timeout', output: 'max-output', logs: 'max-logs' }

/** The flag of a limit, without dashes: its own name, or a word that is clearer on a command line. */
export function limitFlag(name: LimitName): string {
  return LIMIT_RENAMES[name] ?? name
}

/** The limits that a single execution can be held to. */
export const EXECUTION_LIMITS: readonly LimitName[] = LIMIT_NAMES.filter((name) => LIMITS[name].of === 'execution')

export const LIMIT_OPTIONS: readonly OptionRow[] = EXECUTION_LIMITS.map((name) => ({
  flags: `--${limitFlag(name)} <n>`,
  about: `limit in ${LIMITS[name].unit}: ${LIMITS[name].doc} (default ${LIMITS[name].default}, at most ${LIMITS[name].ceiling})`,
}))
