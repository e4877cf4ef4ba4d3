import {
  JSON_OPTION,
  ENTRY_OPTION,
  INPUT_OPTION,
  MODE_OPTION,
  RELEASE_OPTIONS,
  ISOLATION_OPTION,
  WORLD_OPTIONS,
  TOOLS_OPTION,
  WORLD_ACCESS_OPTIONS,
  LIMIT_OPTIONS,
  type CommandRow,
} from '../command-row.ts'

export const PROGRAMS_COMMANDS: readonly CommandRow[] = [
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
    load: () => import('../commands/run.ts'),
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
    load: () => import('../commands/replay.ts'),
  },
  {
    name: 'check',
    args: '<files...>',
    about: 'Say what is wrong with programs or documents, without running them',
    options: [TOOLS_OPTION, JSON_OPTION],
    examples: ['anrf check src/main.ts', 'anrf check sum.anrf.json --json'],
    load: () => import('../commands/check.ts'),
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
    load: () => import('../commands/build.ts'),
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
    load: () => import('../commands/inspect.ts'),
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
    load: () => import('../commands/batch.ts'),
  },
]
