import { JSON_OPTION, SERVER_OPTIONS, type CommandRow } from '../command-row.ts'

const REMOTE_OPTIONS = [...SERVER_OPTIONS, JSON_OPTION]
const PLACES =
  'A place is HOST/REPOSITORY[:TAG][@DIGEST]; without a tag a push takes the version of the program, and a pull `latest`. Credentials are those of `docker login`, or ANRF_REGISTRY_HOST, ' +
  'ANRF_REGISTRY_USER and ANRF_REGISTRY_PASSWORD. Only this machine is spoken to without TLS.'

/** Versions of published programs, and how they come from one registry to another. */
export const REGISTRY_COMMANDS: readonly CommandRow[] = [
  {
    name: 'search',
    args: '[words...]',
    about: 'Find published programs by words of their names, tags, descriptions, entries and READMEs',
    options: [
      { flags: '--tag <tag>', about: 'only those with this tag' },
      { flags: '--capability <name>', about: 'only those that ask for this capability' },
      { flags: '--limit <n>', about: 'how many', default: '20' },
      ...REMOTE_OPTIONS,
    ],
    examples: ['anrf search tax report', 'anrf search --capability http --json'],
    load: async () => (await import('../commands/versions.ts')).search,
  },
  {
    name: 'diff',
    args: '<before> <after>',
    about: 'Say what a version may touch that another could not, and the other way round',
    more: 'Changes that widen begin with `!`. The exit code is 0 when nothing widens and 3 when something does.',
    options: REMOTE_OPTIONS,
    examples: ['anrf diff sum@1.2.0 sum@1.3.0'],
    load: async () => (await import('../commands/versions.ts')).diff,
  },
  {
    name: 'approve',
    args: '<version>',
    about: 'Decide on a version that may touch more than the one before it, and waits for that',
    options: [
      { flags: '--refuse', about: 'say no; without it, yes' },
      { flags: '--note <text>', about: 'why' },
      ...REMOTE_OPTIONS,
    ],
    examples: ["anrf approve sum@1.3.0 --note 'asks for the rates'", 'anrf approve sum@1.3.0 --refuse'],
    load: async () => (await import('../commands/versions.ts')).approve,
  },
  {
    name: 'yank',
    args: '<version>',
    about: 'Take a version out of what names and ranges stand for; whoever pins it still gets it',
    options: [
      { flags: '--reason <text>', about: 'told to whoever still uses it' },
      { flags: '--undo', about: 'put it back' },
      ...REMOTE_OPTIONS,
    ],
    examples: ["anrf yank sum@1.2.0 --reason 'loses the last line'", 'anrf yank sum@1.2.0 --undo'],
    load: async () => (await import('../commands/versions.ts')).yank,
  },
  {
    name: 'dependents',
    args: '<version>',
    about: 'List the programs that call this one, as far as their documents or code name it',
    options: REMOTE_OPTIONS,
    examples: ['anrf dependents sum@1.2.0'],
    load: async () => (await import('../commands/versions.ts')).dependents,
  },
  {
    name: 'attach',
    args: '<version> <bundle>',
    about: 'Add a signature or another statement to a published program, as `anrf build --sign` writes it',
    options: REMOTE_OPTIONS,
    examples: ['anrf attach sum@1.2.0 sum.anrf.json.sig'],
    load: async () => (await import('../commands/versions.ts')).attach,
  },
  {
    name: 'push',
    args: '<program> <place>',
    about: 'Copy a program with its statements into an OCI registry',
    more: `The program is one of the service, a file that \`anrf export\` wrote (.tar), or oci://PLACE. A tag that stands for another artifact is not moved. ${PLACES}`,
    options: REMOTE_OPTIONS,
    examples: [
      'anrf push sum@1.2.0 registry.example.com/programs/sum',
      'anrf push oci://localhost:5000/sum:1.2.0 registry.example.com/programs/sum',
    ],
    load: async () => (await import('../commands/transfer.ts')).pushProgram,
  },
  {
    name: 'pull',
    args: '<place>',
    about: 'Publish a program of an OCI registry, with its statements, on a service',
    more: `All of it is checked before any of it is taken. ${PLACES}`,
    options: [
      { flags: '-o, --output <file>', about: 'write it to a file, as `anrf export` does, instead of publishing it' },
      ...REMOTE_OPTIONS,
    ],
    examples: ['anrf pull registry.example.com/programs/sum:1.2.0', 'anrf pull localhost:5000/sum:1.2.0 -o sum.tar'],
    load: async () => (await import('../commands/transfer.ts')).pullProgram,
  },
  {
    name: 'export',
    args: '<program> <file>',
    about: 'Write a program with its statements to one file: an OCI image layout in a tar archive',
    more: 'The same program gives the same bytes everywhere. Other tools for OCI images read the file.',
    options: REMOTE_OPTIONS,
    examples: ['anrf export sum@1.2.0 sum-1.2.0.tar'],
    load: async () => (await import('../commands/transfer.ts')).exportProgram,
  },
  {
    name: 'import',
    args: '<file>',
    about: 'Publish the program of an exported file, with its statements, on a service',
    more: 'All of it is checked before any of it is taken.',
    options: REMOTE_OPTIONS,
    examples: ['anrf import sum-1.2.0.tar'],
    load: async () => (await import('../commands/transfer.ts')).importProgram,
  },
]
