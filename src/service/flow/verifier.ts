import type { Diagnostic, Encoded } from '../../base/index.ts'
import type { Loaded } from '../../registry/index.ts'
import type { ExecuteReport } from '../../sandbox/index.ts'

/** What a verifier looks at before an execution, and with the report after it. */
export type VerifySubject = { readonly loaded: Loaded; readonly entry: string; readonly args: readonly Encoded[] }

/** Nothing to object, or the diagnostics (ANRF5010) that refuse the execution or its result. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** A check that a service is configured with; either half may be missing. A verifier that throws refuses. */
export type Verifier = {
  readonly name: string
  before?(subject: VerifySubject): Promise<Verdict>
  after?(subject: VerifySubject, report: ExecuteReport): Promise<Verdict>
}
