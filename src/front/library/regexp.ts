import { admits, membersOf, STRING, UNDEFINED, type Expr, type Stmt, type Type } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { fail, is } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { afterNever, neverComes } from '../emit/never.ts'
import { coerce, cond, op, seq, str as text, then, undef } from '../emit/make.ts'
import { Slot, type ObjNode } from '../flow/slots.ts'
import type { HArg, HExpr } from '../hir.ts'
import { holdArgument } from './held-argument.ts'
import { OBJ, STR, UNDEF } from '../kinds.ts'
import { converted, flowResult, func } from './leaf.ts'
import { isRegExp, knownOf, onlyRegExps, REGEXP_LITERAL, type Known } from './patterns.ts'
import { callPrelude, flowPrelude } from './prelude.ts'
import { num, spreads, str, type EmitUse, type FlowUse, type Param, type Row } from './row.ts'

/** How a member is analysed and emitted for a regular expression, of which something may be known. */
export type PatternRow = {
  readonly flow: (use: FlowUse, re: Slot, known: Known) => void
  readonly emit: (use: EmitUse, re: Expr, known: Known) => Expr
}

const isPattern = (c: FunctionContext, type: Type): boolean =>
  type.kind === 'object' && isRegExp(c.program.types.nodeOf(type.id))

/** A place with a text in it, for what is converted to one. */
function textSlot(use: FlowUse): Slot {
  return use.inst.once(use.at, 'text', () => {
    const slot = new Slot()
    use.a.solver.addKinds(slot, STR)
    return slot
  })
}

/** What stands for a group that took no part: nothing can, where every group always takes part, and a text keeps the kinds simple. */
export function absentSlot(use: FlowUse, known: Known): Slot {
  const slot = use.inst.once(use.at, 'absent', () => new Slot())
  use.a.solver.addKinds(slot, known.certain ? STR : UNDEF)
  return slot
}

export const absent = ({ at }: EmitUse, known: Known): Expr => (known.certain ? text('', at.span) : undef(at.span))

/** A member of String whose first argument is a regular expression, or something that is taken as a text. */
export function patterned(plain: Row, pattern: PatternRow): Row {
  return {
    flow: (use) => {
      const [arg] = use.slots
      if (!arg) return plain.flow(use)
      const isOther = (node: ObjNode): boolean => !isRegExp(node.root())
      use.inst.once(use.at, 'patterns', () => {
        onlyRegExps(use.a, arg, (only) => pattern.flow(use, only, knownOf(only)))
        use.a.solver.watch(arg, () => {
          const { kinds, objs } = arg.root()
          if (kinds & ~OBJ || objs.some(isOther)) use.inst.once(use.at, 'plain', () => plain.flow(use))
        })
      })
    },
    emit: (use) => {
      const arg = use.args[0]?.value
      if (arg && neverComes(use.c, arg)) return afterNever(emit(use.c, arg), undef(use.at.span))
      const members = arg ? membersOf(use.c.typeOf(arg)) : []
      const patterns = members.filter((type) => isPattern(use.c, type))
      if (!arg || patterns.length === 0) return plain.emit(use)
      if (spreads(use.args)) return refuseMixed(use)
      const known = knownOf(use.c.inst.slot(arg))
      if (patterns.length === members.length) return pattern.emit(use, emit(use.c, arg), known)
      const others = members.filter((type) => !isPattern(use.c, type))
      if (patterns.length > 1 || others.some((type) => type.kind !== 'string')) return refuseMixed(use)
      return byKind(use, arg, plain, (of, re) => pattern.emit(of, re, known))
    },
  }
}

/** Where a text or a regular expression may come, which of the two it is decides when the program runs. */
function byKind(use: EmitUse, arg: HExpr, plain: Row, pattern: (use: EmitUse, re: Expr) => Expr): Expr {
  const { c, at, self } = use
  const [text, given] = [c.keep(self), c.keep(emit(c, arg))]
  const type = c.typeOf(at)
  const one = (to: Type): Expr => op('dyn.unbox', [given.value], to, at.span, [to])
  const re = membersOf(given.value.type).find((member) => isPattern(c, member)) ?? UNDEFINED
  const { body, item } = textVariable(c, one(STRING))
  const asText = seq(body, plain.emit({ ...use, self: text.value, args: [item, ...use.args.slice(1)] }))
  const asPattern = pattern({ ...use, self: text.value }, one(re))
  const test = is(given.value, re)
  return seq([...text.body, ...given.body], cond(test, coerce(asPattern, type), coerce(asText, type), at.span))
}

