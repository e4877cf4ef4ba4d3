import { bytesList, bytesNumber, bytesText } from './bytes.ts'
import { expression, index } from './expressions.ts'
import { lambda, predicate } from './lambdas.ts'
import { libraryUse } from './library.ts'
import { asBody, literal } from './literals.ts'
import { patternList, patternNumber, patternText, patternTruth } from './patterns.ts'
import { tableOperation } from './tables.ts'
import type { Scope } from './scope.ts'
import { arrayOf, BOOLEAN, EITHER, makeType, maybe, NUMBER, STRING, textOf, type Ty } from './types.ts'

/** An operator or library call that gives a value of type `ty`. */
export function operation(s: Scope, ty: Ty, depth: number): string {
  const use = s.chance(35) ? libraryUse(s, ty, depth) : null
  if (use !== null) return use
  switch (ty.kind) {
    case 'number':
      return numeric(s, depth)
    case 'string':
      return textual(s, depth)
    case 'boolean':
      return logical(s, depth)
    case 'either':
      if (s.chance(20)) return `(${mixed(s, depth)} + ${mixed(s, depth)})`
      return s.chance(50) ? numeric(s, depth) : textual(s, depth)
    case 'array':
      return list(s, ty.elem, depth)
    case 'maybe':
      return missing(s, ty.of, ty.none, depth)
    case 'map':
    case 'set':
    case 'dict':
      return tableOperation(s, ty, depth)
    case 'record':
      return `{ ...${expression(s, ty, depth - 1)}${overrides(s, ty, depth)} }`
    default:
      return literal(s, ty, depth)
  }
}

/** A value of any kind that operators convert. */
function mixed(s: Scope, depth: number): string {
  const simple = [NUMBER, STRING, BOOLEAN, EITHER, maybe(NUMBER, 'null'), maybe(STRING, 'undefined')]
  const ty = s.chance(75) ? s.pick(simple) : s.pick([arrayOf(s.pick(simple)), maybe(arrayOf(NUMBER), 'null')])
  // Without parentheses of its own `-2` would lose those around it where TypeScript takes the types away: `-2 ** x` is none.
  return `((${expression(s, ty, depth - 1)}) as any)`
}

function overrides(s: Scope, ty: Ty & { kind: 'record' }, depth: number): string {
  const changed = ty.rec.fields.filter(() => s.chance(40))
  return changed.map((f) => `, ${f.name}: ${expression(s, f.ty, depth - 1)}`).join('')
}

const DATE_NUMBERS = [
  ...['getTime()', 'getDate()', 'getMonth()', 'getFullYear()', 'getHours()', 'getDay()'],
  ...['setDate(40)', 'setMonth(-3, 2)', 'setHours(5, 70)'],
]

/** A date of some time, mostly a valid one. */
function date(s: Scope, depth: number): string {
  const n = expression(s, NUMBER, Math.min(1, depth - 1))
  return s.pick([
    `new Date(${n})`,
    `new Date((${n}) * 1e9)`,
    `new Date(2024, ${n}, 31)`,
    "new Date('2020-02-29T12:00')",
  ])
}

/** An integer of any size. */
function integer(s: Scope, depth: number): string {
  const leaf = s.pick(['0n', '1n', '-7n', '255n', '18446744073709551616n', '-123456789012345678901n'])
  if (depth <= 0 || s.chance(30)) return s.chance(80) ? `(${leaf})` : `BigInt((${expression(s, NUMBER, 0)}) | 0)`
  const inner = (): string => integer(s, depth - 1)
  return s.pick([
    `(${inner()} ${s.pick(['+', '-', '*', '/', '%', '&', '|', '^'])} ${inner()})`,
    `(${inner()} ${s.pick(['<<', '>>', '**'])} ${s.below(9)}n)`,
    `(${s.pick(['-', '~'])}${inner()})`,
    `BigInt.as${s.pick(['Int', 'Uint'])}N(${s.below(80)}, ${inner()})`,
    `(${expression(s, BOOLEAN, depth - 1)} ? ${inner()} : ${inner()})`,
  ])
}

