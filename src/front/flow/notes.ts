import type { Analysis } from './analysis.ts'
import { ObjNode, type ArrNode, type FieldInfo, type FnNode } from './slots.ts'

/** What may carry an object whose fields are properties of it: a match, a function that the program gives properties. */
export type Carrier = ArrNode | FnNode

/** The object that functions carry whose properties the program sets. */
export function noteOfFunction(a: Analysis, fn: FnNode): ObjNode {
  const node = fn.root()
  if (!node.note) a.solver.setNote(node, new ObjNode(null))
  return (fn.root().note as ObjNode).root()
}

/** Calls `found` once there is a property of the name, once for each carrier; `seen` are those that are looked after. */
export function withNote(
  a: Analysis,
  carrier: Carrier,
  name: string,
  seen: Set<Carrier>,
  found: (field: FieldInfo) => void,
): void {
  if (seen.has(carrier.root())) return
  seen.add(carrier.root())
  const look = (): void => {
    const { note } = carrier.root()
    if (note) a.solver.watchObj(note, () => note.root().fields.has(name) && found(a.solver.field(note, name)))
  }
  carrier.root().noteWatchers.push(look)
  look()
}
