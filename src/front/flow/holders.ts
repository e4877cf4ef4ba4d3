import { ANY } from '../kinds.ts'
import { ArrNode, FnNode, TableNode, type ObjNode, type Slot } from './slots.ts'

/** What holds values in places that its type names: of objects dictionaries only, as records and instances have types of their own. */
export type Holder = ArrNode | FnNode | TableNode | ObjNode

/** The places in a value that its type names. What is `this` of a function is none where it comes in an object (`wrapped`). */
export function slotsOf(holder: Holder, wrapped: ReadonlySet<Slot>): Slot[] {
  const slots =
    holder instanceof FnNode
      ? [...selfIn(holder, wrapped), holder.result, ...holder.params, ...(holder.rest ? [holder.rest.elem] : [])]
      : holder instanceof ArrNode
        ? (holder.tuple ?? [holder.elem])
        : holder instanceof TableNode
          ? [holder.key, holder.value]
          : holder.dict
            ? [holder.dict.slot]
            : []
  return slots.map((slot) => slot.root())
}

/** The holders that a place may hold. */
export function holdersIn({ kinds, arr, fn, map, set, objs }: Slot): Holder[] {
  if (kinds & ANY) return []
  const some = [arr, fn, map, set].flatMap((node): Holder[] => (node ? [node.root()] : []))
  return [...some, ...objs.map((obj) => obj.root()).filter((obj) => obj.dict)]
}

const selfIn = ({ self }: FnNode, wrapped: ReadonlySet<Slot>): Slot[] =>
  self && !wrapped.has(self.root()) ? [self] : []
