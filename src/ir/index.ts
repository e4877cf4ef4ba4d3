export { BOUNDS, STRING_LENGTH_MAX, TABLE_SIZE_MAX } from './bounds.ts'
export { checkModule } from './check.ts'
export { CONSOLE_METHODS, type ConsoleMethod, type LogLevel } from './console.ts'
export { decodeModule } from './codec/decode.ts'
export { encodeModule } from './codec/encode.ts'
export { isEffectName } from './effect-name.ts'
export {
  baseOfForm,
  classForm,
  closureType,
  ERROR_DEF,
  ERROR_OBJECT,
  keepsKeyOrder,
  lateKeysFrom,
  localsOf,
  THROWN,
  type Constant,
  type Entry,
  type EntryParam,
  type Expr,
  type Field,
  type Func,
  type Global,
  type Immediate,
  type Local,
  type Module,
  type ObjectDef,
  type Stmt,
} from './module.ts'
export { BIGINT_BITS_MAX, bigintLength } from './ops/bigint.ts'
export { OP_NAMES, opRow, OPS, type OpName } from './ops.ts'
export type { Cost, ImmediateKind, OpRow } from './ops/row.ts'
export { parseModule } from './text/parse.ts'
export { printFunc, printModule, type PrintOptions } from './text/print.ts'
export {
  admits,
  ANY,
  BIGINT,
  arrayOf,
  BOOL,
  cellOf,
  dictOf,
  F64,
  formatType,
  funcOf,
  I32,
  isBoxed,
  isSubtype,
  isTable,
  isUnion,
  JSON_VALUE,
  keyOf,
  mapOf,
  membersOf,
  nonNullish,
  NULL,
  objectOf,
  optional,
  partsOf,
  sameType,
  SELF,
  setOf,
  STRING,
  tupleOf,
  UNDEFINED,
  unionOf,
  writtenMembers,
  type TableType,
  type Type,
} from './types.ts'
export {
  elementTypeOf,
  isTypedName,
  storageOf,
  TYPED_ARRAYS,
  TYPED_BYTES_MAX,
  type ElementType,
  type TypedName,
  type TypedStorage,
} from './typed-arrays.ts'
export { childrenOf, eachExpr, eachNode, eachStmt, inPlaceOf, isExpr, mapExprs, nodesOf, type Node } from './walk.ts'
