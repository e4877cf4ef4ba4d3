import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '../../src/base/index.ts'
import {
  buildDocument,
  decodeDocument,
  documentId,
  encodeDocument,
  openDocument,
  type Document,
  type Opened,
  type OpenOptions,
} from '../../src/document/index.ts'
import { sampleParts } from './sample.ts'

/** The bytes of a file in test/document/fixtures: the instances that the published documents print. */
export function readFixture(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, 'fixtures', name))
}

/** The published sum example as it was read, for a test to change. */
export function publishedSum(): Document {
  const decoded = decodeDocument(readFixture('published-sum.json'))
  assert.ok('document' in decoded)
  return decoded.document as Document
}

/** The bytes of the sample document after an edit, with the identity of what it became. */
export function editSample(edit: (document: Document) => void): Uint8Array {
  const document = buildDocument(sampleParts())
  edit(document)
  document.anrfId = documentId(document)
  return encodeDocument(document)
}

/** The bytes of the published sum example after an edit. */
export function editSum(edit: (document: Document) => void): Uint8Array {
  const document = publishedSum()
  edit(document)
  return encodeDocument(document)
}

export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text)
}

/** Opens a document that must be accepted. */
export function open(bytes: Uint8Array, options: OpenOptions = {}): Opened {
  const opened = openDocument(bytes, options)
  if ('diagnostics' in opened) assert.fail(JSON.stringify(opened.diagnostics, undefined, 2))
  return opened
}

/** Opens a document that must be refused, and gives the reasons. */
export function refuse(bytes: Uint8Array, options: OpenOptions = {}): readonly Diagnostic[] {
  const opened = openDocument(bytes, options)
  assert.ok('diagnostics' in opened, 'the document was accepted')
  assert.ok(opened.diagnostics.length > 0)
  return opened.diagnostics
}

/** Diagnostics as `CODE pointer`, for comparing. */
export function brief(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map((d) => `${d.code} ${d.pointer ?? ''}`)
}
