import { REFUSALS } from '../../base/index.ts'
import { BOOL, UNDEFINED, membersOf, type Expr, type Type } from '../../ir/index.ts'
import { emit } from '../emit/expressions.ts'
import { carriesFrozen, isConstructed, isFrozen, setFrozen } from '../emit/frozen.ts'
import { carriesFrozen as carriesFrozenList, isListFrozen, setListFrozen } from '../emit/frozen-lists.ts'
import { bool, cond, effect, seq, then, undef } from '../emit/make.ts'
import { isReference } from '../emit/primitive.ts'
import type { ObjNode } from '../flow/slots.ts'
import { flowResult } from './leaf.ts'
import type { EmitUse, Row } from './row.ts'
import { argOf } from './walking.ts'

/**
 * Object.freeze (20.1.2.6) of records and instances, and of what else the program never writes: nothing can tell whether that is frozen.
 * `when`: at the end of a constructor, of the instance, or at any time; earlier in a constructor, fields may be defined after it.
 */
const freeze = (when: 'made' | 'any'): Row => ({
  flow: ({ a, slots: [given], out }) => {
    if (!given) return
    a.solver.edge(given, out)
    a.solver.watch(given, () => {
      const { arr, objs } = given.root()
      if (arr) arr.root().frozen = true
      for (const obj of objs) if (obj.root().frozen !== 'any') obj.root().frozen = when
    })
  },
  emit: (use) => {
    const { c, at } = use
    if (!use.args[0]) return undef(at.span)
    const value = emit(c, argOf(use.args, 0))
    const { arr, fn, objs } = c.inst.slot(argOf(use.args, 0)).root()
    const isWritten = (arr?.root().written ?? false) || (fn?.root().note ?? null) !== null
    const isUnknown = membersOf(value.type).some((type) => type.kind === 'any')
    const isEarly = when === 'any' && isConstructed(c, argOf(use.args, 0))
    if (isWritten || isUnknown || isEarly || objs.some((obj) => !mayFreeze(use, obj.root())))
      refuse(use, 'Object.freeze')
    const isListed = carriesFrozenList(c, arr)
    if (!isListed && !objs.some((obj) => carriesFrozen(c, obj.root()))) return value
    const kept = c.keep(value)
    const set = c.dispatch(kept.value, UNDEFINED, (one) => {
      const node = nodeOf(use, one.type)
      // Nobody asks whether it is: what is asked is no tuple.
      if (isListed && one.type.kind === 'tuple' && arr.root().assigned) refuse(use, 'Object.freeze')
      if (isListed && one.type.kind === 'array') return setListFrozen(c, argOf(use.args, 0), one, arr)
      return node && carriesFrozen(c, node) ? setFrozen(c, one, node) : undef(at.span)
    })
    return seq([...kept.body, effect(set)], kept.value)
  },
})

/** Whether each change of such objects asks first whether they are frozen, if there is any. */
function mayFreeze({ c }: EmitUse, { brand, cls, dict, assigned, written }: ObjNode): boolean {
  if (brand !== null || written || (dict !== null && assigned)) return false
  return cls === null || (cls.bytes === null && cls.error === null && !c.program.isOfPrelude(cls.span))
}

const nodeOf = ({ c }: EmitUse, type: Type): ObjNode | undefined =>
  type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined

/** Object.isFrozen, isSealed and isExtensible (20.1.2.14 to 16): nothing is sealed here that is not frozen. */
const asks = (name: string, ofFrozen: boolean): Row => ({
  flow: (use) => {
    use.a.asksFrozen = true
    flowResult(use, 'bool')
    const [asked] = use.slots
    if (asked) use.a.solver.watch(asked, () => void (asked.root().arr && use.a.solver.collapse(asked.root().arr!)))
  },
  emit: (use) => {
    const { c, at } = use
    const value = use.args[0] ? emit(c, argOf(use.args, 0)) : undef(at.span)
    return c.dispatch(value, BOOL, (one) => {
      if (!isReference(one.type)) return then(one, bool(ofFrozen, at.span))
      const test = askFrozen(use, one)
      if (!test) refuse(use, name)
      if (!test) return then(one, bool(false, at.span))
      return ofFrozen ? test : cond(test, bool(false, at.span), bool(true, at.span), at.span)
    })
  },
})

/** Whether a value is frozen; nothing where that is not known. */
function askFrozen(use: EmitUse, one: Expr): Expr | undefined {
  const node = nodeOf(use, one.type)
  if (node && node.frozen !== 'never') return isFrozen(use.c, one, node)
  const { arr, objs } = use.c.inst.slot(argOf(use.args, 0)).root()
  if (one.type.kind === 'array' && carriesFrozenList(use.c, arr)) return isListFrozen(use.c, one, arr)
  const isNever = {
    object: true,
    array: arr !== null && !arr.root().frozen,
    tuple: arr !== null && !arr.root().frozen,
    dict: objs.every((obj) => obj.root().frozen === 'never'),
  } as Partial<Record<Type['kind'], boolean>>
  return isNever[one.type.kind] ? then(one, bool(false, one.span)) : undefined
}

function refuse({ c, at }: EmitUse, name: string): void {
  const { title, hint } = REFUSALS.freeze
  c.report('ANRF1101', at.span, title, hint, name)
}

export const FREEZE_FUNCTIONS: Readonly<Record<string, Row>> = {
  'Object.freeze': freeze('any'),
  'Object.isFrozen': asks('Object.isFrozen', true),
  'Object.isSealed': asks('Object.isSealed', true),
  'Object.isExtensible': asks('Object.isExtensible', false),
}
/** The texts of a template, which are frozen (13.2.8.4). */
const frozenTexts: Row = {
  flow: ({ a, slots: [given], out }) => {
    if (!given) return
    a.solver.edge(given, out)
    a.solver.watch(given, () => {
      const { arr } = given.root()
      if (arr) arr.root().frozen = true
    })
  },
  emit: ({ c, args }) => {
    const texts = argOf(args, 0)
    const value = emit(c, texts)
    const { arr } = c.inst.slot(texts).root()
    if (value.type.kind !== 'array' || !carriesFrozenList(c, arr)) return value
    const kept = c.keep(value)
    return seq([...kept.body, effect(setListFrozen(c, texts, kept.value, arr))], kept.value)
  },
}

export const FREEZE_STEPS: Readonly<Record<string, Row>> = {
  '@@freezeInstance': freeze('made'),
  '@@frozenTexts': frozenTexts,
}
