import { STRING, type Type } from '../../ir/index.ts'
import { toText } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { str, then } from '../emit/make.ts'
import { flowResult } from './leaf.ts'
import type { Row } from './row.ts'
import { argOf } from './walking.ts'

/** The text of a value that is no object; of objects, which do not come there, none of their methods is asked. */
export const primitiveText: Row = {
  flow: (use) => flowResult(use, 'str'),
  emit: ({ c, args }) =>
    c.dispatch(emit(c, argOf(args, 0)), STRING, (one) =>
      PRIMITIVES.has(one.type.kind) ? toText(c, one) : then(one, str('', one.span)),
    ),
}

const PRIMITIVES: ReadonlySet<Type['kind']> = new Set([
  'f64',
  'i32',
  'string',
  'bool',
  'bigint',
  'undefined',
  'null',
  'any',
])
