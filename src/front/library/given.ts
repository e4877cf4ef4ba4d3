import { membersOf, unionOf, type Type } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { emit } from '../emit/expressions.ts'
import { coerce, undef } from '../emit/make.ts'
import { bytesName } from '../emit/typed.ts'
import { isTypedArray } from '../flow/bytes.ts'
import { ARR, STR, type Kinds } from '../kinds.ts'
import type { Row } from './row.ts'

type Fits = (type: Type, c: FunctionContext) => boolean

const isList: Fits = ({ kind }) => kind === 'array' || kind === 'tuple'
const isTyped: Fits = (type, c) => bytesName(c, type)?.endsWith('Array') === true

/** A value that must be of one kind, since the library would make something else of another; where others may come as well, these end the run. */
function only(kinds: Kinds, fits: Fits, what: string, hint: string): Row {
  return {
    flow: (use) => {
      const [given] = use.slots
      if (!given) return
      use.a.solver.edge(given, use.out, kinds)
      if (fits === isListed)
        use.a.solver.watch(given, () => {
          for (const obj of given.root().objs) if (isTypedArray(obj.root())) use.a.solver.addObj(use.out, obj)
        })
    },
    emit: ({ c, at, args }) => {
      const x = args[0] ? emit(c, args[0].value) : undef(at.span)
      const fitting = membersOf(x.type).filter((type) => fits(type, c))
      if (fitting.length > 0) return coerce(x, unionOf(fitting))
      c.report('ANRF1101', at.span, what, hint, 'call and apply')
      return x
    },
  }
}

const isListed: Fits = (type, c) => isList(type, c) || isTyped(type, c)

/** What `call` and `apply` are given: methods of arrays on arrays, those of strings on strings, and arguments in a list. */
export const GIVEN_STEPS: Readonly<Record<string, Row>> = {
  '@@onlyArray': only(
    ARR,
    isList,
    'a method of arrays that is called on a value that is none',
    'Make an array of it first: `Array.from(list)`.',
  ),
  '@@onlyListed': only(
    ARR,
    isListed,
    '`apply` with arguments that are in no array',
    'Make an array of them first: `Array.from(list)`.',
  ),
  '@@onlyText': only(
    STR,
    ({ kind }) => kind === 'string',
    'a method of strings that is called on a value that is none',
    'Make a string of it first: `String(value)`.',
  ),
}
