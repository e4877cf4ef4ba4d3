import { JSON_OPTION, SERVER_OPTIONS, type CommandRow } from '../command-row.ts'

export const POLICY_COMMANDS: readonly CommandRow[] = [
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
    load: () => import('../commands/policy.ts'),
  },
]