function numeric(s: Scope, depth: number): string {
  if (s.chance(2)) return `${date(s, depth)}.${s.pick(DATE_NUMBERS)}`
  if (s.chance(2)) return `Number(${integer(s, depth)})`
  if (s.chance(4)) return bytesNumber(s, depth)
  if (s.chance(5)) return patternNumber(s, depth)
  const n = (): string => expression(s, NUMBER, depth - 1)
  const t = (): string => expression(s, STRING, depth - 1)
  const xs = (): string => expression(s, arrayOf(NUMBER), depth - 1)
  const targets = s.visible().filter((v) => v.assignable && v.ty.kind === 'number')
  const target = targets.length > 0 ? s.pick(targets).name : null
  switch (s.below(25)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return `(${n()} ${s.pick(['+', '-', '*', '/', '%'])} ${n()})`
    case 4:
      return `(${n()} ${s.pick(['&', '|', '^', '<<', '>>', '>>>'])} ${n()})`
    case 5:
      return `(${s.pick(['-', '+', '~'])}(${n()}))`
    case 6:
      return target ? s.pick([`${target}++`, `++${target}`, `${target}--`, `--${target}`]) : n()
    case 7:
    case 8:
      return target ? `(${target} ${s.pick(['+=', '-=', '*=', '|=', '%=', '>>=', '**='])} ${n()})` : n()
    case 9:
      return `Math.${s.pick(['floor', 'ceil', 'round', 'trunc', 'abs', 'sign', 'sqrt', 'fround', 'clz32', 'cbrt'])}(${n()})`
    case 10:
      return `Math.${s.pick(['min', 'max'])}(${n()}, ${n()})`
    case 11:
      return `Math.${s.pick(['min', 'max'])}(...${xs()})`
    case 12:
      return `${xs()}.${s.pick(['length', 'indexOf(' + n() + ')', 'lastIndexOf(' + n() + ')'])}`
    case 13:
      return `${t()}.${s.pick(['length', `indexOf(${t()})`, `charCodeAt(${index(s, 0)})`, `lastIndexOf(${t()})`])}`
    case 14:
      return `${s.pick(['Number', 'parseInt', 'parseFloat'])}(${t()})`
    case 15: {
      const [a, b] = [s.fresh('a'), s.fresh('b')]
      const source = xs()
      const body = s.inFunction(NUMBER, () => {
        s.declare(a, NUMBER)
        s.declare(b, NUMBER)
        return expression(s, NUMBER, depth - 1)
      })
      return `${source}.${s.pick(['reduce', 'reduceRight'])}((${a}, ${b}) => ${asBody(body)}, ${n()})`
    }
    case 16:
      return `${xs()}.findIndex(${predicate(s, NUMBER, depth)})`
    case 17:
      return `((${n()}) ** ${s.pick(['2', '0.5', '-1', '3'])})`
    case 18:
      return `(${xs()}[${index(s, depth)}] * ${n()})`
    case 19: {
      const elem = makeType(s, 1, [])
      const found = s.visible().filter((v) => v.ty.kind === 'array' && !v.name.startsWith('_'))
      const v = found.length > 0 ? s.pick(found) : null
      if (v && v.ty.kind === 'array')
        return `${v.name}.${s.pick(['push', 'unshift'])}(${expression(s, v.ty.elem, depth - 1)})`
      return `${expression(s, arrayOf(elem), depth - 1)}.length`
    }
    case 20:
      return `${t()}.localeCompare(${t()}${s.pick(['', '', ", 'en', { numeric: true }", ", undefined, { sensitivity: 'base' }", ", ['sv']"])})`
    case 21:
      return `(+(${n()}).${s.pick([`toFixed(${s.below(4)})`, 'toExponential()', `toExponential(${s.below(4)})`, 'toPrecision(undefined)', `toPrecision(${1 + s.below(9)})`, `toString(${2 + s.below(35)})`])})`
    case 23:
      return `(${mixed(s, depth)} ${s.pick(['-', '*', '/', '%', '&', '|', '^', '<<', '>>', '>>>', '**'])} ${mixed(s, depth)})`
    case 22:
      return s.plain(
        () =>
          `((): number => { ${s.pick(['', 'let q = ' + n() + '; ', 'try { return ' + n() + ' } finally { tick() } '])}return ${n()} })()`,
      )
    default:
      return `(${n()}, ${n()})`
  }
}

