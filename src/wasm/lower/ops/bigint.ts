import type { OpName } from '../../../ir/index.ts'
import { onStack, type Lower } from './combine.ts'

const hosted: Lower = onStack((_c, f, e) => f.call(f.m.imports.operation(e.op)))

type BigintOp = Extract<OpName, `bigint.${string}`>

/** Integers of any size are the host's. */
export const BIGINT_OPS: { readonly [K in BigintOp]: Lower } = {
  'bigint.from_number': hosted,
  'bigint.from_string': hosted,
  'bigint.add': hosted,
  'bigint.sub': hosted,
  'bigint.mul': hosted,
  'bigint.div': hosted,
  'bigint.rem': hosted,
  'bigint.pow': hosted,
  'bigint.and': hosted,
  'bigint.or': hosted,
  'bigint.xor': hosted,
  'bigint.shl': hosted,
  'bigint.shr': hosted,
  'bigint.neg': hosted,
  'bigint.not': hosted,
  'bigint.lt': hosted,
  'bigint.le': hosted,
  'bigint.eq': hosted,
  'bigint.compare': hosted,
  'bigint.compare_text': hosted,
  'bigint.to_number': hosted,
  'bigint.to_string': hosted,
  'bigint.truthy': hosted,
  'bigint.as_int': hosted,
  'bigint.as_uint': hosted,
}
