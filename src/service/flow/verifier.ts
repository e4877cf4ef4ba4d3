import type { Diagnostic, Encoded } from '../../base/index.ts'
import type { VerificationLevel } from '../../policy/index.ts'
import type { Loaded } from '../../registry/index.ts'
import type { ExecuteReport } from '../../sandbox/index.ts'

/** How much a verifier shows of a document, by the name of its level: the only list. */
export const LEVELS = {
  static: 'what is proved of every document when it is opened: schema, identity, references, and the types of its code',
  module: 'what a module of the operator says of it',
} as const satisfies Record<VerificationLevel, string>
export type Level = keyof typeof LEVELS

/** What a verifier looks at before an execution, and with the report after it. */
export type VerifySubject = { readonly loaded: Loaded; readonly entry: string; readonly args: readonly Encoded[] }

/** Nothing to object, or the diagnostics (ANRF5010) that refuse the execution or its result. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** What a verifier says of a document. `declined`: it can say neither, which is not as good as `verified`. */
export type Verification = {
  readonly status: 'verified' | 'declined' | 'failed'
  readonly findings: readonly Diagnostic[]
}

/** A check that a service is configured with; each part may be missing. A verifier that throws refuses. */
export type Verifier = {
  readonly name: string
  readonly level?: Level
  /** Results of another version do not count. */
  readonly version?: string
  /** Whether what it declines is not run. */
  readonly isRequired?: boolean
  /** Of the document alone; asked once for each version of the verifier. */
  verify?(loaded: Loaded): Promise<Verification>
  before?(subject: VerifySubject): Promise<Verdict>
  after?(subject: VerifySubject, report: ExecuteReport): Promise<Verdict>
}
