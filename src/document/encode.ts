import { toBinary, toJson, type DescMessage, type JsonValue, type Message } from '@bufbuild/protobuf'
import { ANRFSchema, type ANRF } from './schema/gen/anrf_pb.ts'

/** The JSON form: the field names of the schema, empty fields left out, bytes in base64. */
export function documentJson(document: ANRF): JsonValue {
  return toJson(ANRFSchema, document)
}

/**
 * The protobuf form. Fields come in the order of their numbers and map entries in the order of
 * their keys, so that one document has one sequence of bytes.
 */
export function encodeDocument(document: ANRF): Uint8Array {
  return toBinary(ANRFSchema, sortMaps(ANRFSchema, document) as ANRF)
}

/** The JSON form as text for people and for tools without protobuf. */
export function encodeDocumentJson(document: ANRF): string {
  return `${JSON.stringify(documentJson(sortMaps(ANRFSchema, document) as ANRF), undefined, 2)}\n`
}

/** The message with the entries of every map in it in the order of their keys. */
function sortMaps(desc: DescMessage, message: Message): Message {
  const copy: Record<string, unknown> = { ...message }
  for (const field of desc.fields) {
    const value = copy[field.localName]
    if (value === undefined) continue
    if (field.fieldKind === 'map') copy[field.localName] = sortKeys(value as Record<string, unknown>)
    else if (field.fieldKind === 'list' && field.message) {
      const inner = field.message
      copy[field.localName] = (value as Message[]).map((element) => sortMaps(inner, element))
    } else if (field.fieldKind === 'message') copy[field.localName] = sortMaps(field.message, value as Message)
  }
  return copy as Message
}

/** Own properties are defined, since a key may be `__proto__`. */
function sortKeys(map: Record<string, unknown>): Record<string, unknown> {
  const sorted = {}
  for (const [key, value] of Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)))
    Object.defineProperty(sorted, key, { value, enumerable: true, writable: true, configurable: true })
  return sorted
}
