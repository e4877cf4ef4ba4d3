import { OP_NAMES, opRow, type OpName, type OPS } from '../../ir/index.ts'
import type { Operation } from '../operation.ts'
import { ARRAY_OPERATIONS } from './array.ts'
import { DYNAMIC_OPERATIONS } from './dynamic.ts'
import { evaluate } from './evaluate.ts'
import { OBJECT_OPERATIONS } from './object.ts'
import { STRING_OPERATIONS } from './string.ts'

type Evaluated = { [K in OpName]: (typeof OPS)[K] extends { readonly eval: unknown } ? K : never }[OpName]

const EVALUATED = Object.fromEntries(
  OP_NAMES.flatMap((name) => {
    const row = opRow(name)
    return row.eval ? [[name, evaluate({ ...row, eval: row.eval })]] : []
  }),
) as { readonly [K in Evaluated]: Operation }

/** What every operation does; total over the op table. Rows that have `eval` are their own meaning. */
export const IMPLEMENTATIONS = {
  ...EVALUATED,
  ...STRING_OPERATIONS,
  ...ARRAY_OPERATIONS,
  ...OBJECT_OPERATIONS,
  ...DYNAMIC_OPERATIONS,
} satisfies { readonly [K in OpName]: Operation }
