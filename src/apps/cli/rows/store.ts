import { DATA_OPTION, JSON_OPTION, type CommandRow } from '../command-row.ts'

export const STORE_COMMANDS: readonly CommandRow[] = [
  {
    name: 'backup',
    args: '<target>',
    about:
      'Copy the store of a service, which may be running, to a folder or a .tar, .tar.gz or .tgz file, and check the copy',
    more:
      'The copy is of one moment, and has its name only when it is whole. It has the private keys of the service: keep it as safe as the store. ' +
      'To restore, start a service on it: `anrf serve --data FOLDER` (unpack an archive into an empty folder first: `tar -xf FILE -C FOLDER`).',
    options: [DATA_OPTION, JSON_OPTION],
    examples: ['anrf backup /mnt/backup/anrf-2026-05-01', 'anrf backup anrf.tar.gz --data /var/lib/anrf'],
    load: () => import('../commands/backup.ts'),
  },
  {
    name: 'store check',
    args: '[folder]',
    about: 'Read a whole store and say what is damaged: its database, every document, the audit log',
    more: 'The store may be in use. A start of the service checks the database only.',
    options: [
      { flags: '--checkpoint <file>', about: 'a checkpoint of the audit log that was kept elsewhere' },
      DATA_OPTION,
      JSON_OPTION,
    ],
    examples: ['anrf store check', 'anrf store check /mnt/backup/anrf-2026-05-01 --json'],
    load: () => import('../commands/store-check.ts'),
  },
]
