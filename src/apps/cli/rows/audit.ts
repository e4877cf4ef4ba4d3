import { FILTER_OPTIONS } from '../audit-filter.ts'
import { JSON_OPTION, DATA_OPTION, type CommandRow } from '../command-row.ts'

export const AUDIT_COMMANDS: readonly CommandRow[] = [
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
    load: () => import('../commands/audit-verify.ts'),
  },
  {
    name: 'audit checkpoint',
    args: '[folder]',
    about: 'Print the newest checkpoint, a signed note, to be kept on another machine',
    options: [DATA_OPTION, JSON_OPTION],
    examples: ['anrf audit checkpoint > checkpoint.txt'],
    load: () => import('../commands/audit-checkpoint.ts'),
  },
  {
    name: 'audit key',
    args: '[folder]',
    about: 'Print the public key of the log, by which others check its checkpoints',
    options: [DATA_OPTION, JSON_OPTION],
    examples: ['anrf audit key > log-key.txt'],
    load: () => import('../commands/audit-key.ts'),
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
    load: () => import('../commands/audit-show.ts'),
  },
  {
    name: 'audit export',
    args: '<folder>',
    about: 'Write the audit log into an empty folder, in the layout of C2SP tlog-tiles',
    options: [DATA_OPTION, JSON_OPTION],
    examples: ['anrf audit export /mnt/archive/audit'],
    load: () => import('../commands/audit-export.ts'),
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
    load: () => import('../commands/audit-redact.ts'),
  },
]
