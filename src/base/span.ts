/**
 * A half-open range of UTF-16 code units `[start, end)` in one source file.
 * `file` is an index into the list of {@link SourceFile} that travels with the span
 * (a module's `files`), so that spans stay three small integers in the IR.
 */
export type Span = { readonly file: number; readonly start: number; readonly end: number }

/** The span of code that no source text stands behind (generated glue). */
export const NO_SPAN: Span = { file: -1, start: 0, end: 0 }

/**
 * A source file as the IR remembers it: its path relative to the program's root, with `/`,
 * and the offset at which each line starts. The text itself is not needed to name a line.
 */
export type SourceFile = { readonly path: string; readonly lines: readonly number[] }

/** One-based line and column (column in UTF-16 code units), as editors count them. */
export type Position = { readonly line: number; readonly column: number }

/** A span as people and editors read it. */
export type Location = {
  readonly path: string
  readonly start: Position
  readonly end: Position
}

/** Offsets at which each line of `text` starts; line terminators are LF, CR, CRLF, U+2028, U+2029 (ECMA-262 12.3). */
export function lineStarts(text: string): number[] {
  const starts = [0]
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 13 && text.charCodeAt(i + 1) === 10) continue
    if (c === 10 || c === 13 || c === 0x2028 || c === 0x2029) starts.push(i + 1)
  }
  return starts
}

/** The position of `offset`, by binary search in `lines` (see {@link lineStarts}). */
export function positionAt(lines: readonly number[], offset: number): Position {
  let low = 0
  let high = lines.length - 1
  while (low < high) {
    const mid = (low + high + 1) >> 1
    if ((lines[mid] ?? 0) <= offset) low = mid
    else high = mid - 1
  }
  return { line: low + 1, column: offset - (lines[low] ?? 0) + 1 }
}

/** The location a span names, or `undefined` for {@link NO_SPAN} and spans of unknown files. */
export function locate(files: readonly SourceFile[], span: Span): Location | undefined {
  const file = files[span.file]
  if (!file) return undefined
  return {
    path: file.path,
    start: positionAt(file.lines, span.start),
    end: positionAt(file.lines, span.end),
  }
}
