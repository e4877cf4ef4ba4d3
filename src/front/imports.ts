import ts from './typescript.cjs'

/** The module names in a file's import and export declarations, in order; `types`: also those that import types only. */
export function importNames(file: ts.SourceFile, types: boolean): ts.StringLiteral[] {
  const names: ts.StringLiteral[] = []
  for (const s of file.statements) {
    if (!ts.isImportDeclaration(s) && !ts.isExportDeclaration(s)) continue
    if (!types && isTypeOnly(s)) continue
    if (s.moduleSpecifier && ts.isStringLiteral(s.moduleSpecifier)) names.push(s.moduleSpecifier)
  }
  return names
}

function isTypeOnly(s: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  return ts.isImportDeclaration(s) ? s.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword : s.isTypeOnly
}

export function postOrder(
  main: ts.SourceFile,
  importsOf: (f: ts.SourceFile) => readonly ts.SourceFile[],
): ts.SourceFile[] {
  const order: ts.SourceFile[] = []
  const seen = new Set<ts.SourceFile>()
  const visit = (file: ts.SourceFile): void => {
    if (seen.has(file)) return
    seen.add(file)
    for (const next of importsOf(file)) visit(next)
    order.push(file)
  }
  visit(main)
  return order
}

type Imports = (file: ts.SourceFile) => readonly ts.SourceFile[]

export function findCycles(files: readonly ts.SourceFile[], importsOf: Imports): Set<ts.SourceFile> {
  const reaches = (from: ts.SourceFile): boolean => {
    const seen = new Set<ts.SourceFile>()
    const work = [...importsOf(from)]
    for (let f = work.pop(); f; f = work.pop()) {
      if (f === from) return true
      if (seen.has(f)) continue
      seen.add(f)
      work.push(...importsOf(f))
    }
    return false
  }
  return new Set(files.filter(reaches))
}