function textual(s: Scope, depth: number): string {
  if (s.chance(2)) return `${date(s, depth)}.${s.pick(['toString', 'toISOString', 'toDateString', 'toUTCString'])}()`
  if (s.chance(2))
    return s.pick([
      `${integer(s, depth)}.toString(${s.pick(['', '16', '36'])})`,
      `(${integer(s, 1)} + ${expression(s, STRING, depth - 1)})`,
    ])
  if (s.chance(2)) return bytesText(s, depth)
  if (s.chance(8)) return patternText(s, depth)
  const n = (): string => expression(s, NUMBER, depth - 1)
  const t = (): string => expression(s, STRING, depth - 1)
  const anyData = (): string => expression(s, makeType(s, 1, []), depth - 1)
  switch (s.below(20)) {
    case 0:
    case 1:
      return `(${t()} + ${t()})`
    case 2:
      return `(${t()} + ${n()})`
    case 3: {
      const ty = s.pick([
        NUMBER,
        BOOLEAN,
        EITHER,
        maybe(NUMBER, 'null'),
        maybe(STRING, 'undefined'),
        arrayOf(NUMBER),
        arrayOf(STRING),
      ])
      return `\`${s.pick(['', 'x', ':'])}\${${expression(s, ty, depth - 1)}}\${${t()}}\``
    }
    case 4:
      if (s.chance(10)) return `${s.pick(['encodeURIComponent', 'encodeURI'])}(${t()}).slice(0, 30)`
      return s.chance(80)
        ? `${t()}.${s.pick(['toUpperCase', 'toLowerCase', 'trim', 'trimEnd', 'toString'])}()`
        : `(${n()}).toLocaleString(${s.pick(['', "'en-US', { minimumFractionDigits: 2 }", "undefined, { style: 'percent' }", "'de-DE', { style: 'currency', currency: 'EUR' }"])})`
    case 5:
      return `${t()}.${s.pick(['slice', 'substring'])}(${n()}, ${index(s, 0)})`
    case 6:
      return `${t()}.slice(${index(s, 0)})`
    case 7:
      return `${t()}.${s.pick(['padStart', 'padEnd'])}(${s.below(7)}, ${t()})`
    case 8:
      return `${t()}.${s.pick(['replace', 'replaceAll'])}(${t()}, ${t()}).slice(0, 30)`
    case 9:
      return `${t()}.repeat(${s.below(3)})`
    case 10:
      return `${t()}.split(${s.pick(["''", "','", t()])}).${s.pick(["join('-')", "reverse().join('')", 'toString()'])}`
    case 11:
      return `${expression(s, arrayOf(s.pick([NUMBER, STRING, BOOLEAN, maybe(NUMBER, 'null'), maybe(STRING, 'undefined'), EITHER])), depth - 1)}.join(${s.pick(['', "'|'", t()])})`
    case 12:
      return `String(${expression(s, s.pick([NUMBER, BOOLEAN, STRING, EITHER, arrayOf(NUMBER), maybe(BOOLEAN, 'null')]), depth - 1)})`
    case 13:
      if (s.chance(15))
        return `new Date(${n()}).${s.pick(['toLocaleDateString', 'toLocaleString'])}('en-US', { ${s.pick(['', "month: 'short'", "timeZone: 'UTC'"])} })`
      return `(${n()}).${s.pick(['toString()', "toLocaleString('en-US')", 'toFixed(2)', 'toString(2).slice(0, 20)', 'toString(16).slice(0, 8)'])}`
    case 14:
      return written(s, anyDataOrArray(s, depth))
    case 15:
      return `(typeof ${anyData()})`
    case 16:
      return `[...${t()}].${s.pick(["join('.')", "reverse().join('')"])}`
    case 17:
      return `${t()}.charAt(${index(s, depth)})`
    case 18:
      return `(${t()}[${index(s, 0)}] ?? ${t()})`
    default: {
      const recs = s.visible().filter((v) => v.ty.kind === 'record')
      return recs.length > 0 ? `Object.keys(${s.pick(recs).name}).join()` : t()
    }
  }
}

