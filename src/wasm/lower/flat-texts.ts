import { eachNode, type Node, type OpName, type Stmt } from '../../ir/index.ts'
import { EXTERNREF } from '../encoder/index.ts'
import type { FuncLowering } from './func.ts'

/**
 * To read a unit of a text the host first finds where its units lie, in ten or more instructions. It does that once where it sees that it was done
 * already on the way, which it does not when all reads stand behind tests, as they do in a loop. So one read stands before the loop.
 */

type Loop = Extract<Stmt, { kind: 'loop' }>

/** Lowers a loop with the texts that it reads units of, and does not set, in locals of their own. */
export function withFlatTexts(f: FuncLowering, stmt: Loop, body: () => void): void {
  const { c, m } = f
  const texts = unitsReadIn(stmt).filter((local) => !f.flatTexts.has(local))
  for (const local of texts) {
    const flat = c.borrow(EXTERNREF)
    const text = f.locals[local]!
    // Nothing is read of an empty text: another stands for it, which has a first unit.
    c.get(text).globalGet(m.string('null')).get(text).call(m.imports.builtin('length')).select(EXTERNREF)
    c.tee(flat).i32(0).call(m.imports.builtin('charCodeAt')).op('drop')
    f.flatTexts.set(local, flat)
  }
  body()
  for (const local of texts) {
    c.release(EXTERNREF, f.flatTexts.get(local)!)
    f.flatTexts.delete(local)
  }
}

/** Locals that a loop reads units of and does not set. */
function unitsReadIn({ test, body, update }: Loop): number[] {
  const read = new Set<number>()
  const set = new Set<number>()
  for (const node of eachNode([...(test ? [test] : []), ...body, ...update])) {
    if (node.kind === 'set') set.add(node.local)
    else if (node.kind === 'try' && node.catch) set.add(node.catch.local)
    else noteRead(node, read)
  }
  return [...read].filter((local) => !set.has(local))
}

const UNIT_READS: ReadonlySet<OpName> = new Set(['string.code_at', 'string.char_at', 'string.get', 'string.at'])

function noteRead(node: Node, read: Set<number>): void {
  if (node.kind !== 'op' || !UNIT_READS.has(node.op)) return
  const [text] = node.args
  if (text!.kind === 'local') read.add(text!.local)
}
