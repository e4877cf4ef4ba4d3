import ts from './typescript.cjs'

/** Levels of the tree beyond which a program is refused, so that no stage runs out of stack. Programs that people or models write stay below 60; the IR allows 500 levels, and some levels of the source take two there. */
export const NESTING_MAX = 200

/** The first node of a file that is nested too deeply, found without recursion. */
export function findDeepNode(file: ts.SourceFile): ts.Node | undefined {
  let level: ts.Node[] = [file]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > NESTING_MAX) return level[0]
    const next: ts.Node[] = []
    for (const node of level) ts.forEachChild(node, (child) => void next.push(child))
    level = next
  }
  return undefined
}

/** Whether an error says that the stack is used up, which a program of extreme nesting does to the parser. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/i.test(error.message)
}
