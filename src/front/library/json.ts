import { F64, JSON_VALUE, STRING, UNDEFINED, unionOf, type Expr } from '../../ir/index.ts'
import { toNumber, toText } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { refuseNamedErrors } from '../emit/named-errors.ts'
import { refuseAccessorsIn } from '../emit/opaque.ts'
import { boxed, coerce, num as number, op, str as text, undef } from '../emit/make.ts'
import { ANY as UNKNOWN, BOOL, FN, NULL, NUM, STR, UNDEF } from '../kinds.ts'
import type { EmitUse, Row } from './row.ts'

const stringify: Row = {
  flow: (use) => {
    const [value] = use.slots
    use.a.solver.addKinds(use.out, value ? STR : UNDEF)
    if (value)
      use.a.solver.watch(
        value,
        () => value.root().kinds & (UNDEF | FN | UNKNOWN) && use.a.solver.addKinds(use.out, UNDEF),
      )
  },
  emit: ({ c, at, args }) => {
    const [value, replacer, space] = args.map((arg) => emit(c, arg.value))
    if (!value) return undef(at.span)
    if (replacer && replacer.type.kind !== 'null' && replacer.type.kind !== 'undefined') {
      c.report(
        'ANRF1101',
        replacer.span,
        'a replacer of JSON.stringify',
        'Build the object to write first, then stringify it with null as replacer.',
        'JSON.stringify replacer',
      )
    }
    if (c.program.analysis.classes.haveMethod('toJSON'))
      c.report(
        'ANRF1101',
        at.span,
        'JSON.stringify in a program with a toJSON method',
        'Give the method another name and call it.',
        'toJSON',
      )
    refuseNamedErrors(c, value.type, at.span)
    refuseAccessorsIn(c, value.type, at.span)
    const json = op(
      'json.stringify',
      [boxed(value), space ? gapOf(c, space) : text('', at.span)],
      unionOf([STRING, UNDEFINED]),
      at.span,
    )
    return coerce(json, c.typeOf(at))
  },
}

/** The text that each level is indented by: so many spaces, or the text itself, at most ten units (25.5.2 steps 5 to 8). */
function gapOf(c: EmitUse['c'], space: Expr): Expr {
  const limit = number(10, space.span)
  if (space.type.kind === 'string') return op('string.slice', [space, number(0, space.span), limit], STRING, space.span)
  if (space.type.kind === 'undefined' || space.type.kind === 'null') return text('', space.span)
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
const parse: Row = {
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
    if (args.length > 1)
      c.report(
        'ANRF1101',
        at.span,
        'a reviver of JSON.parse',
        'Parse first, then walk over what came.',
        'JSON.parse reviver',
      )
    const given = args[0] ? toText(c, emit(c, args[0].value)) : text('undefined', at.span)
    return coerce(op('json.parse', [given], JSON_VALUE, at.span), c.typeOf(at))
  },
}

/** Functions of JSON. */
export const JSON_FUNCTIONS: Readonly<Record<string, Row>> = { 'JSON.parse': parse, 'JSON.stringify': stringify }
