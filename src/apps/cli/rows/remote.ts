import {
  JSON_OPTION,
  ENTRY_OPTION,
  INPUT_OPTION,
  MODE_OPTION,
  RELEASE_OPTIONS,
  SERVER_OPTIONS,
  TOOLS_OPTION,
  LIMIT_OPTIONS,
  type CommandRow,
} from '../command-row.ts'

export const REMOTE_COMMANDS: readonly CommandRow[] = [
  {
    name: 'publish',
    args: '<file>',
    about: 'Send a program or document to a service',
    options: [...RELEASE_OPTIONS, ...SERVER_OPTIONS, TOOLS_OPTION, JSON_OPTION],
    examples: ['anrf publish sum.ts --name sum --release 1.2.0 --server http://127.0.0.1:8787 --key KEY'],
    load: () => import('../commands/publish.ts'),
  },
  {
    name: 'execute',
    args: '<anrf-id>',
    about: 'Execute a published document on a service',
    options: [ENTRY_OPTION, INPUT_OPTION, MODE_OPTION, ...LIMIT_OPTIONS, ...SERVER_OPTIONS, JSON_OPTION],
    examples: [`anrf execute sum --input '{"n":10}'`, 'anrf execute sum@1.2.0 --input @inputs.json --json'],
    load: () => import('../commands/execute.ts'),
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
    load: () => import('../commands/decide.ts'),
  },
  {
    name: 'list',
    args: '',
    about: 'List what is published on a service',
    options: [
      { flags: '--name <name>', about: 'only versions of this program' },
      { flags: '--limit <n>', about: 'how many at most (default 100)' },
      ...SERVER_OPTIONS,
      JSON_OPTION,
    ],
    examples: ['anrf list', 'anrf list --name sum --json'],
    load: () => import('../commands/list.ts'),
  },
  {
    name: 'show',
    args: '<reference>',
    about: 'Show an artifact of a service (by name, name@version or digest), or an execution (by its id)',
    options: [...SERVER_OPTIONS, JSON_OPTION],
    examples: ['anrf show sum@1.2.0', 'anrf show 01a2… --json'],
    load: () => import('../commands/show.ts'),
  },
  {
    name: 'cancel',
    args: '<execution-id>',
    about: 'End an execution that waits, runs or is suspended',
    options: [...SERVER_OPTIONS, JSON_OPTION],
    examples: ['anrf cancel 01a2…'],
    load: () => import('../commands/cancel.ts'),
  },
  {
    name: 'trace',
    args: '<id>',
    about: 'Draw what an execution spent its time on, by its id or that of its trace',
    more:
      'A line for each step of the flow, the wait for a worker, the run and each call of an effect, with when it was and how long it took. With --json: ' +
      'OTLP/JSON, which viewers of traces read. A service keeps its last traces (docs/TELEMETRY.md).',
    options: [...SERVER_OPTIONS, JSON_OPTION],
    examples: ['anrf trace 01a2…', 'anrf trace 01a2… --json > trace.json'],
    load: () => import('../commands/trace.ts'),
  },
]
