import type { ServiceConfig } from '../../../service/index.ts'
import type { Terminal } from '../terminal.ts'

/** `note`: nothing is wrong, and something could be had; `warning`: it works, and something should be done. */
export type Status = 'ok' | 'note' | 'warning' | 'error'

/** What a check saw, and what to do about it. */
export type Finding = { readonly status: Status; readonly detail: string; readonly hint?: string }

/** What checks look at. */
export type Patient = {
  readonly terminal: Terminal
  readonly config: ServiceConfig
  /** The folder of the store, whether it is there or not. */
  readonly dataDir: string
  /** Whether to take the time to read everything. */
  readonly isDeep: boolean
}

/** One row of `anrf doctor`. A check that throws has found an error. */
export type Check = {
  readonly name: string
  readonly run: (patient: Patient) => Finding | Promise<Finding>
}
