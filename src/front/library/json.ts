import { F64, isUnion, JSON_VALUE, membersOf, STRING, UNDEFINED, unionOf, type Expr } from '../../ir/index.ts'
import { toNumber, toText } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { isWrittenByKeys, withoutUnclearErrors } from '../emit/error-texts.ts'
import type { FunctionContext } from '../emit/context.ts'
import { plainProperty, type JsonWriting } from '../emit/json-values.ts'
import { coerce, effect, num as number, op, seq, str as text, then, undef } from '../emit/make.ts'
import { isReference } from '../emit/primitive.ts'
import { flowReplacer, JsonParts } from '../flow/json-parts.ts'
import { noteHosted } from '../flow/self.ts'
import { Slot } from '../flow/slots.ts'
import type { HExpr } from '../hir.ts'
import { ANY as UNKNOWN, BOOL, FN, NULL, NUM, STR, UNDEF } from '../kinds.ts'
import { callPrelude, flowPrelude } from './prelude.ts'
import type { EmitUse, FlowUse, Row } from './row.ts'

const stringify: Row = {
  flow: (use) => {
    const [value, replacer] = use.slots
    const { solver } = use.a
    solver.addKinds(use.out, value ? STR : UNDEF)
    if (!value) return
    const mayBeNone = UNDEF | FN | UNKNOWN
    const note = (slot: Slot): void =>
      solver.watch(slot, () => (slot.root().kinds & mayBeNone || isSymbolIn(slot)) && solver.addKinds(use.out, UNDEF))
    note(value)
    use.inst.once(use.at, 'parts', () => {
      // Only a value itself that is undefined makes no text; what is within it is left out.
      new JsonParts(use.a, () => undefined).add(value)
      if (replacer) flowReplacer(use.a, value, replacer)
    })
    solver.watch(value, () => {
      for (const given of givenFor(use, value)) note(given)
    })
    if (replacer) solver.watch(replacer, () => replacer.root().fn && note(replacer.root().fn!.root().result))
  },
  emit: ({ c, at, args }) => {
    const [value, replacer, space] = args.map((arg) => c.keep(emit(c, arg.value)))
    if (!value) return undef(at.span)
    const chosen = replacerOf(c, replacer?.value, args[1]?.value)
    const root = text('', at.span)
    const known = withoutUnclearErrors(c, value.value, isWrittenByKeys)
    const written = plainProperty({ c, replacer: null, keys: null, inside: false, ...chosen }, known, () => root)
    const gap = space ? gapOf(c, space.value) : root
    const body = [value, replacer, space].flatMap((kept) => kept?.body ?? [])
    const json = op('json.stringify', [written, gap], unionOf([STRING, UNDEFINED]), at.span)
    return seq(body, coerce(json, c.typeOf(at)))
  },
}

const isSymbolIn = (slot: Slot): boolean => slot.root().objs.some((obj) => obj.root().cls?.isSymbol)

/** What `toJSON` gives for a value itself. */
function givenFor(use: FlowUse, value: Slot): Slot[] {
  return value.root().objs.flatMap((obj) => {
    const node = obj.root()
    const method = node.cls?.methods.get('toJSON')
    const field = node.fields.get('toJSON')?.slot.root().fn
    if (method) return [use.a.conversionInstance(node, method).fn.root().result]
    return field ? [field.root().result] : []
  })
}

/** A replacer: a function that is called for each value, or a list of the keys that are written; anything else is none. */
function replacerOf(
  c: FunctionContext,
  replacer: Expr | undefined,
  at: HExpr | undefined,
): Partial<Pick<JsonWriting, 'replacer' | 'keys'>> {
  // What is no object is none either (25.5.2 step 4).
  if (!replacer || !at || membersOf(replacer.type).every((type) => !isReference(type))) return {}
  const fn = c.inst.slot(at).fn
  if (fn && replacer.type.kind === 'func') return { replacer: { callee: replacer, fn } }
  const keys = keysIn(at)
  if (keys) return { keys }
  const hint = 'Pass a function, a list of names written out in the call, or null.'
  c.report('ANRF1101', replacer.span, 'a replacer of JSON.stringify of another kind', hint, 'JSON.stringify replacer')
  return {}
}

