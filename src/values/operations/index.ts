import { OP_NAMES, opRow, type OpName, type OPS } from '../../ir/index.ts'
import type { HostOperation } from '../host.ts'
import { evaluate } from './evaluate.ts'
import { REGEX_OPERATIONS } from './regex.ts'
import { BIGINT_OPERATIONS } from './bigint.ts'
import { STRING_OPERATIONS } from './string.ts'

type Evaluated = { [K in OpName]: (typeof OPS)[K] extends { readonly eval: unknown } ? K : never }[OpName]

const EVALUATED = Object.fromEntries(
  OP_NAMES.flatMap((name) => {
    const row = opRow(name)
    return row.eval ? [[name, evaluate({ ...row, eval: row.eval })]] : []
  }),
) as { readonly [K in Evaluated]: HostOperation }

/**
 * Operations on numbers, strings and booleans of the host. Rows that have `eval` are their own meaning, unless memory must be
 * asked for.
 */
export const HOST_OPERATIONS = { ...EVALUATED, ...STRING_OPERATIONS, ...REGEX_OPERATIONS, ...BIGINT_OPERATIONS }

export type HostOp = keyof typeof HOST_OPERATIONS
