import { ARRAY_OPS } from './ops/array.ts'
import { BIGINT_OPS } from './ops/bigint.ts'
import { DYNAMIC_OPS } from './ops/dynamic.ts'
import { LOCALE_OPS } from './ops/locale.ts'
import { NUMBER_OPS } from './ops/number.ts'
import { OBJECT_OPS } from './ops/object.ts'
import { REGEX_OPS } from './ops/regex.ts'
import type { OpRow } from './ops/row.ts'
import { STRING_OPS } from './ops/string.ts'
import { URL_OPS } from './ops/url.ts'
import { WORLD_OPS } from './ops/world.ts'
import { TABLE_OPS } from './ops/table.ts'
import { TYPED_OPS } from './ops/typed.ts'

/**
 * The operation table: the only place where an operation is defined. The checker, printer,
 * parser, codec, interpreter, specification and every backend read these rows.
 */
export const OPS = {
  ...NUMBER_OPS,
  ...STRING_OPS,
  ...ARRAY_OPS,
  ...OBJECT_OPS,
  ...DYNAMIC_OPS,
  ...TABLE_OPS,
  ...LOCALE_OPS,
  ...BIGINT_OPS,
  ...WORLD_OPS,
  ...URL_OPS,
  ...REGEX_OPS,
  ...TYPED_OPS,
} as const satisfies Record<string, OpRow>

export type OpName = keyof typeof OPS

export const OP_NAMES = Object.keys(OPS) as readonly OpName[]

/** The row of an operation, with every optional member visible. */
export function opRow(name: OpName): OpRow {
  return OPS[name]
}

export function isOpName(name: string): name is OpName {
  return Object.hasOwn(OPS, name)
}