const anyDataOrArray = (s: Scope, depth: number): string =>
  expression(
    s,
    s.pick([
      arrayOf(NUMBER),
      arrayOf(maybe(STRING, 'undefined')),
      EITHER,
      ...s.recs.map((rec): Ty => ({ kind: 'record', rec })),
    ]),
    depth - 1,
  )

function logical(s: Scope, depth: number): string {
  if (s.chance(3))
    return `(${integer(s, 2)} ${s.pick(['<', '<=', '>', '>=', '===', '!==', '==', '!='])} ${s.pick([integer(s, 2), `(${expression(s, EITHER, depth - 1)} as any)`])})`
  if (s.chance(5)) return patternTruth(s, depth)
  const b = (): string => expression(s, BOOLEAN, depth - 1)
  const of = (ty: Ty): string => expression(s, ty, depth - 1)
  const scalar = s.pick([NUMBER, STRING])
  switch (s.below(19)) {
    case 0:
    case 1:
    case 2:
      return `(${of(scalar)} ${s.pick(['<', '<=', '>', '>=', '===', '!=='])} ${of(scalar)})`
    case 3:
    case 4:
      return `(${b()} ${s.pick(['&&', '||'])} ${b()})`
    case 5:
      return `(!${of(s.pick([NUMBER, STRING, BOOLEAN, arrayOf(NUMBER), maybe(NUMBER, 'null'), maybe(STRING, 'undefined')]))})`
    case 6:
      return `${of(STRING)}.${s.pick(['includes', 'startsWith', 'endsWith'])}(${of(STRING)})`
    case 7: {
      const ty = s.pick([NUMBER, STRING, EITHER, maybe(NUMBER, 'undefined')])
      return `${of(arrayOf(ty))}.includes(${of(ty)})`
    }
    case 8: {
      const ty = makeType(s, 1, [])
      return `${of(arrayOf(ty))}.${s.pick(['some', 'every'])}(${predicate(s, ty, depth)})`
    }
    case 9: {
      const ty = makeType(s, 1)
      return `(${of(ty)} === ${of(ty)})`
    }
    case 10: {
      const m = maybe(s.pick([NUMBER, STRING]), s.pick(['undefined', 'null']))
      return `(${of(m)} ${s.pick(['==', '!=', '===', '!=='])} ${s.pick(['null', 'undefined', of(m)])})`
    }
    case 11:
      return `Number.${s.pick(['isInteger', 'isNaN', 'isFinite'])}(${of(s.pick([NUMBER, EITHER]))})`
    case 12: {
      const instances = s.visible().filter((v) => v.ty.kind === 'class')
      if (instances.length > 0 && s.chance(50))
        return `(${s.pick(instances).name} instanceof ${s.pick([...s.classes, ...s.errors]).name})`
      const recs = s.visible().filter((v) => v.ty.kind === 'record')
      if (recs.length === 0) return b()
      const v = s.pick(recs)
      return v.ty.kind === 'record' ? `('${s.pick(v.ty.rec.fields).name}' in ${v.name})` : b()
    }
    case 13:
      return `(${of(EITHER)} === ${of(EITHER)})`
    case 15:
      return `(${mixed(s, depth)} ${s.pick(['==', '!='])} ${mixed(s, depth)})`
    case 16:
      return `(${mixed(s, depth)} ${s.pick(['<', '<=', '>', '>='])} ${mixed(s, depth)})`
    case 17:
      return s.pick(['(Math.random() < 1)', '(Date.now() >= 0)', '(performance.now() < 0)'])
    case 14:
      return `Object.is(${of(NUMBER)}, ${of(NUMBER)})`
    default:
      return `Array.isArray(${of(s.pick([arrayOf(NUMBER), NUMBER, maybe(arrayOf(STRING), 'null')]))})`
  }
}

