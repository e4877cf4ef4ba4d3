export { ByteWriter } from './bytes.ts'
export { Code, type BlockType, type Label } from './code.ts'
export { ModuleWriter, type CodePlace } from './module.ts'
export {
  ANYREF,
  EXTERN,
  EXTERNREF,
  F32,
  F64,
  HEAP,
  I16,
  I32,
  I64,
  I8,
  refNull,
  refTo,
  type FieldType,
  type ValType,
} from './types.ts'
