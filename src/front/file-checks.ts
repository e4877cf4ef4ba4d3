import { isEarlyError } from './early-errors.ts'
import type ts from './typescript.cjs'

/** What the parser notes of comments that silence the checker, which its declarations do not say. */
type Directives = {
  checkJsDirective?: { readonly enabled: boolean }
  commentDirectives?: readonly { readonly range: ts.TextRange }[]
}

/** What the checker says of a file. */
export type Checked = {
  /**
   * Without what `@ts-nocheck`, `@ts-ignore` and `@ts-expect-error` silence. JavaScript knows none of these, so that early errors are
   * told whatever they say.
   */
  readonly told: readonly ts.Diagnostic[]
  /** Where something does not fit, silenced or not: the checker goes on with a type that it had inferred, which is a guess there. */
  readonly misfits: readonly number[]
}

/** `Type A is not assignable to type B`, the same of an argument, and calls that fit none of some overloads. */
const MISFITS: ReadonlySet<number> = new Set([2322, 2345, 2769])

/** Checks files of a program, each once. */
export function makeChecks(program: ts.Program): (file: ts.SourceFile) => Checked {
  const known = new Map<ts.SourceFile, Checked>()
  return (file) => {
    const checked = known.get(file) ?? check(program, file)
    known.set(file, checked)
    return checked
  }
}

/** Tells whether something within a node of some files does not fit, so that the type that the checker has for the node is a guess. */
export function findMistyped(
  files: readonly ts.SourceFile[],
  check: (file: ts.SourceFile) => Checked,
): (node: ts.Node) => boolean {
  let known: ReadonlyMap<ts.SourceFile, readonly number[]> | undefined
  return (node) => {
    known ??= new Map(files.flatMap((file) => (check(file).misfits.length > 0 ? [[file, check(file).misfits]] : [])))
    // Few programs have any, and a node is some way from its file.
    if (known.size === 0) return false
    return known.get(node.getSourceFile())?.some((at) => at >= node.pos && at < node.end) ?? false
  }
}

function check(program: ts.Program, file: ts.SourceFile): Checked {
  const noted = file as ts.SourceFile & Directives
  const { checkJsDirective, commentDirectives = [] } = noted
  delete noted.checkJsDirective
  delete noted.commentDirectives
  const all = program.getSemanticDiagnostics(file)
  // A tree may be looked at again, in a program with more of the prelude.
  Object.assign(noted, { checkJsDirective, commentDirectives })
  const silenced = new Set(commentDirectives.map(({ range }) => lineOf(file, range.pos)))
  const isSilenced = (d: ts.Diagnostic): boolean =>
    checkJsDirective?.enabled === false || isBelow(file, lineOf(file, d.start ?? 0), silenced)
  const misfits = all.flatMap(({ code, start }) => (MISFITS.has(code) && start !== undefined ? [start] : []))
  return { told: all.filter((d) => isEarlyError(d) || !isSilenced(d)), misfits }
}

const lineOf = (file: ts.SourceFile, position: number): number => file.getLineAndCharacterOfPosition(position).line

/** Whether one of some lines is above a line, with nothing but comments and empty lines between. */
function isBelow(file: ts.SourceFile, line: number, lines: ReadonlySet<number>): boolean {
  if (lines.size === 0) return false
  const texts = file.text.split('\n')
  for (let above = line - 1; above >= 0; above--) {
    if (lines.has(above)) return true
    if (!/^\s*(?:\/\/.*)?\r?$/.test(texts[above]!)) return false
  }
  return false
}
