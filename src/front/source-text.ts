import { isPrivateName, shownName, VALUE } from './member-names.ts'
import type { HElem, HExpr } from './hir.ts'
import { REGEXP_LITERAL } from './library/patterns.ts'

/** How Node names an expression of which it has no text. */
export const INTERMEDIATE = '(intermediate value)'

/** How a text shows that something is called: V8 leaves it out where it says of a value that it is not iterable. */
type Called = '(...)' | ''

/** How Node names an expression in the message of a TypeError. */
export const textOf = (x: HExpr): string => write(x, '(...)')

function write(x: HExpr, called: Called): string {
  switch (x.kind) {
    case 'narrow':
      return x.chained ? `${write(x.x, called)}?` : write(x.x, called)
    case 'require':
      return write(x.x, called)
    case 'const':
      return typeof x.value === 'string' ? `"${x.value}"` : String(x.value)
    case 'var':
      return x.v.text ?? x.v.name
    case 'assign':
    case 'set':
    case 'setIndex':
      return assignedText(x, called)
    case 'seq':
      return x.text ?? (x.body.length === 0 ? write(x.value, called) : INTERMEDIATE)
    case 'get':
      return x.text ?? memberText(x, called)
    case 'index':
      return x.key.kind === 'const' && typeof x.key.value === 'string'
        ? `${write(x.obj, called)}.${x.key.value}`
        : `${write(x.obj, called).replace(/\?$/, '?.')}[${write(x.key, called)}]`
    case 'binary':
    case 'logical':
      return operationText(x, called)
    case 'in':
      return `(${write(x.key, called)} in ${write(x.obj, called)})`
    case 'cond':
      if (x.chain) return INTERMEDIATE
      // A chain, or a conditional.
      return INTERMEDIATE.repeat(x.test.kind === 'isMissing' ? 1 : 3)
    case 'call':
    case 'method':
      return calleeText(x, called) + called
    case 'template':
      return x.given?.map((part) => write(part, called)).join('') ?? INTERMEDIATE
    case 'array':
      return `[${x.elems.map((element) => textOfElement(element, called)).join(',')}]`
    case 'object':
      return `{${INTERMEDIATE.repeat(x.props.length)}}`
    case 'builtin':
      if (x.name === REGEXP_LITERAL) return patternText(x)
      if (x.name.startsWith('@@') && x.args[0]) return write(x.args[0].value, called)
      return CALLED.test(x.name) ? x.name + called : INTERMEDIATE
    case 'unary':
      if (x.op === '-' && x.x.kind === 'const' && typeof x.x.value === 'number') return String(-x.x.value)
      return /^[a-z]/.test(x.op) ? `(${x.op} ${write(x.x, called)})` : `(${x.op}${write(x.x, called)})`
    default:
      return INTERMEDIATE
  }
}

/** What is assigned to, which stands for the assignment, or `++` before it. */
function assignedText(x: HExpr & { kind: 'assign' | 'set' | 'setIndex' }, called: Called): string {
  const name =
    x.kind === 'assign'
      ? (x.v.text ?? x.v.name)
      : x.kind === 'set'
        ? memberText(x, called)
        : `${write(x.obj, called)}[${write(x.key, called)}]`
  const { value } = x
  return value.kind === 'unary' && (value.op === '++' || value.op === '--') ? `(${value.op}${name})` : name
}

type Operation = HExpr & { kind: 'binary' | 'logical' }

/** Operators of which V8 takes several in a row as one operation. */
const CHAINED: ReadonlySet<string> = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '|',
  '^',
  '<<',
  '>>',
  '>>>',
  '&&',
  '||',
  '??',
])

/** The operands of operations with one operator that go on from left to right, of which there may be thousands. */
function operandsOf({ op, a, b }: Operation): HExpr[] {
  const found = [b]
  let left = a
  for (;;) {
    while (left.kind === 'narrow') left = left.x
    if (!(left.kind === 'binary' || left.kind === 'logical') || left.op !== op || !CHAINED.has(op)) break
    found.push(left.b)
    left = left.a
  }
  return [...found, left].reverse()
}

/** Operators that V8 computes as it parses, where both sides are numbers. */
const FOLDED: Partial<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '**': (a, b) => a ** b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '>>>': (a, b) => a >>> b,
}

/** What is left of an operation when V8 has computed what it can: with numbers from the left on, and texts next to each other. */
function foldedOperands(x: Operation): readonly HExpr[] {
  const fold = FOLDED[x.op]
  const left: HExpr[] = []
  for (const next of operandsOf(x).map(folded)) {
    const last = left.at(-1)
    const [a, b] = [last?.kind === 'const' ? last.value : undefined, next.kind === 'const' ? next.value : undefined]
    const value =
      fold && left.length === 1 && typeof a === 'number' && typeof b === 'number'
        ? fold(a, b)
        : x.op === '+' && typeof a === 'string' && typeof b === 'string'
          ? a + b
          : undefined
    if (value === undefined) left.push(next)
    else left[left.length - 1] = { kind: 'const', value, span: next.span }
  }
  return left
}

