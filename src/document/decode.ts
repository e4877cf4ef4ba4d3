import { fromBinary, fromJson, type JsonValue } from '@bufbuild/protobuf'
import { readJson, type Diagnostic } from '../base/index.ts'
import { BOUNDS } from './document.ts'
import { checkMessage } from './read-json.ts'
import { Report } from './report.ts'
import { exceedsJsonBounds } from './scan-json.ts'
import { scanWire } from './scan-wire.ts'
import { ANRFSchema, type ANRF } from './schema/gen/anrf_pb.ts'

/** A document as it was read, with the schema satisfied and nothing else checked, or what is wrong. */
export type Decoded = { readonly document: ANRF } | { readonly diagnostics: readonly Diagnostic[] }

/**
 * Reads a document in either form, protobuf or JSON. Hostile bytes give ANRF3001 (malformed) and
 * ANRF3008 (beyond {@link BOUNDS}), with JSON pointers in both forms; nothing is thrown.
 */
export function decodeDocument(bytes: Uint8Array): Decoded {
  const report = new Report()
  const size = bytes.byteLength
  if (size > BOUNDS.bytes) report.add('ANRF3008', '', `the document has ${size} bytes, more than ${BOUNDS.bytes}`)
  else if (size === 0) report.add('ANRF3001', '', 'the document is empty')
  const document =
    report.diagnostics.length > 0 ? undefined : looksLikeJson(bytes) ? readText(bytes, report) : readWire(bytes, report)
  return document === undefined || report.diagnostics.length > 0 ? { diagnostics: report.diagnostics } : { document }
}

/**
 * Protobuf begins with the tag of a field, never with `{`; a newline is the tag of `anrf_id`, so
 * white space counts as JSON only before an object that begins like one.
 */
function looksLikeJson(bytes: Uint8Array): boolean {
  return /^\s*\{\s*("|\}|$)|^\{/.test(Buffer.from(bytes.subarray(0, 256)).toString('latin1'))
}

function readText(bytes: Uint8Array, report: Report): ANRF | undefined {
  const text = decodeUtf8(bytes)
  if (text === undefined) return fail(report, 'the document is not UTF-8')
  const beyond = exceedsJsonBounds(text)
  if (beyond !== undefined) {
    report.add('ANRF3008', '', `the document has ${beyond}`.replace('has nested', 'is nested'))
    return undefined
  }
  const json = readJson(bytes)
  if (!json.ok) {
    report.add('ANRF3001', json.pointer ?? '', `the document is not JSON: ${json.message}`)
    return undefined
  }
  try {
    checkMessage(ANRFSchema, json.value, '', report)
    return report.diagnostics.length > 0 ? undefined : fromJson(ANRFSchema, json.value as JsonValue)
  } catch (error) {
    return fail(report, `the document is not JSON: ${messageOf(error)}`)
  }
}

function readWire(bytes: Uint8Array, report: Report): ANRF | undefined {
  try {
    scanWire(ANRFSchema, bytes, report)
    return report.diagnostics.length > 0 ? undefined : fromBinary(ANRFSchema, bytes)
  } catch (error) {
    return fail(report, `the document is neither JSON nor protobuf: ${messageOf(error)}`)
  }
}

function fail(report: Report, message: string): undefined {
  report.add('ANRF3001', '', message)
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
