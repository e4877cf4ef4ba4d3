import { JSON_OPTION, SERVER_OPTIONS, type CommandRow } from '../command-row.ts'

/** Who the user is at services, and who else may use them. */
export const ACCOUNT_COMMANDS: readonly CommandRow[] = [
  {
    name: 'login',
    args: '[url]',
    about: 'Keep a key for a service, and ask that service from now on',
    more:
      'The key is checked first, and kept in anrf/credentials.json in the configuration folder of the user (XDG_CONFIG_HOME, else ~/.config), readable for ' +
      'the user only. Commands that take --server and --key use both when they are not given; --server and ANRF_SERVER go before, and so do --key and ANRF_KEY.',
    options: [
      { flags: '--key <key>', about: 'the API key; - for standard input (or ANRF_KEY; default -)' },
      JSON_OPTION,
    ],
    examples: ['anrf login https://anrf.example.com', 'anrf login http://127.0.0.1:8787 --key - < key.txt'],
    load: () => import('../commands/login.ts'),
  },
  {
    name: 'logout',
    args: '[url]',
    about: 'Forget the key for a service',
    options: [JSON_OPTION],
    examples: ['anrf logout'],
    load: () => import('../commands/logout.ts'),
  },
  {
    name: 'whoami',
    args: '',
    about: 'Say which service is asked, as whom, and what the key may do',
    options: [...SERVER_OPTIONS, JSON_OPTION],
    examples: ['anrf whoami'],
    load: () => import('../commands/whoami.ts'),
  },
  {
    name: 'keys list',
    args: '',
    about: 'List the keys of a service; never their texts',
    options: [{ flags: '--tenant <id>', about: 'only those of this tenant' }, ...SERVER_OPTIONS, JSON_OPTION],
    examples: ['anrf keys list'],
    load: async () => (await import('../commands/keys.ts')).list,
  },
  {
    name: 'keys create',
    args: '',
    about: 'Make a key; its text is printed now and never again',
    options: [
      { flags: '--label <text>', about: 'what the key is for' },
      {
        flags: '--scope <scope>',
        about: 'what it may do: publish, execute, approve, read, admin, operate (repeatable)',
        repeats: true,
      },
      { flags: '--tenant <id>', about: 'of which tenant (default: your own)' },
      { flags: '--expires <time>', about: 'when it ends, as 2027-01-01T00:00:00Z (default: never)' },
      ...SERVER_OPTIONS,
      JSON_OPTION,
    ],
    examples: ["anrf keys create --label 'build server' --scope publish --scope read > key.txt"],
    load: async () => (await import('../commands/keys.ts')).create,
  },
  {
    name: 'keys rotate',
    args: '<id>',
    about: 'Make another key for the same principal; the one before stays valid for a while',
    options: [
      { flags: '--grace <seconds>', about: 'how long the one before stays valid (default: a day)' },
      ...SERVER_OPTIONS,
      JSON_OPTION,
    ],
    examples: ['anrf keys rotate 0a1b2c3d4e5f6071 --grace 3600'],
    load: async () => (await import('../commands/keys.ts')).rotate,
  },
  {
    name: 'keys revoke',
    args: '<id>',
    about: 'End a key at once',
    options: [...SERVER_OPTIONS, JSON_OPTION],
    examples: ['anrf keys revoke 0a1b2c3d4e5f6071'],
    load: async () => (await import('../commands/keys.ts')).revoke,
  },
]
