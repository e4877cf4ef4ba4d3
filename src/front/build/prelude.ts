import type { HClass, HFunc } from '../hir.ts'
import { ts } from '../oracle.ts'
import { LeftOut } from '../prelude-files.ts'
import { classOf } from './classes.ts'
import { functionOf } from './functions.ts'
import type { Build } from './state.ts'

/** A function of the prelude. Throws {@link LeftOut} where its file is not there. */
export function preludeFunction(b: Build, name: string): HFunc {
  const declaration = declared(b, name)
  if (declaration && ts.isFunctionDeclaration(declaration)) return functionOf(b, declaration)
  throw new Error(`the prelude has no function ${name}`)
}

/** A class of the prelude, if there is such. Throws {@link LeftOut} where its file is not there. */
export function preludeClass(b: Build, name: string): HClass | undefined {
  const declaration = preludeClassNode(b, name)
  return declaration && classOf(b, declaration)
}

/** The declaration of such a class. Throws as {@link preludeClass} does. */
export function preludeClassNode(b: Build, name: string): ts.ClassDeclaration | undefined {
  const declaration = declared(b, name)
  return declaration && ts.isClassDeclaration(declaration) ? declaration : undefined
}

type Declaration = ts.FunctionDeclaration | ts.ClassDeclaration

const found = new WeakMap<ts.SourceFile, ReadonlyMap<string, Declaration>>()

function declared(b: Build, name: string): Declaration | undefined {
  for (const file of b.oracle.preludeFiles) {
    const declaration = declarationsIn(file).get(name)
    if (declaration) return declaration
  }
  const path = b.oracle.filesOfPrelude.get(name)
  if (path !== undefined) throw new LeftOut(path)
  return undefined
}

/** Trees of the prelude live as long as the process. */
function declarationsIn(file: ts.SourceFile): ReadonlyMap<string, Declaration> {
  const known = found.get(file)
  if (known) return known
  const named = file.statements.flatMap((s): [string, Declaration][] =>
    (ts.isFunctionDeclaration(s) && s.body !== undefined) || ts.isClassDeclaration(s) ? [[s.name?.text ?? '', s]] : [],
  )
  const made = new Map(named)
  found.set(file, made)
  return made
}
