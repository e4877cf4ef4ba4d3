import type { HExpr } from '../hir.ts'
import type { Analysis } from './analysis.ts'
import type { Instance } from './instance.ts'
import type { ObjNode } from './slots.ts'

/**
 * Typed arrays, DataViews and ArrayBuffers are objects of classes of the prelude, so that those of different origin are told apart
 * (decision 16). Two facts about a typed array are fields of its node, since these become one where nodes do: `#buffer`, the buffers that the
 * program sees its elements in, and `#window`, that there are others over the same elements.
 */

type New = HExpr & { kind: 'new' }

const made = new WeakMap<HExpr, Map<string, New>>()

/** The node of what a place of the program makes of the class of that name. */
export function bytesNode(a: Analysis, inst: Instance, at: HExpr, name: string): ObjNode {
  let known = made.get(at)
  if (!known) made.set(at, (known = new Map()))
  let site = known.get(name)
  const cls = a.program.bytes.get(name)
  if (!cls) throw new Error(`the prelude has no class ${name}`)
  if (site?.cls !== cls) known.set(name, (site = { kind: 'new', cls, args: [], span: at.span }))
  return a.classes.made(inst, site).root()
}

/** What is measured of the objects of such a class. */
export const isMeasured = (cls: string, name: string): boolean =>
  name === 'byteLength' ||
  (cls !== 'ArrayBuffer' &&
    (name === 'byteOffset' || (cls !== 'DataView' && (name === 'length' || name === 'BYTES_PER_ELEMENT'))))

/** Whether objects of a node are typed arrays. */
export const isTypedArray = (node: ObjNode): boolean => {
  const name = node.cls?.bytes ?? null
  return name !== null && name !== 'DataView' && name !== 'ArrayBuffer'
}
