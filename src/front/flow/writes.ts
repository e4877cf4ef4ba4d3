import { isPrivateName } from '../member-names.ts'
import type { HExpr } from '../hir.ts'
import type { Analysis } from './analysis.ts'
import type { Instance } from './instance.ts'
import type { Slot } from './slots.ts'

/** Notes that the program changes the arrays and objects that reach a slot; how, the nodes say. */
export function noteWrites(
  a: Analysis,
  slot: Slot,
  { array = 'written', object = 'written' }: Partial<Record<'array' | 'object', 'assigned' | 'written'>> = {},
): void {
  a.solver.watch(slot, () => {
    const { arr, objs } = slot.root()
    if (arr) arr.root()[array] = true
    for (const obj of objs) obj.root()[object] = true
  })
}

/** Methods that change the array they are called on. */
export const CHANGING: ReadonlySet<string> = new Set([
  'copyWithin',
  'fill',
  'pop',
  'push',
  'reverse',
  'shift',
  'sort',
  'splice',
  'unshift',
])

export function noteMethod(a: Analysis, name: string, self: Slot): void {
  const { arr } = self.root()
  if (arr && CHANGING.has(name)) noteWrites(a, self, { array: 'assigned' })
}

/**
 * Whether setting a field changes an object that may be frozen: private members stay as they are when it is, and a constructor that freezes
 * its instance does so last of all.
 */
export function isWrite(inst: Instance, e: HExpr & { kind: 'set' }): boolean {
  const { func } = inst
  const isOwn = e.obj.kind === 'var' && e.obj.v === func.thisVar && func.cls?.construct === func
  return !isOwn && !isPrivateName(e.name)
}