/** The names that a literal lists, each once. Names of indices would come first in what is written. */
function keysIn(list: HExpr): string[] | null {
  if (list.kind === 'narrow') return keysIn(list.x)
  if (list.kind !== 'array') return null
  const names = list.elems.flatMap((elem) =>
    elem.kind === 'item' && elem.value.kind === 'const' && typeof elem.value.value === 'string'
      ? [elem.value.value]
      : [],
  )
  const isPlain = names.length === list.elems.length && names.every((name) => !/^\d+$/.test(name))
  return isPlain ? [...new Set(names)] : null
}

/** The text that each level is indented by: so many spaces, or the text itself, at most ten units (25.5.2 steps 5 to 8). */
function gapOf(c: EmitUse['c'], space: Expr): Expr {
  if (isUnion(space.type)) return c.dispatch(space, STRING, (one) => gapOf(c, one))
  const limit = number(10, space.span)
  if (space.type.kind === 'string') return op('string.slice', [space, number(0, space.span), limit], STRING, space.span)
  if (space.type.kind !== 'any' && space.type.kind !== 'f64') return then(space, text('', space.span))
  if (space.type.kind !== 'f64')
    c.report(
      'ANRF1101',
      space.span,
      'an indentation that is neither a number nor a string',
      'Pass a number of spaces or a string.',
      'JSON.stringify space',
    )
  const count = op(
    'f64.max',
    [number(0, space.span), op('f64.min', [limit, toNumber(c, space)], F64, space.span)],
    F64,
    space.span,
  )
  return op('string.repeat', [text(' ', space.span), count], STRING, space.span)
}

/** A value of whatever JSON can hold. */
const plainParse: Row = {
  flow: (use) => {
    const { solver } = use.a
    use.inst.once(use.at, 'json', () => {
      const [content, list, dict] = [use.out, use.inst.newArray(use.at), use.inst.newObject(use.at)]
      solver.makeDict(dict)
      for (const slot of [content, list.elem, solver.field(dict, '').slot]) {
        solver.addKinds(slot, NUM | STR | BOOL | NULL)
        solver.addArr(slot, list)
        solver.addObj(slot, dict)
      }
    })
  },
  emit: ({ c, at, args }) => {
    const given = args[0] ? toText(c, emit(c, args[0].value)) : text('undefined', at.span)
    return parsedFrom(c, given, at)
  },
}

/** What a text of JSON stands for: `json`, or a nested union where it meets values of other kinds, as the lists in it say. */
function parsedFrom(c: FunctionContext, given: Expr, at: HExpr): Expr {
  const lists = membersOf(c.typeOf(at)).flatMap((member) => (member.kind === 'array' ? [member.elem] : []))
  const type = lists[0] ?? JSON_VALUE
  return coerce(op('json.parse', [given], type, at.span, [type]), c.typeOf(at))
}

const REVIVED = 'json_revived'

/** JSON.parse, with a function that revives each value or without. */
const parse: Row = {
  flow: (use) => {
    const [given, reviver] = use.slots
    if (!reviver || !given) return plainParse.flow(use)
    noteHosted(use.a, reviver)
    const whole = use.inst.once(use.at, 'text', () => new Slot())
    use.a.solver.addKinds(whole, STR)
    use.a.solver.watch(reviver, () => {
      const { fn, kinds } = reviver.root()
      if (fn) flowPrelude(use, REVIVED, [whole, reviver])
      if (kinds & ~FN) plainParse.flow(use)
    })
  },
  emit: (use) => {
    const { c, at, args } = use
    const [given, reviver] = args
    if (!given || !reviver) return plainParse.emit(use)
    const { fn } = c.inst.slot(reviver.value)
    // What is no function revives nothing (25.5.1 step 8).
    if (!fn && c.typeOf(reviver.value).kind !== 'any') {
      const kept = c.keep(toText(c, emit(c, given.value)))
      return seq([...kept.body, effect(emit(c, reviver.value))], parsedFrom(c, kept.value, at))
    }
    if (c.typeOf(reviver.value).kind !== 'func' || (fn && fn.root().declared > 2)) {
      const hint = 'Pass a function of a key and a value.'
      c.report('ANRF1101', at.span, 'a reviver of JSON.parse of another kind', hint, 'JSON.parse reviver')
    }
    return callPrelude(c, at, REVIVED, [toText(c, emit(c, given.value)), emit(c, reviver.value)])
  },
}

/** Functions of JSON. */
export const JSON_FUNCTIONS: Readonly<Record<string, Row>> = { 'JSON.parse': parse, 'JSON.stringify': stringify }
