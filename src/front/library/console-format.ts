import {
  ANY,
  BOOL,
  isBoxed,
  membersOf,
  optional,
  STRING,
  writtenMembers,
  type Expr,
  type Stmt,
  type Type,
} from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { speaks } from '../emit/json-values.ts'
import { is, toNumber, toText } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { boxed, coerce, cond, effect, num, op, or, seq, str as text } from '../emit/make.ts'
import { hasUnclearErrors, isWrittenByKeys, withoutUnclearErrors } from '../emit/error-texts.ts'
import { textMethodOf } from '../emit/primitive.ts'
import { isClosed } from '../flow/key-order.ts'
import type { HArg } from '../hir.ts'
import { TAG_TEXT, TO_PRIMITIVE } from '../member-names.ts'

/**
 * The first text that console prints is a format, as `util.format` of Node has it. Where a directive of it asks for a text or
 * a number, Node calls the methods of the program for that, which the host cannot do: that is done before.
 */
export function formatted(
  c: FunctionContext,
  args: readonly HArg[],
): { readonly body: readonly Stmt[]; readonly values: readonly Expr[] } {
  const values = args.map((arg) => emit(c, arg.value))
  const [first, ...others] = values
  const asking =
    first && mayBeText(first.type)
      ? askingFor(
          c,
          others.map((x) => x.type),
        )
      : []
  if (!first || asking.length === 0) return { body: [], values }
  const kept = values.map((x) => c.keep(x))
  const body = kept.flatMap((k) => k.body)
  const [format, ...rest] = kept.map((k) => k.value) as [Expr, ...Expr[]]
  if (first.kind !== 'const' || typeof first.value !== 'string')
    return { body, values: [guarded(format, asking), ...rest] }
  const directives = directivesOf(first.value, rest.length)
  return { body, values: [first, ...rest.map((x, i) => prepared(c, x, directives[i]))] }
}

/** A list of arguments, some of which are spread. What the first of them may ask for, if it is a format, is refused or ends the run. */
export function formattedList(c: FunctionContext, args: readonly HArg[], list: Expr): Expr {
  const types = args.map((arg) => {
    const type = c.typeOf(arg.value)
    return arg.kind === 'spread' && type.kind === 'array' ? type.elem : type
  })
  const special = args.find((_, i) => isSpecial(c, types[i]!))
  if (special) refuse(c, special.value.span, 'a spread argument beside a value with its own text')
  const asking = askingFor(c, types)
  if (asking.length === 0 || list.type.kind !== 'array') return list
  const { elem } = list.type
  const { span } = list
  return c.using(list, (all) => {
    const first = op('array.get_opt', [all, num(0, span)], optional(elem), span)
    return seq([effect(guarded(first, asking))], all)
  })
}

const DIRECTIVES = ['%s', '%d', '%i', '%f', '%j']

/** The directives that ask values of some types for what only the program or its analysis knows. */
function askingFor(c: FunctionContext, types: readonly Type[]): readonly string[] {
  if (types.some((type) => isSpecial(c, type))) return DIRECTIVES
  return types.some((type) => hasUnclearErrors(c, type, isWrittenByKeys)) ? ['%j'] : []
}

const mayBeText = (type: Type): boolean =>
  type.kind === 'any' || type.kind === 'json' || membersOf(type).some((m) => m.kind === 'string')

/** Whether a directive may run code of the program for a value, or show the text of a function. */
function isSpecial(c: FunctionContext, type: Type): boolean {
  // JSON holds neither, and itself.
  if (type.kind === 'json') return false
  return writtenMembers(type).some((m) => {
    if (m.kind === 'array') return isSpecial(c, m.elem)
    if (m.kind === 'tuple') return m.elems.some((elem) => isSpecial(c, elem))
    return m.kind === 'func' || hasOwnText(c, m) || speaks(c, m)
  })
}

function hasOwnText(c: FunctionContext, type: Type): boolean {
  if (type.kind !== 'object') return false
  const node = c.program.types.nodeOf(type.id)
  // The host knows dates, regular expressions and symbols itself.
  if (node?.cls && isClosed(node.cls)) return false
  return [TO_PRIMITIVE, 'toString', 'valueOf'].some((name) => node?.cls?.methods.has(name) || node?.fields.has(name))
}

/** Whether a value has a text of its own; a tag is part of the one that all objects have. */
function hasText(c: FunctionContext, type: Type): boolean {
  const node = type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
  if (!node || !textMethodOf(c, type)) return false
  if (!node.cls || node.fields.has('toString')) return true
  const { methods } = node.cls
  return methods.get('toString') !== methods.get(TAG_TEXT) || methods.has(TO_PRIMITIVE)
}

/** For each argument after a format, the letter of its directive. */
function directivesOf(format: string, count: number): (string | undefined)[] {
  const letters: string[] = []
  for (let i = 0; i < format.length - 1 && letters.length < count; i++) {
    if (format[i] !== '%') continue
    const letter = format.charAt(++i)
    if ('sjdOoifc'.includes(letter)) letters.push(letter)
  }
  return letters
}

/** An argument as its directive takes it. */
function prepared(c: FunctionContext, given: Expr, directive: string | undefined): Expr {
  const x = directive === 'j' ? withoutUnclearErrors(c, given, isWrittenByKeys) : given
  if (directive === undefined || directive === 'O' || directive === 'c' || !isSpecial(c, x.type)) return x
  if (directive === 'o' || (directive === 'j' && speaks(c, x.type)))
    refuse(c, x.span, `a value with its own text in \`%${directive}\``)
  if (directive === 'o' || directive === 'j') return x
  if (directive === 'd') return isFunction(x.type) ? x : toNumber(c, x)
  return c.dispatch(x, ANY, (one) => {
    if (isFunction(one.type)) refuse(c, x.span, `a function in \`%${directive}\``)
    // %s shows what has no text of its own as `console.log` does.
    const isShown = directive === 's' && !hasText(c, one.type)
    if (isNamedAsBuiltIn(c, one.type)) refuse(c, x.span, 'a value of a class that is named as one of JavaScript')
    return coerce(boxed(isShown ? one : toText(c, one)), ANY)
  })
}

const isFunction = (type: Type): boolean => type.kind === 'func'

/** Node takes instances of classes with such names for values of JavaScript, whose text it makes itself. */
function isNamedAsBuiltIn(c: FunctionContext, type: Type): boolean {
  const cls = type.kind === 'object' ? c.program.types.classOf(type.id) : null
  return cls !== null && Object.hasOwn(globalThis, cls.name)
}

/** A format of which nothing is known: the run ends where it has one of some directives. */
function guarded(format: Expr, directives: readonly string[]): Expr {
  const { span } = format
  if (isBoxed(format.type))
    return cond(is(format, STRING), guarded(coerce(format, STRING), directives), coerce(format, ANY), span)
  const asks = directives
    .map((directive) => op('string.includes', [format, text(directive, span), num(0, span)], BOOL, span))
    .reduce(or)
  const whole = coerce(format, ANY)
  return cond(asks, coerce(coerce(whole, BOOL), ANY), whole, span)
}

function refuse(c: FunctionContext, span: Expr['span'], what: string): void {
  c.report('ANRF1101', span, `${what} of console`, 'Print its text: `String(value)`.', 'format of console')
}
