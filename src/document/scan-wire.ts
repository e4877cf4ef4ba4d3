import { ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { BOUNDS } from './document.ts'
import { pointerTo, type Report } from './report.ts'

/** Thrown inside the scan to leave it at once; never leaves this file. */
class TooManyRecords extends Error {}

type Scan = { readonly report: Report; records: number }

/**
 * Walks over protobuf bytes by the schema before anything is built from them. The library keeps
 * or drops what it does not know and takes the last of repeated singular fields; here both are
 * errors, since the identity covers only what the schema names. Bytes that are no protobuf throw
 * what the library throws.
 */
export function scanWire(desc: DescMessage, bytes: Uint8Array, report: Report): void {
  try {
    scanMessage(desc, bytes, '', { report, records: 0 })
  } catch (error) {
    if (!(error instanceof TooManyRecords)) throw error
    report.add('ANRF3008', '', `the document has more than ${BOUNDS.records} parts`)
  }
}

function scanMessage(desc: DescMessage, bytes: Uint8Array, pointer: string, scan: Scan): void {
  const reader = new BinaryReader(bytes)
  const seen = new Map<DescField, number>()
  while (reader.pos < reader.len) {
    count(scan)
    const [number, wireType] = reader.tag()
    const field = desc.fields.find((f) => f.number === number)
    if (!field) {
      scan.report.add('ANRF3001', pointer, `field ${number} is not a field of ${desc.name}`)
      return
    }
    const nth = seen.get(field) ?? 0
    seen.set(field, nth + 1)
    if (nth > 0 && field.fieldKind !== 'list' && field.fieldKind !== 'map')
      scan.report.add('ANRF3001', pointerTo(pointer, field.name), 'the field is given twice')
    if (wireType !== wireTypeOf(field)) {
      scan.report.add('ANRF3001', pointerTo(pointer, field.name), `the field has wire type ${wireType}`)
      return
    }
    const at = field.fieldKind === 'list' ? `${pointerTo(pointer, field.name)}/${nth}` : pointerTo(pointer, field.name)
    scanValue(field, reader, at, scan)
  }
}

function scanValue(field: DescField, reader: BinaryReader, at: string, scan: Scan): void {
  if (field.fieldKind === 'map') scanEntry(field.scalar, reader.bytes(), at, scan.report)
  else if (field.message) scanMessage(field.message, reader.bytes(), at, scan)
  else reader.skip(wireTypeOf(field))
}

/** A map entry is a message of key (1, a string here) and value (2). */
function scanEntry(value: ScalarType | undefined, bytes: Uint8Array, at: string, report: Report): void {
  const reader = new BinaryReader(bytes)
  let last = 0
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag()
    const expected = number === 1 ? WireType.LengthDelimited : scalarWireType(value)
    if (number <= last || number > 2 || wireType !== expected) {
      report.add('ANRF3001', at, 'a map entry is not one key and one value')
      return
    }
    last = number
    reader.skip(wireType)
  }
}

function count(scan: Scan): void {
  if (++scan.records > BOUNDS.records) throw new TooManyRecords()
}

function wireTypeOf(field: DescField): WireType {
  return field.fieldKind === 'map' || field.message ? WireType.LengthDelimited : scalarWireType(field.scalar)
}

function scalarWireType(scalar: ScalarType | undefined): WireType {
  if (scalar === ScalarType.DOUBLE) return WireType.Bit64
  return scalar === ScalarType.BOOL ? WireType.Varint : WireType.LengthDelimited
}
