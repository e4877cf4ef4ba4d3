import type { CommandRow } from './command-row.ts'
import { ACCOUNT_COMMANDS } from './rows/account.ts'
import { AUDIT_COMMANDS } from './rows/audit.ts'
import { POLICY_COMMANDS } from './rows/policy.ts'
import { PROGRAMS_COMMANDS } from './rows/programs.ts'
import { REGISTRY_COMMANDS } from './rows/registry.ts'
import { REMOTE_COMMANDS } from './rows/remote.ts'
import { SERVICE_COMMANDS } from './rows/service.ts'
import { STORE_COMMANDS } from './rows/store.ts'

export {
  EXECUTION_LIMITS,
  limitFlag,
  type CommandModule,
  type CommandRow,
  type OptionRow,
  type Options,
} from './command-row.ts'

/** The first words of commands that have two, and what those commands are about. */
export const GROUPS: Readonly<Record<string, string>> = {
  keys: 'API keys of a service: make, show, rotate and revoke them',
  audit: 'The audit log: check it, show it, take it elsewhere',
  store: 'The store of a service',
}

/** Every command of `anrf`, in the order in which help shows them. docs/CLI.md is printed from these rows. */
export const COMMANDS: readonly CommandRow[] = [
  ...PROGRAMS_COMMANDS,
  ...REMOTE_COMMANDS,
  ...REGISTRY_COMMANDS,
  ...ACCOUNT_COMMANDS,
  ...POLICY_COMMANDS,
  ...AUDIT_COMMANDS,
  ...STORE_COMMANDS,
  ...SERVICE_COMMANDS,
]
