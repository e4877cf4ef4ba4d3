import { membersOf, type Expr } from '../../ir/index.ts'
import { emit } from '../emit/expressions.ts'
import { effect, op, seq, undef } from '../emit/make.ts'
import { Slot, type FnNode } from '../flow/slots.ts'
import type { HExpr } from '../hir.ts'
import { converted, flowResult } from './leaf.ts'
import { applyingFunction } from './applying.ts'
import type { Known } from './patterns.ts'
import { callPrelude, flowPrelude } from './prelude.ts'
import { absent, absentSlot, patterned } from './regexp.ts'
import { str, type EmitUse, type FlowUse, type Row } from './row.ts'

/** A function that applies a replacement function is made for each number of groups up to this one. */
const GROUPS_MAX = 30

/** What functions of a pattern of any number of groups are given at most. */
const PARTS_MAX = 9
/** Without groups: the match, its index and the text. What comes after the last of them are the groups by name. */
const PARTS_MIN = 3

/** Why the arguments of a replacement function cannot be told, if they cannot. */
function unclear({ groupCount, names }: Known, fn: FnNode | null): string | undefined {
  const { declared = 0, rest = null } = fn?.root() ?? {}
  const isCounted = groupCount !== undefined && groupCount <= GROUPS_MAX
  const isNamed = names?.length !== 0
  if (rest && (!isCounted || isNamed))
    return 'a replacement function with a rest parameter for a pattern that has named groups, many groups, or is not known'
  const most = isNamed ? (groupCount ?? 0) + PARTS_MIN : isCounted ? Infinity : PARTS_MAX
  return declared > most ? `a replacement function with more than ${most} parameters for this pattern` : undefined
}

/** For how many groups a replacement function is called; null where that is not known. One that looks at the match only needs none. */
function groupsFor({ groupCount }: Known, fn: FnNode | null): number | null {
  const { declared = 0, rest = null } = fn?.root() ?? {}
  if (groupCount !== undefined && groupCount <= GROUPS_MAX) return groupCount
  return declared <= 1 && !rest ? 0 : null
}

/** replace and replaceAll (22.1.3.19, 22.1.3.20) with a regular expression, and as they are with a text. */
export function replacing(name: 'replace' | 'replaceAll', plain: Row): Row {
  const template = `string_${name}_pattern`
  return patterned(plain, {
    flow: (use, re, known) => {
      const by = use.slots[1]
      flowResult(use, 'str')
      const text = use.inst.once(use.at, 'template', () => textOf(use))
      flowPrelude(use, template, [use.self, re, text])
      if (by) flowReplacer(use, re, known, by, name)
    },
    emit: (use, re, known) => {
      const { c, at, args, self } = use
      const by = args[1]
      const members = by ? membersOf(c.typeOf(by.value)) : []
      const functions = members.filter((type) => type.kind === 'func')
      if (!by || functions.length === 0) return callPrelude(c, at, template, [self, re, converted(c, by, str(), at)])
      const problem =
        functions.length < members.length
          ? 'a replacement that may be a function or not'
          : unclear(known, c.inst.slot(by.value).fn)
      return problem === undefined ? emitReplacer(use, re, known, by.value, name) : refuse(use, problem)
    },
  })
}

function flowReplacer(use: FlowUse, re: Slot, known: Known, by: Slot, name: string): void {
  const passed = [use.self, re, by, absentSlot(use, known)]
  use.a.solver.watch(by, () => {
    const { fn } = by.root()
    if (!fn) return
    use.a.solver.watchFn(fn, () => {
      const groups = groupsFor(known, fn)
      if (groups === null) flowPrelude(use, 'string_replace_by_any', passed)
      else flowPrelude(use, 'string_replace_by', [...passed, applySlot(use, groups)])
    })
    if (name === 'replaceAll') flowCheck(use, re)
  })
}

function emitReplacer(use: EmitUse, re: Expr, known: Known, by: HExpr, name: string): Expr {
  const { c, at, self } = use
  const groups = groupsFor(known, c.inst.slot(by).fn)
  const replaced = (text: Expr, pattern: Expr): Expr => {
    const passed = [text, pattern, emit(c, by), absent(use, known)]
    if (groups === null) return callPrelude(c, at, 'string_replace_by_any', passed)
    return callPrelude(c, at, 'string_replace_by', [...passed, applyValue(use, groups)])
  }
  if (name === 'replace') return replaced(self, re)
  const [text, pattern] = [c.keep(self), c.keep(re)]
  const check = effect(callPrelude(c, at, CHECK, [pattern.value]))
  return seq([...text.body, ...pattern.body, check], replaced(text.value, pattern.value))
}

/** The function that applies a replacement function, as a value. */
function applySlot({ a, inst, at }: FlowUse, groups: number): Slot {
  const slot = inst.once(at, `apply ${groups}`, () => new Slot())
  a.solver.addFn(slot, a.instanceFor(inst, applyingFunction(groups), at).fn)
  return slot
}

function applyValue({ c, at }: EmitUse, groups: number): Expr {
  const target = c.program.analysis.instanceFor(c.inst, applyingFunction(groups), at)
  return op('global.get', [], c.program.types.func(target.fn), at.span, [c.program.closureIndex(target)])
}

const CHECK = 'regexp_requireGlobal'

/** The check gives nothing. */
function flowCheck(use: FlowUse, re: Slot): void {
  const out = use.inst.once(use.at, 'checked', () => new Slot())
  flowPrelude({ ...use, out }, CHECK, [re])
}

function textOf(use: FlowUse): Slot {
  const slot = new Slot()
  flowResult({ ...use, out: slot }, 'str')
  return slot
}

function refuse({ c, at }: EmitUse, problem: string): Expr {
  const hint = 'Go through the matches with matchAll and build the text from their parts.'
  c.report('ANRF1101', at.span, problem, hint, 'replacement function')
  return undef(at.span)
}
