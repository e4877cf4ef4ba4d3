import { OPS, type OpName } from '../ops.ts'
import type { Expr, ObjectDef, Stmt } from '../module.ts'
import type { Type } from '../types.ts'

/** First bytes of an encoded module. spec: encoding */
export const MAGIC = [0x00, 0x61, 0x69, 0x72] as const

/** The versions of the encoding. A module in which functions have forms is of the second, all others are of the first. */
export const VERSION = { plain: 1, formed: 2 } as const

/** The place of a kind in its list is its number in the bytes: append, never reorder. */
export const TYPE_KINDS = [
  'undefined',
  'null',
  'bool',
  'i32',
  'f64',
  'string',
  'any',
  'array',
  'tuple',
  'object',
  'func',
  'cell',
  'union',
  'json',
  'map',
  'set',
  'dict',
  'bigint',
  'nested',
  'self',
] as const satisfies readonly Type['kind'][]

/** Roles of definitions; `tagged` is the role `class` with a tag, which follows the name. */
export const OBJECT_KINDS = [
  'record',
  'class',
  'error',
  'regexp',
  'date',
  'typed',
  'buffer',
  'symbol',
  'tagged',
] as const satisfies readonly (ObjectDef['role'] | 'tagged')[]

/** A constant takes one of the first seven numbers, by its value. */
export const EXPR_KINDS = [
  'undefined',
  'null',
  'false',
  'true',
  'int',
  'float',
  'string',
  'local',
  'op',
  'call',
  'invoke',
  'cond',
  'seq',
] as const satisfies readonly (Exclude<Expr['kind'], 'const'> | ConstKind)[]

type ConstKind = 'undefined' | 'null' | 'false' | 'true' | 'int' | 'float' | 'string'

export const STMT_KINDS = [
  'expr',
  'set',
  'if',
  'block',
  'loop',
  'switch',
  'break',
  'continue',
  'return',
  'throw',
  'try',
] as const satisfies readonly Stmt['kind'][]

/** Operations by the number of their row. */
export const OP_BY_CODE: ReadonlyMap<number, OpName> = new Map(
  Object.entries(OPS).map(([name, row]) => [row.code, name as OpName]),
)