/** A text in a variable of its own. */
function textVariable(c: FunctionContext, x: Expr): { readonly body: readonly Stmt[]; readonly item: HArg } {
  const slot = new Slot()
  slot.kinds = STR
  return holdArgument(c, x, slot)
}

function refuseMixed({ c, at }: EmitUse): Expr {
  const hint = 'Tell them apart first: `pattern instanceof RegExp`.'
  c.report('ANRF1101', at.span, 'a value that may or may not be a regular expression', hint, 'regular expression')
  return undef(at.span)
}

/** A prelude function of the receiver and the text. */
const ofText = (name: string): Row => ({
  flow: (use) => flowPrelude(use, name, [use.self, textSlot(use)]),
  emit: ({ c, at, args, self }) => callPrelude(c, at, name, [self, converted(c, args[0], str(''), at)]),
})

/** The prelude function that tells the names of groups too, where there may be some. */
const naming = (name: string, { names }: Known): string => (names?.length === 0 ? name : `${name}_named`)

function matchName(known: Known): string {
  if (known.global === undefined) return 'string_match_either'
  return known.global ? 'string_match_all' : naming('string_match_first', known)
}

/** match (22.1.3.13): all that a pattern with g finds, or the first match in full. */
export const match = patterned(ofText('string_match_text'), {
  flow: (use, re, known) => flowPrelude(use, matchName(known), [use.self, re, absentSlot(use, known)]),
  emit: (use, re, known) => callPrelude(use.c, use.at, matchName(known), [use.self, re, absent(use, known)]),
})

export const matchAll = patterned(ofText('string_matchAll_text'), {
  flow: (use, re, known) => flowPrelude(use, naming('string_matchAll', known), [use.self, re, absentSlot(use, known)]),
  emit: (use, re, known) =>
    callPrelude(use.c, use.at, naming('string_matchAll', known), [use.self, re, absent(use, known)]),
})

export const search = patterned(ofText('string_search_text'), {
  flow: (use, re) => flowPrelude(use, 'string_search', [use.self, re]),
  emit: (use, re) => callPrelude(use.c, use.at, 'string_search', [use.self, re]),
})

/** `startsWith` and the like take no regular expression (22.1.3.24, step 4). */
export const noPattern = (name: string, plain: Row): Row =>
  patterned(plain, {
    flow: (use) => plain.flow(use),
    emit: ({ c, at }, re) => {
      const message = `First argument to String.prototype.${name} must not be a regular expression`
      return then(fail(c, message, re), undef(at.span))
    },
  })

const UINT32_MAX = 4294967295

export const split = (plain: Row): Row =>
  patterned(plain, {
    flow: (use, re, known) =>
      flowPrelude(use, 'string_split_pattern', [use.self, re, limitSlot(use), absentSlot(use, known)]),
    emit: (use, re, known) => {
      const limit = converted(use.c, use.args[1], num(UINT32_MAX), use.at)
      return callPrelude(use.c, use.at, 'string_split_pattern', [use.self, re, limit, absent(use, known)])
    },
  })

function limitSlot(use: FlowUse): Slot {
  return use.inst.once(use.at, 'limit', () => {
    const slot = new Slot()
    flowResult({ ...use, out: slot }, 'num')
    return slot
  })
}

/** A method of a regular expression on a text (22.2.6). */
const onText = (nameOf: (known: Known) => string): Row => ({
  flow: (use) =>
    use.inst.once(use.at, 'on text', () =>
      onlyRegExps(use.a, use.self, (re) => {
        const known = knownOf(re)
        flowPrelude(use, nameOf(known), [re, textSlot(use), absentSlot(use, known)])
      }),
    ),
  emit: (use) => {
    const { c, at, args, self } = use
    const node = self.type.kind === 'object' ? c.program.types.nodeOf(self.type.id) : undefined
    const slot = new Slot()
    if (node) slot.objs.push(node)
    const known = knownOf(slot)
    return callPrelude(c, at, nameOf(known), [self, converted(c, args[0], str(), at), absent(use, known)])
  },
})