function folded(x: HExpr): HExpr {
  if (x.kind !== 'binary') return x
  const [first, ...others] = foldedOperands(x)
  return first && others.length === 0 ? first : x
}

function operationText(x: Operation, called: Called): string {
  const texts = foldedOperands(x).map((operand) => write(operand, called))
  return texts.length === 1 ? texts[0]! : `(${texts.join(` ${x.op} `)})`
}

/** A regular expression as it is written. */
function patternText({ args }: HExpr & { kind: 'builtin' }): string {
  const [source, flags] = args.map(({ value }) => (value.kind === 'const' ? String(value.value) : ''))
  return `/${source}/${flags}`
}

/** Names of functions of the library, which are written as programs call them; what is made by `new` is none. */
const CALLED = /^[A-Za-z]+(\.[A-Za-z]+)*$/

/** What Node says of a call of what is no function, or of `new` of what is no constructor. */
export const notCallable = (x: HExpr & { kind: 'call' | 'method' }): string =>
  x.kind === 'call' && x.constructs
    ? `${calleeText(x, '(...)')} is not a constructor`
    : `${calleeText(x, '(...)')} is not a function${x.walked ? ' or its return value is not iterable' : ''}`

/** How Node names what is called. */
const calleeText = (x: HExpr & { kind: 'call' | 'method' }, called: Called): string =>
  x.kind === 'call' ? write(x.callee, called).replace(/\?$/, '') : memberText(x, called)

function memberText(x: HExpr & { kind: 'get' | 'method' | 'set' }, called: Called): string {
  const { obj, name } = x
  const of = write(obj, called)
  if (x.kind !== 'set' && x.key !== undefined) return `${of}[${x.key}]`
  return isPrivateName(name) || isIndex(name) ? `${of}[${shownName(name)}]` : `${of}.${name}`
}

const isIndex = (name: string): boolean => /^(?:0|[1-9]\d*)$/.test(name)

function textOfElement(element: HElem, called: Called): string {
  if (element.kind === 'hole') return ''
  return element.kind === 'spread' ? `(...${write(element.value, called)})` : write(element.value, called)
}

/** The message of iterating over a value that has no text. */
export const VALUE_NOT_ITERABLE = `${VALUE} is not iterable (cannot read property Symbol(Symbol.iterator))`

/** The message of iterating over what is no iterable; `isSpread`: in the literal of a list. */
export function notIterable(x: HExpr, isSpread = false): string {
  if (x.kind === 'narrow' || x.kind === 'require') return notIterable(x.x, isSpread)
  if (x.kind === 'builtin' && x.name.startsWith('@@') && x.name !== REGEXP_LITERAL && x.args[0])
    return notIterable(x.args[0].value, isSpread)
  if (x.kind === 'const') return `${String(x.value)} is not iterable`
  if (!isSpread && (isOneOfSeveral(x) || x.kind === 'logical' || isLongOperation(x))) return VALUE_NOT_ITERABLE
  if (x.kind === 'call' || x.kind === 'method') return notFunctionNorIterable(calleeText(x, ''))
  if (x.kind === 'builtin' && CALLED.test(x.name)) return notFunctionNorIterable(x.name)
  if (isNew(x)) return notFunctionNorIterable(x.kind === 'new' ? x.cls.name : x.name.slice('new '.length))
  return `${write(x, '')} is not iterable`
}

/** Whether it is one operation of three operands or more. */
export const isLongOperation = (x: HExpr): boolean => x.kind === 'binary' && foldedOperands(x).length > 2

const notFunctionNorIterable = (callee: string): string =>
  `${callee} is not a function or its return value is not iterable`

/** Whether it is a new object, of a class of the program or of the library. */
export const isNew = (x: HExpr): x is HExpr & { kind: 'new' | 'builtin' } =>
  x.kind === 'new' || (x.kind === 'builtin' && x.name.startsWith('new '))

/** The message of `yield*` of what is no iterable. */
export function notDelegable(x: HExpr): string {
  if (x.kind === 'narrow' || x.kind === 'require') return notDelegable(x.x)
  const isPlain = isOneOfSeveral(x) || ['var', 'const', 'logical', 'object', 'array', 'template'].includes(x.kind)
  return isPlain ? VALUE_NOT_ITERABLE : `yield* ${INTERMEDIATE} is not iterable`
}

/** The message of `for await` over what is no iterable. */
export function notAsyncIterable(x: HExpr): string {
  if (x.kind === 'narrow' || x.kind === 'require') return notAsyncIterable(x.x)
  if (isOneOfSeveral(x) || x.kind === 'logical') return 'undefined is not a function'
  const called = x.kind === 'call' || x.kind === 'method' || isNew(x) ? 'is not a function or its return value ' : ''
  return `${textOf(x)} ${called}is not async iterable`
}

/** Whether a value comes from one of several expressions, as in an optional chain, which may keep what it begins with. */
const isOneOfSeveral = (x: HExpr): boolean =>
  x.kind === 'cond' || (x.kind === 'seq' && x.value.kind === 'cond' && x.value.chain === true)
