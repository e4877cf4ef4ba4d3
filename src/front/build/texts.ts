import { ts } from '../oracle.ts'
import type { Build } from './state.ts'

/** A program with more of them uses most for something else than as keys. */
const TEXTS_MAX = 64

/** Texts that name members: no index, which comes before other keys, and nothing that all objects have. */
const isKey = (text: string): boolean => /^[A-Za-z_$][\w$]*$/.test(text) && !(text in Object.prototype)

/** The texts that a program writes, and the keys of its literals: what a key that is computed most likely is. None where there are too many. */
export function textsOf(b: Build): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isTypeOfExpression(node)) return
    const name = ts.isStringLiteralLike(node) ? node : keyOf(node)
    if (name && isKey(name.text)) found.add(name.text)
    ts.forEachChild(node, visit)
  }
  b.oracle.userFiles.forEach(visit)
  return found.size > TEXTS_MAX ? new Set() : found
}

const keyOf = (node: ts.Node): ts.Identifier | undefined =>
  (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) && ts.isIdentifier(node.name)
    ? node.name
    : undefined