/** Methods of regular expressions; `toString` and the accessors are members of the class in the prelude. */
export const REGEXP_METHODS: Readonly<Record<string, Row>> = {
  exec: onText((known) => naming('regexp_exec', known)),
  test: onText(() => 'regexp_test'),
}

/** RegExp (22.2.4.1). A regular expression as the pattern is copied, and without `new` and flags given back. */
const make = (isNew: boolean): Row => ({
  flow: (use) => {
    const [pattern] = use.slots
    const same = !isNew && use.args.length === 1
    const plain = (): void => flowPrelude(use, 'regexp_new', [textSlot(use), textSlot(use)])
    if (!pattern) return plain()
    use.inst.once(use.at, 'made', () => {
      onlyRegExps(use.a, pattern, (re) => {
        if (same) use.a.solver.edge(re, use.out)
        else flowPrelude(use, copyName(use.args.length), [re, textSlot(use)])
      })
      use.a.solver.watch(pattern, () => {
        const { kinds, objs } = pattern.root()
        if (kinds & ~OBJ || objs.some((obj) => !isRegExp(obj.root()))) plain()
      })
    })
  },
  emit: (use) => {
    const { c, at, args } = use
    const arg = args[0]?.value
    const members = arg ? membersOf(c.typeOf(arg)) : []
    const patterns = members.filter((type) => isPattern(c, type))
    if (arg && neverComes(c, arg)) return afterNever(emit(c, arg), undef(at.span))
    const flags = (): Expr => converted(c, args[1], str(''), at)
    if (!arg || patterns.length === 0)
      return callPrelude(c, at, 'regexp_new', [converted(c, args[0], str(''), at), flags()])
    if (patterns.length < members.length || (args[1] && admits(c.typeOf(args[1].value), UNDEFINED)))
      return refuseMixed(use)
    const re = emit(c, arg)
    if (!isNew && args.length === 1) return re
    return callPrelude(c, at, copyName(args.length), args.length > 1 ? [re, flags()] : [re])
  },
})

const copyName = (args: number): string => (args > 1 ? 'regexp_with_flags' : 'regexp_copy')

/** A regular expression literal: source and flags are constants. */
const literal: Row = {
  flow: (use) => flowPrelude(use, 'regexp_literal', use.slots),
  emit: ({ c, at, args }) =>
    callPrelude(
      c,
      at,
      'regexp_literal',
      args.map((arg) => emit(c, arg.value)),
    ),
}

/** The fields of an object become properties of an array. */
const annotate: Row = {
  flow: (use) => {
    const [list, note] = use.slots as [Slot, Slot]
    const see = (): void => {
      const { arr } = list.root()
      if (!arr) return
      use.a.solver.collapse(arr)
      for (const obj of note.root().objs) use.a.solver.setNote(arr, obj)
    }
    use.a.solver.watch(list, see)
    use.a.solver.watch(note, see)
    use.a.solver.addKinds(use.out, UNDEF)
  },
  emit: ({ c, at, args }) =>
    op(
      'ref.note',
      args.map((arg) => emit(c, arg.value)),
      UNDEFINED,
      at.span,
    ),
}

const operation = (name: Parameters<typeof func>[0], params: readonly Param[], out: 'num' | 'str'): Row =>
  func(name, params, out)

/** The constructor, literals, and the operations that the prelude is made of. */
export const REGEXP_FUNCTIONS: Readonly<Record<string, Row>> = {
  RegExp: make(false),
  'new RegExp': make(true),
}

/** What programs cannot name. */
export const REGEXP_OPERATIONS: Readonly<Record<string, Row>> = {
  [REGEXP_LITERAL]: literal,
  '@@annotate': annotate,
  '@@regexGroups': operation('regex.groups', [str(), str()], 'num'),
  '@@regexFind': operation('regex.find', [str(), str(), str(), num()], 'num'),
  '@@regexPosition': operation('regex.position', [num()], 'num'),
  '@@regexCount': operation('regex.count', [], 'num'),
  '@@regexName': operation('regex.name', [num()], 'str'),
  '@@regexExpand': operation('regex.expand', [str()], 'str'),
}
