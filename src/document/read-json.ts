import { ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf'
import { pointerTo, type Report } from './report.ts'

/**
 * Checks a JSON value against a message of the schema and reports every difference with its
 * pointer. Stricter than ProtoJSON, so that one document has one reading: no unknown names, no
 * numbers in strings, no NaN, no lone surrogates (which protobuf cannot carry); null is absent.
 */
export function checkMessage(desc: DescMessage, value: unknown, pointer: string, report: Report): void {
  if (!isObject(value)) return wrongKind(report, pointer, 'an object', value)
  for (const [key, member] of Object.entries(value)) {
    const at = pointerTo(pointer, key)
    const field = desc.fields.find((f) => f.name === key)
    if (!field) report.add('ANRF3001', at, `${JSON.stringify(key)} is not a field of ${desc.name}`, fieldsOf(desc))
    else if (member !== null) checkField(field, member, at, report)
  }
}

function checkField(field: DescField, value: unknown, at: string, report: Report): void {
  if (field.fieldKind === 'list') {
    if (!Array.isArray(value)) return wrongKind(report, at, 'an array', value)
    const elements: readonly unknown[] = value
    for (const [i, element] of elements.entries()) checkSingle(field, element, pointerTo(at, i), report)
  } else if (field.fieldKind === 'map') {
    if (!isObject(value)) return wrongKind(report, at, 'an object', value)
    for (const [key, member] of Object.entries(value)) {
      if (!key.isWellFormed()) report.add('ANRF3001', at, 'a key has a lone surrogate')
      checkSingle(field, member, pointerTo(at, key), report)
    }
  } else checkSingle(field, value, at, report)
}

function checkSingle(field: DescField, value: unknown, at: string, report: Report): void {
  if (field.message) checkMessage(field.message, value, at, report)
  else if (field.scalar !== undefined) checkScalar(field.scalar, value, at, report)
  else throw new Error(`the schema has no field like ${field.name}`)
}

function checkScalar(scalar: ScalarType, value: unknown, at: string, report: Report): void {
  switch (scalar) {
    case ScalarType.STRING:
      if (typeof value !== 'string') wrongKind(report, at, 'a string', value)
      else if (!value.isWellFormed()) report.add('ANRF3001', at, 'the string has a lone surrogate')
      break
    case ScalarType.BOOL:
      if (typeof value !== 'boolean') wrongKind(report, at, 'true or false', value)
      break
    case ScalarType.DOUBLE:
      if (typeof value !== 'number' || !Number.isFinite(value)) wrongKind(report, at, 'a finite number', value)
      break
    case ScalarType.BYTES:
      if (typeof value !== 'string' || !isBase64(value)) wrongKind(report, at, 'bytes in base64', value)
      break
    default:
      throw new Error(`the schema has no scalar type ${scalar}`)
  }
}

/** Base64 of RFC 4648 section 4 with padding; the only spelling of given bytes that is accepted. */
function isBase64(text: string): boolean {
  return (
    text.length % 4 === 0 &&
    /^[A-Za-z0-9+/]*={0,2}$/.test(text) &&
    Buffer.from(text, 'base64').toString('base64') === text
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrongKind(report: Report, at: string, expected: string, value: unknown): void {
  report.add('ANRF3001', at, `expected ${expected}, found ${describe(value)}`)
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function fieldsOf(desc: DescMessage): string {
  return `Its fields are ${desc.fields.map((f) => f.name).join(', ')}.`
}
