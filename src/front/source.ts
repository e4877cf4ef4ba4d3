import {
  diagnostic,
  lineStarts,
  locate,
  type Code,
  type Diagnostic,
  type SourceFile,
  type Span,
} from '../base/index.ts'

/** A file of the program or of the prelude: what diagnostics need to show a place in it. */
export type SourceText = SourceFile & { readonly text: string }

export type ReportParts = {
  readonly message: string
  readonly hint?: string
  readonly feature?: string
  /** Said, but no reason to refuse the program. */
  readonly severity?: 'warning'
}

/** Collects diagnostics while a program is built and analysed. One place gets each message once: as an error, if it is one for some copy of the code. */
export type Collector = {
  readonly files: readonly SourceText[]
  /** In the order of their reports; grows while bodies are built. */
  readonly diagnostics: readonly Diagnostic[]
  readonly report: (code: Code, span: Span, parts: ReportParts) => void
  /** Adds a diagnostic that was made elsewhere. */
  readonly add: (d: Diagnostic) => void
}

/** No excerpt has more lines than this, whatever its location covers. */
const EXCERPT_LINES_MAX = 6

export function sourceText(path: string, text: string): SourceText {
  return { path, text, lines: lineStarts(text) }
}

/** A diagnostic at `span` with its location and the source lines that it covers. */
export function diagnosticAt(files: readonly SourceText[], code: Code, span: Span, parts: ReportParts): Diagnostic {
  const location = locate(files, span)
  if (!location) return diagnostic(code, parts)
  const file = files[span.file] as SourceText
  const last = Math.min(location.end.line, location.start.line + EXCERPT_LINES_MAX - 1)
  const lines: string[] = []
  for (let line = location.start.line; line <= last; line++) lines.push(lineText(file, line))
  return diagnostic(code, { ...parts, location, excerpt: { firstLine: location.start.line, lines } })
}

export function createCollector(files: readonly SourceText[]): Collector {
  const diagnostics: Diagnostic[] = []
  const places = new Map<string, number>()
  const add = (d: Diagnostic): void => {
    const at = d.location
    const key = `${d.code}|${at?.path}|${at?.start.line}|${at?.start.column}|${d.message}`
    const known = places.get(key)
    if (known === undefined) places.set(key, diagnostics.push(d) - 1)
    else if (d.severity === 'error') diagnostics[known] = d
  }
  const report = (code: Code, span: Span, parts: ReportParts): void => add(diagnosticAt(files, code, span, parts))
  return { files, diagnostics, report, add }
}

function lineText(file: SourceText, line: number): string {
  const start = file.lines[line - 1] ?? 0
  const end = file.lines[line] ?? file.text.length
  return file.text.slice(start, end).replace(/[\r\n\u2028\u2029]+$/, '')
}
