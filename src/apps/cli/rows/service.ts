import { JSON_OPTION, SERVE_OPTIONS, type CommandRow } from '../command-row.ts'

export const SERVICE_COMMANDS: readonly CommandRow[] = [
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
    load: () => import('../commands/serve.ts'),
  },
  {
    name: 'doctor',
    args: '',
    about: 'Check what a service needs here: Node, isolation, store, disk, clock, port, files, configuration, programs',
    more:
      'Nothing is changed. A note is what could be had, a warning what should be done, an error what keeps a service from working; with an error ' +
      'the exit code is 4. Settings are read as `anrf serve` reads them.',
    options: [
      { flags: '--deep', about: 'read the whole store, every index and every document' },
      ...SERVE_OPTIONS,
      JSON_OPTION,
    ],
    examples: ['anrf doctor', 'anrf doctor --data /var/lib/anrf --deep --json'],
    load: () => import('../commands/doctor.ts'),
  },
  {
    name: 'demo',
    args: '',
    about: 'Start the service, publish three examples, execute them, and keep serving (npm start)',
    options: [{ flags: '--once', about: 'stop after the examples' }, ...SERVE_OPTIONS],
    examples: ['anrf demo --once'],
    load: () => import('../commands/demo.ts'),
  },
  {
    name: 'version',
    args: '',
    about: 'Print the version',
    options: [JSON_OPTION],
    examples: ['anrf version'],
    load: () => import('../commands/version.ts'),
  },
]
