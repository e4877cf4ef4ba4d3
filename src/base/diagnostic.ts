import { CODES, type Code } from './codes.ts'
import type { Location } from './span.ts'

export type Severity = 'error' | 'warning' | 'note'

/** A second place that explains the first, e.g. where a variable was declared. */
export type Label = { readonly location: Location; readonly text: string }

/**
 * What is wrong with a program, a document or an input, as plain data: one value that the
 * terminal, `--json`, HTTP and editors render. Diagnostics are returned in lists, never thrown.
 */
export type Diagnostic = {
  readonly code: Code
  readonly severity: Severity
  /** What is wrong here, one sentence without a full stop. */
  readonly message: string
  /** What to write or do instead, a full sentence. */
  readonly hint?: string
  /** The language feature concerned, for coverage reports (`{"stage":"compile","feature":...}`). */
  readonly feature?: string
  readonly location?: Location
  /** The source lines the location covers, so that a frame can be drawn without the file. */
  readonly excerpt?: { readonly firstLine: number; readonly lines: readonly string[] }
  readonly labels?: readonly Label[]
  /** JSON pointer into a document or an input (RFC 6901), when the subject is not source text. */
  readonly pointer?: string
}

export type DiagnosticParts = Omit<Diagnostic, 'code' | 'severity'> & { readonly severity?: Severity }

/** A diagnostic with the severity of its row in the code table. */
export function diagnostic(code: Code, parts: DiagnosticParts): Diagnostic {
  return { code, severity: CODES[code].severity, ...parts }
}

export function hasErrors(list: readonly Diagnostic[]): boolean {
  return list.some((d) => d.severity === 'error')
}

/** Sorts by place and drops exact repeats, so that a list reads from top to bottom. */
export function sortDiagnostics(list: readonly Diagnostic[]): Diagnostic[] {
  const key = (d: Diagnostic): string =>
    [
      d.location?.path ?? '',
      pad(d.location?.start.line),
      pad(d.location?.start.column),
      d.code,
      d.message,
      d.pointer ?? '',
    ].join('\0')
  const unique = new Map(list.map((d) => [key(d), d]))
  return [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, d]) => d)
}

const pad = (n: number | undefined): string => String(n ?? 0).padStart(8, '0')