function list(s: Scope, elem: Ty, depth: number): string {
  if (elem.kind === 'string' && s.chance(12)) return patternList(s, depth)
  if (elem.kind === 'number' && s.chance(8)) return bytesList(s, depth)
  const of = (ty: Ty): string => expression(s, ty, depth - 1)
  const xs = (): string => of(arrayOf(elem))
  const e = (): string => of(elem)
  switch (s.below(20)) {
    case 0:
      return `[...${xs()}, ${e()}]`
    case 1:
      return `[${e()}, ...${xs()}, ...${xs()}]`
    case 2:
      return `${xs()}.slice(${index(s, 0)}, ${index(s, depth)})`
    case 3:
      return `${xs()}.filter(${predicate(s, elem, depth)})`
    case 4:
    case 5: {
      const from = makeType(s, 1)
      return `${of(arrayOf(from))}.map<${textOf(elem)}>(${lambda(s, from, elem, depth)})`
    }
    case 6:
      return `${xs()}.concat(${xs()})`
    case 7:
      return `${xs()}.concat([${e()}], ${xs()})`
    case 8:
      return `${xs()}.${s.pick(['reverse', 'toReversed'])}()`
    case 9:
      return `${xs()}.splice(${index(s, 0)}, ${s.below(3)}${s.chance(40) ? `, ${e()}` : ''})`
    case 10: {
      const [a, b] = [s.fresh('a'), s.fresh('b')]
      const list = xs()
      if (elem.kind === 'number')
        return `${list}.${s.pick(['sort', 'toSorted'])}((${a}, ${b}) => ${s.pick([`${a} - ${b}`, `${b} - ${a}`, `${a} < ${b} ? -1 : 1`])})`
      return elem.kind === 'string' || elem.kind === 'boolean' ? `${list}.${s.pick(['sort', 'toSorted'])}()` : list
    }
    case 11:
      return `Array.from({ length: ${s.below(4)} }, () => ${asBody(s.plain(() => e()))})`
    case 12:
      return `new Array<${textOf(elem)}>(${s.below(4)}).fill(${e()})`
    case 13:
      return `${xs()}.fill(${e()}, ${index(s, 0)})`
    case 14:
      return `${xs()}.with(0, ${e()}).slice(0, 9)`
    case 15:
      return `${of(arrayOf(arrayOf(elem)))}.flat()`
    case 16: {
      const from = s.pick([NUMBER, STRING])
      return `${of(arrayOf(from))}.flatMap<${textOf(elem)}>(${lambda(s, from, arrayOf(elem), depth)})`
    }
    case 17:
      if (elem.kind === 'string')
        return s.pick([`${of(STRING)}.split(${of(STRING)})`, `[...${of(STRING)}]`, `Array.from(${of(STRING)})`])
      return elem.kind === 'number' ? `[...${xs()}.keys()]` : xs()
    case 18:
      return `${xs()}.toSpliced(${index(s, 0)}, ${s.below(2)}, ${e()})`
    default:
      return `spreadAll<${textOf(elem)}>(${e()}, ...${xs()})`
  }
}

function missing(s: Scope, of: Ty, none: 'undefined' | 'null', depth: number): string {
  const xs = expression(s, arrayOf(of), depth - 1)
  if (none === 'null') return `(${expression(s, BOOLEAN, depth - 1)} ? null : ${expression(s, of, depth - 1)})`
  switch (s.below(4)) {
    case 0:
      return `${xs}.${s.pick(['pop', 'shift'])}()`
    case 1:
      return `${xs}.at(${index(s, 0)})`
    case 2:
      return `${xs}.${s.pick(['find', 'findLast'])}(${predicate(s, of, depth)})`
    default:
      return `(${xs} as (${textOf(of)} | undefined)[])[${index(s, depth)}]`
  }
}

/** A value as JSON, with what a replacer or a reviver changes. */
function written(s: Scope, value: string): string {
  if (s.chance(60)) return `JSON.stringify(${value})`
  const [k, v] = [s.fresh('k'), s.fresh('v')]
  const replacer = s.pick([
    `(${k}: string, ${v}: unknown) => ${v}`,
    `(${k}: string, ${v}: unknown) => (typeof ${v} === 'number' ? ${v} + 1 : ${v})`,
    `(${k}: string, ${v}: unknown) => (${k} === 'a' || ${k} === '1' ? undefined : ${v})`,
    `(${k}: string, ${v}: unknown) => (Array.isArray(${v}) ? ${v}.length : ${v})`,
  ])
  return s.pick([
    `String(JSON.stringify(${value}, ${replacer}))`,
    `String(JSON.stringify(${value}, ['a', 'b', 'name'], 1))`,
    `JSON.stringify([JSON.parse(String(JSON.stringify(${value}) ?? 'null'), ${replacer})])`,
  ])
}
