import { ByteWriter } from './bytes.ts'

/** A value type or storage type, as its bytes in the binary format (core spec 5.3). */
export type ValType = readonly number[]

export const I8: ValType = [0x78]
export const I16: ValType = [0x77]
export const I32: ValType = [0x7f]
export const I64: ValType = [0x7e]
export const F64: ValType = [0x7c]
export const F32: ValType = [0x7d]
/** `(ref null any)`: whatever a program may box. */
export const ANYREF: ValType = [0x6e]
/** `(ref null extern)`: values of the host. */
export const EXTERNREF: ValType = [0x6f]

/** `(ref extern)`: as builtins of the host give strings. */
export const EXTERN: ValType = [0x64, 0x6f]

/** Abstract heap types, as `ref.test` and `ref.cast` name them. */
export const HEAP = { any: 0x6e, eq: 0x6d, i31: 0x6c, extern: 0x6f } as const

/** `(ref null $type)`; the same object each time, so that value types can be told apart by identity. */
export const refNull = remembered(0x63)

/** `(ref $type)`. */
export const refTo = remembered(0x64)

/** Heap types are signed: indices of types are not negative, abstract types are. */
function remembered(prefix: number): (type: number) => ValType {
  const known: ValType[] = []
  return (type) => {
    if (known[type]) return known[type]
    const writer = new ByteWriter()
    writer.s32(type)
    return (known[type] = [prefix, ...writer.bytes])
  }
}

export type FieldType = { readonly type: ValType; readonly mutable: boolean }

/** What a type consists of: the composite types of the GC proposal. */
export type CompositeType =
  | { readonly kind: 'func'; readonly params: readonly ValType[]; readonly results: readonly ValType[] }
  | { readonly kind: 'struct'; readonly fields: readonly FieldType[] }
  | { readonly kind: 'array'; readonly elem: FieldType }

/** A type of the module. `open` types may have subtypes; `parent` is the index of the supertype. */
export type SubType = CompositeType & { readonly open?: boolean; readonly parent?: number }

export function writeSubType(out: ByteWriter, type: SubType): void {
  if (type.open === true || type.parent !== undefined) {
    out.u8(type.open === true ? 0x50 : 0x4f)
    out.u32(type.parent === undefined ? 0 : 1)
    if (type.parent !== undefined) out.u32(type.parent)
  }
  switch (type.kind) {
    case 'func':
      out.u8(0x60)
      writeValTypes(out, type.params)
      return writeValTypes(out, type.results)
    case 'struct':
      out.u8(0x5f)
      out.u32(type.fields.length)
      for (const field of type.fields) writeField(out, field)
      return
    case 'array':
      out.u8(0x5e)
      return writeField(out, type.elem)
  }
}

function writeField(out: ByteWriter, { type, mutable }: FieldType): void {
  out.raw(type)
  out.u8(mutable ? 1 : 0)
}

function writeValTypes(out: ByteWriter, types: readonly ValType[]): void {
  out.u32(types.length)
  for (const type of types) out.raw(type)
}
