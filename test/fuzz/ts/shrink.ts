import ts from 'typescript'
import type { DiffEngine } from '../engines.ts'
import { emptyTally } from '../tally.ts'
import { keepFinding, type SourceFinding } from './session.ts'

/** Variants that are judged at once, since each asks for a process of Node. */
const BATCH = 16

/** A smaller program that still shows it: declarations, statements and operands are left out while the rest does compile. */
export async function shrinkSource(
  finding: SourceFinding,
  engines: readonly DiffEngine[],
  milliseconds = 60_000,
): Promise<SourceFinding> {
  const deadline = performance.now() + milliseconds
  const tally = emptyTally()
  let best = finding
  for (let at = 0; performance.now() < deadline;) {
    const variants = shorterSources(best.source)
    if (at >= variants.length) break
    const some = variants.slice(at, at + BATCH)
    const kept = (await keepFinding(best, some, engines, tally)).filter((other) => other !== undefined)
    const smallest = kept.toSorted((a, b) => a.source.length - b.source.length)[0]
    if (smallest) {
      best = smallest
      // What could not go before can seldom go now; the rest is tried first, and all of it again at the end.
      at = Math.min(at, Math.max(0, shorterSources(best.source).length - BATCH))
    } else at += BATCH
    if (at >= variants.length && smallest) at = 0
  }
  return best
}

/** The program with one part less, the largest parts first. */
export function shorterSources(source: string): string[] {
  const tree = ts.createSourceFile('main.ts', source, ts.ScriptTarget.ESNext, true)
  const edits: { from: number; to: number; by: string }[] = []
  const edit = (node: ts.Node, by: string): void => void edits.push({ from: node.getStart(tree), to: node.end, by })
  const see = (node: ts.Node): void => {
    if (isDroppable(node)) edits.push({ from: node.getFullStart(), to: node.end, by: '' })
    if (ts.isStatement(node)) for (const inner of bodiesOf(node)) edit(node, inner)
    if (ts.isExpression(node) && !isName(node)) for (const inner of operandsOf(node)) edit(node, inner)
    ts.forEachChild(node, see)
  }
  ts.forEachChild(tree, see)
  edits.sort((a, b) => b.to - b.from - b.by.length - (a.to - a.from - a.by.length))
  const sources = edits.map(({ from, to, by }) => source.slice(0, from) + by + source.slice(to))
  return [...new Set(sources)].filter((other) => other.length < source.length)
}

function isDroppable(node: ts.Node): boolean {
  return (
    (ts.isStatement(node) && !ts.isBlock(node)) ||
    ts.isClassElement(node) ||
    ts.isTypeElement(node) ||
    ts.isCaseOrDefaultClause(node) ||
    ts.isCatchClause(node)
  )
}

/** What may stand for a statement: the statements inside it. */
function bodiesOf(node: ts.Statement): string[] {
  const found: string[] = []
  ts.forEachChild(node, (child) => {
    if (ts.isBlock(child)) found.push(child.statements.map((s) => s.getFullText()).join(''))
    else if (ts.isStatement(child)) found.push(child.getText())
  })
  return found
}

/** Names are not expressions where they declare something or name a member. */
function isName(node: ts.Expression): boolean {
  return ts.isIdentifier(node) && 'name' in node.parent && node.parent.name === node
}

const LITERALS = ['0', "''", 'false', '[]', 'undefined']

/** What may stand for an expression: its parts, or a literal. */
function operandsOf(node: ts.Expression): string[] {
  const text = node.getText()
  const found: string[] = []
  ts.forEachChild(node, (child) => {
    if (ts.isExpression(child) && !ts.isIdentifier(child)) found.push(child.getText())
  })
  return [...found, ...LITERALS.filter((literal) => literal.length < text.length)]
}
