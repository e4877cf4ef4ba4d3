import { ISOLATION_CHOICES, LIMIT_NAMES, LIMITS, MODE_CHOICES, type LimitName } from '../../base/index.ts'
import { FILTER_OPTIONS } from './audit-filter.ts'
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

const JSON_OPTION: OptionRow = { flags: '--json', about: 'print one JSON object instead of text' }
const ENTRY_OPTION: OptionRow = {
  flags: '--entry <name>',
  about: 'the exported function to run (needed when there are several)',
}
const INPUT_OPTION: OptionRow = {
  flags: '--input <json>',
  about: 'parameters by name as JSON, or @FILE, or - for standard input',
  default: '{}',
}
const MODE_OPTION: OptionRow = {
  flags: '--mode <mode>',
  about: `how to run: ${MODE_CHOICES.join(', ')}`,
  default: 'auto',
}
const RELEASE_OPTIONS: readonly OptionRow[] = [
  { flags: '--name <name>', about: 'the name of the program (default: the name of the source file)' },
  { flags: '--release <version>', about: 'its version (default 1.0.0)' },
]
const SERVER_OPTIONS: readonly OptionRow[] = [
  { flags: '--server <url>', about: 'the service (or ANRF_SERVER)' },
  { flags: '--key <key>', about: 'the API key (or ANRF_KEY)' },
]
const ISOLATION_OPTION: OptionRow = {
  flags: '--isolation <level>',
  about: `how programs are kept from the machine: ${ISOLATION_CHOICES.join(', ')} (or ANRF_ISOLATION; default auto)`,
}
const SERVE_OPTIONS: readonly OptionRow[] = [
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

const WORLD_OPTIONS: readonly OptionRow[] = [
  { flags: '--time <ms>', about: 'the time that the program reads, in milliseconds since 1970 (default: now)' },
  { flags: '--seed <n>', about: 'where its random numbers begin (default: by chance)' },
]

const TOOLS_OPTION: OptionRow = {
  flags: '--tools <file>',
  about: 'a file that describes tools of the host, for programs that import `tool:NAME`',
}

const WORLD_ACCESS_OPTIONS: readonly OptionRow[] = [
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

const DATA_OPTION: OptionRow = {
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

const LIMIT_OPTIONS: readonly OptionRow[] = EXECUTION_LIMITS.map((name) => ({
  flags: `--${limitFlag(name)} <n>`,
  about: `limit in ${LIMITS[name].unit}: ${LIMITS[name].doc} (default ${LIMITS[name].default}, at most ${LIMITS[name].ceiling})`,
}))

/** The first words of commands that have two, and what those commands are about. */
export const GROUPS: Readonly<Record<string, string>> = {
  audit: 'The audit log: check it, show it, take it elsewhere',
}

/** Every command of `anrf`, in the order in which help shows them. docs/CLI.md is printed from these rows. */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'run',
    args: '<file>',
    about: 'Run a TypeScript program or an ANRF document in a sandboxed worker',
    options: [
      ENTRY_OPTION,
      INPUT_OPTION,
      MODE_OPTION,
      ISOLATION_OPTION,
      ...WORLD_ACCESS_OPTIONS,
      ...WORLD_OPTIONS,
      ...LIMIT_OPTIONS,
      JSON_OPTION,
    ],
    examples: [
      `anrf run examples/calculator/main.ts --entry calculate --input '{"expression":"6 * 7"}'`,
      `echo '{"n":10}' | anrf run sum.ts --entry sum --input - --json`,
      'anrf run sum.anrf.json --fuel 1000000 --timeout 500',
      "anrf run report.ts --allow 'http=GET api.example.com' --record report.json",
      'anrf run shop.ts --tools tools.json --allow tool:crm --secret CRM_KEY@crm.example.com=CRM_KEY --allow secrets=CRM_KEY',
    ],
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'replay',
    args: '<recording>',
    about: 'Do a recorded run again, without touching the world, and compare everything but times',
    more:
      'Outcome, log, fuel, allocation and depth must be the same in every mode. The first effect that differs is named. A recording is a ' +
      'file that `anrf run --record` wrote, or the id of an execution of a service that keeps them (ANRF_PAYLOADS=keep).',
    options: [
      { flags: '--mode <mode>', about: 'the mode to use (default: that of the recording)' },
      {
        flags: '--receipt <file>',
        about: 'also check a receipt: that it is by a trusted key and about this recording',
      },
      { flags: '--trust <pem>', about: 'a public key that receipts are trusted by (repeatable)', repeats: true },
      ISOLATION_OPTION,
      JSON_OPTION,
    ],
    examples: ['anrf replay report.json', 'anrf replay report.json --mode jit --json'],
    load: () => import('./commands/replay.ts'),
  },
  {
    name: 'check',
    args: '<files...>',
    about: 'Say what is wrong with programs or documents, without running them',
    options: [TOOLS_OPTION, JSON_OPTION],
    examples: ['anrf check src/main.ts', 'anrf check sum.anrf.json --json'],
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'build',
    args: '<file>',
    about: 'Compile a TypeScript program to an ANRF document',
    options: [
      {
        flags: '-o, --output <file>',
        about: 'where to write it; - for standard output (default: FILE with .anrf.json)',
      },
      ...RELEASE_OPTIONS,
      { flags: '--binary', about: 'write the protobuf form instead of JSON' },
      { flags: '--sign <pem>', about: 'also write a signature by this Ed25519 private key beside it' },
      TOOLS_OPTION,
      JSON_OPTION,
    ],
    examples: ['anrf build sum.ts', 'anrf build sum.ts --output sum.anrf.json --sign key.pem'],
    load: () => import('./commands/build.ts'),
  },
  {
    name: 'inspect',
    args: '<file>',
    about:
      'Show the layers, the IR text, the capabilities and the identity of a program or document, and how dynamic it is',
    more:
      'The line `boxed` says how many expressions of the compiled program have a type whose values carry their kind with them: ' +
      '`any`, `json` (what JSON can hold, such as a parameter without a type) or a union, which `T | undefined` is as well. Below it ' +
      'stand the functions with most of them, and the places whose types say least. An expression counts once, however often it runs. ' +
      'With --json, `boxed` has every such function and place.',
    options: [{ flags: '--ir', about: 'only the IR text' }, TOOLS_OPTION, JSON_OPTION],
    examples: ['anrf inspect sum.ts', 'anrf inspect sum.anrf.json --ir'],
    load: () => import('./commands/inspect.ts'),
  },
  {
    name: 'batch',
    args: '<file>',
    about: 'Run many cases of one program: a JSON line {"entry","args"} each, a JSON line of answer each',
    options: [
      { flags: '--cases <jsonl>', about: 'the file of cases; - for standard input', default: '-' },
      MODE_OPTION,
      ISOLATION_OPTION,
    ],
    examples: ['anrf batch sum.ts --cases cases.jsonl'],
    load: () => import('./commands/batch.ts'),
  },
  {
    name: 'publish',
    args: '<file>',
    about: 'Send a program or document to a service',
    options: [...RELEASE_OPTIONS, ...SERVER_OPTIONS, TOOLS_OPTION, JSON_OPTION],
    examples: ['anrf publish sum.ts --name sum --release 1.2.0 --server http://127.0.0.1:8787 --key KEY'],
    load: () => import('./commands/publish.ts'),
  },
  {
    name: 'execute',
    args: '<anrf-id>',
    about: 'Execute a published document on a service',
    options: [ENTRY_OPTION, INPUT_OPTION, MODE_OPTION, ...LIMIT_OPTIONS, ...SERVER_OPTIONS, JSON_OPTION],
    examples: [`anrf execute sum --input '{"n":10}'`, 'anrf execute sum@1.2.0 --input @inputs.json --json'],
    load: () => import('./commands/execute.ts'),
  },
  {
    name: 'decide',
    args: '<execution-id> <call>',
    about: 'Decide what a suspended execution asks in one of its calls, and let it go on',
    options: [
      { flags: '--approve', about: 'say yes' },
      { flags: '--refuse', about: 'say no' },
      { flags: '--note <text>', about: 'a text that the program gets with the decision' },
      ...SERVER_OPTIONS,
      JSON_OPTION,
    ],
    examples: ["anrf decide 01a2… 1 --approve --note 'as discussed'"],
    load: () => import('./commands/decide.ts'),
  },
  {
    name: 'policy',
    args: '<verb> [folder]',
    about: 'Check policies, explain what they decide, or show what there is to write them with',
    more:
      'Verbs: `check` says everything that is wrong with a folder of policies and profiles, as the service would that has it as ANRF_POLICIES. ' +
      '`explain` says what would be decided of a request and by which policies, by a folder, or by a service when no folder is given; it ends ' +
      'with 5 when the request would be denied. `show` prints the schema and the policies that every service has. ' +
      'Settings that bound profiles (ANRF_ALLOW, ANRF_CEILINGS, ANRF_TRUSTED_KEYS) are read from the environment.',
    options: [
      { flags: '--principal <id>', about: 'explain: who asks', default: 'somebody' },
      { flags: '--tenant <id>', about: 'explain: of which tenant', default: 'default' },
      { flags: '--scope <scope>', about: 'explain: a scope of the key (repeatable)', repeats: true },
      { flags: '--action <action>', about: 'explain: the action of a route, or run-with', default: 'executions.start' },
      { flags: '--program <json>', about: 'explain: id, name, version, publishedBy and isSigned of the program' },
      { flags: '--execution <json>', about: 'explain: id and owner of the execution' },
      { flags: '--profile <name>', about: 'explain: the profile, for run-with (default: default)' },
      { flags: '--run <json>', about: 'explain: capabilities, entry, depth and isResumed, for run-with' },
      { flags: '--time <ms>', about: 'explain: when, in milliseconds since 1970 (default: now)' },
      { flags: '--address <ip>', about: 'explain: from which address' },
      ...SERVER_OPTIONS,
      JSON_OPTION,
    ],
    examples: [
      'anrf policy check policies/',
      `anrf policy explain policies/ --principal alice --tenant acme --scope execute --program '{"name":"payroll"}'`,
      'anrf policy explain --principal alice --scope execute --action run-with --profile trusted --server http://127.0.0.1:8787 --key KEY',
      'anrf policy show',
    ],
    load: () => import('./commands/policy.ts'),
  },
  {
    name: 'serve',
    args: '',
    about: 'Start the execution service',
    more:
      'An option goes before a variable of the environment, that before the configuration file, and that before the default. All settings ' +
      'are in docs/CONFIGURATION.md.',
    options: [
      ...SERVE_OPTIONS,
      { flags: '--print-config', about: 'show what holds of each setting and where it was given, and start nothing' },
      JSON_OPTION,
    ],
    examples: [
      'anrf serve',
      'anrf serve --port 9000 --data /var/lib/anrf',
      'anrf serve --config anrf.config.json --set logLevel=warn --print-config',
    ],
    load: () => import('./commands/serve.ts'),
  },
  {
    name: 'audit verify',
    args: '[folder]',
    about: 'Check that nobody changed the audit log: of a store, or of an exported folder',
    more:
      'The tree is made again from every entry and compared with the signed checkpoints; what is kept of the tree is never relied on. Only a ' +
      'checkpoint that was kept elsewhere (`anrf audit checkpoint > FILE`) shows that a log was rewritten with its own key or cut off, and only ' +
      'up to its size. The store may be in use.',
    options: [
      { flags: '--checkpoint <file>', about: 'a checkpoint that was kept elsewhere' },
      {
        flags: '--log-key <key>',
        about: 'the key that checkpoints are trusted by, as text or in a file (default: the one beside the log)',
      },
      DATA_OPTION,
      JSON_OPTION,
    ],
    examples: [
      'anrf audit verify --checkpoint checkpoint.txt --log-key log-key.txt',
      'anrf audit verify exported --json',
    ],
    load: () => import('./commands/audit-verify.ts'),
  },
  {
    name: 'audit checkpoint',
    args: '[folder]',
    about: 'Print the newest checkpoint, a signed note, to be kept on another machine',
    options: [DATA_OPTION, JSON_OPTION],
    examples: ['anrf audit checkpoint > checkpoint.txt'],
    load: () => import('./commands/audit-checkpoint.ts'),
  },
  {
    name: 'audit key',
    args: '[folder]',
    about: 'Print the public key of the log, by which others check its checkpoints',
    options: [DATA_OPTION, JSON_OPTION],
    examples: ['anrf audit key > log-key.txt'],
    load: () => import('./commands/audit-key.ts'),
  },
  {
    name: 'audit show',
    args: '',
    about: 'Show entries of the audit log, the newest last',
    options: [
      ...FILTER_OPTIONS,
      { flags: '--limit <n>', about: 'how many of the newest', default: '50' },
      DATA_OPTION,
      { ...JSON_OPTION, about: 'print one JSON object a line instead of text' },
    ],
    examples: [
      'anrf audit show --outcome refused',
      'anrf audit show --principal 01ab --from 2026-05-01 --limit 1000 --json',
    ],
    load: () => import('./commands/audit-show.ts'),
  },
  {
    name: 'audit export',
    args: '<folder>',
    about: 'Write the audit log into an empty folder, in the layout of C2SP tlog-tiles',
    options: [DATA_OPTION, JSON_OPTION],
    examples: ['anrf audit export /mnt/archive/audit'],
    load: () => import('./commands/audit-export.ts'),
  },
  {
    name: 'audit redact',
    args: '',
    about: 'Erase for ever who did what in some entries; that it was done stays, and every proof stays valid',
    more:
      'Principal, subject, reasons and details are erased; time, tenant, action and outcome stay. The redaction is an entry itself. Copies ' +
      'that were made before, such as backups, still have what was erased. The service may be running.',
    options: [
      { flags: '--reason <text>', about: 'why; the log keeps it' },
      { flags: '--entries <range>', about: 'only these sequences, N or N-M' },
      ...FILTER_OPTIONS,
      { flags: '--dry-run', about: 'only say how many entries it would be' },
      DATA_OPTION,
      JSON_OPTION,
    ],
    examples: [
      "anrf audit redact --principal 01ab --reason 'asked to be forgotten' --dry-run",
      "anrf audit redact --until 2025-01-01 --reason 'older than the law asks for'",
    ],
    load: () => import('./commands/audit-redact.ts'),
  },
  {
    name: 'demo',
    args: '',
    about: 'Start the service, publish three examples, execute them, and keep serving (npm start)',
    options: [{ flags: '--once', about: 'stop after the examples' }, ...SERVE_OPTIONS],
    examples: ['anrf demo --once'],
    load: () => import('./commands/demo.ts'),
  },
  {
    name: 'version',
    args: '',
    about: 'Print the version',
    options: [JSON_OPTION],
    examples: ['anrf version'],
    load: () => import('./commands/version.ts'),
  },
]
