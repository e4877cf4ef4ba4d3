import { elementTypeOf, storageOf, type ObjectDef } from '../../ir/index.ts'
import { F32, F64, I16, I32, I8, refTo, type FieldType, type ValType } from '../encoder/index.ts'
import type { TypeTable } from './types.ts'

/** What the arrays of WebAssembly are of that hold elements: those of a buffer that the program sees are bytes. */
export type Lane = 'i8' | 'i16' | 'i32' | 'f32' | 'f64'

export const LANES: { readonly [K in Lane]: ValType } = { i8: I8, i16: I16, i32: I32, f32: F32, f64: F64 }

/** Fields of the struct of a typed array: its data; of a window or view where its elements begin, in lanes, and how many they are; the buffer. */
export const TYPED_DATA = 0
export const TYPED_OFFSET = 1
export const TYPED_LENGTH = 2
export const TYPED_BUFFER = 3

/** The one field of the struct of a buffer: its bytes. */
export const BUFFER_BYTES = 0

/** The lanes of a typed array's data. */
export function laneOf(def: ObjectDef): Lane {
  const { size, whole } = elementTypeOf(def)
  if (storageOf(def) === 'view') return 'i8'
  if (!whole) return size === 4 ? 'f32' : 'f64'
  return size === 1 ? 'i8' : size === 2 ? 'i16' : 'i32'
}

/** The fields of the struct of a typed array or a buffer. */
export function fieldsOfBytes(types: TypeTable, def: ObjectDef): FieldType[] {
  if (def.role === 'buffer') return [fixed(refTo(types.lanes('i8')))]
  const data = fixed(refTo(types.lanes(laneOf(def))))
  switch (storageOf(def)) {
    case 'own':
      return [data]
    case 'window':
      return [data, fixed(I32), fixed(I32)]
    case 'view':
      return [data, fixed(I32), fixed(I32), fixed(refTo(types.structOf(def.fields[2]!.type)))]
  }
}

const fixed = (type: ValType): FieldType => ({ type, mutable: false })
