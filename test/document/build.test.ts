// Goal: what the compiler writes is complete, refers both ways, and depends on the program alone.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { resolveLimits } from '../../src/base/index.ts'
import {
  buildDocument,
  documentName,
  encodeDocument,
  encodeDocumentJson,
  limitsOf,
  type BuildParts,
} from '../../src/document/index.ts'
import { bytesOf, open } from './open-helpers.ts'
import { sampleParts } from './sample.ts'

test('a built document opens in both forms to the same document, identity and module', () => {
  const document = buildDocument(sampleParts())
  const wire = open(encodeDocument(document))
  const json = open(bytesOf(encodeDocumentJson(document)))
  assert.deepEqual(wire.document, json.document)
  assert.equal(wire.id, document.anrfId)
  assert.equal(json.id, wire.id)
  assert.deepEqual(wire.module, sampleParts().module)
  assert.deepEqual(Buffer.from(wire.program), Buffer.from(document.execution.code))
  assert.deepEqual(wire.warnings, [])
  assert.equal(documentName(wire.document), 'order-total@1.2.0')
})

test('the same program gives the same bytes again, in another process and another directory', () => {
  const script = `
    import { sampleParts } from ${JSON.stringify(join(import.meta.dirname, 'sample.ts'))}
    import { buildDocument, encodeDocument } from ${JSON.stringify(join(import.meta.dirname, '../../src/document/index.ts'))}
    process.stdout.write(Buffer.from(encodeDocument(buildDocument(sampleParts()))).toString('hex'))`
  const env = { TZ: 'Pacific/Apia', LANG: 'tr_TR.UTF-8' }
  const child = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], { cwd: tmpdir(), env })
  assert.equal(child.stderr.toString(), '')
  const bytes = encodeDocument(buildDocument(sampleParts()))
  assert.equal(child.stdout.toString(), Buffer.from(bytes).toString('hex'))
  assert.deepEqual(bytes, encodeDocument(buildDocument(sampleParts())))
})

test('reading and writing again gives the same bytes', () => {
  const bytes = encodeDocument(buildDocument(sampleParts()))
  const { document } = open(bytes)
  assert.deepEqual(encodeDocument(document), bytes)
  const text = encodeDocumentJson(document)
  assert.equal(encodeDocumentJson(open(bytesOf(text)).document), text)
  assert.deepEqual(encodeDocument(open(bytesOf(text)).document), bytes)
})

test('JSDoc becomes purpose and contracts that refer to their function, which refers back', () => {
  const { intent, semantic } = buildDocument(sampleParts())
  assert.equal(intent.description, 'Totals orders with tax')
  assert.deepEqual(intent.tags, ['money', 'orders', 'sum', 'tax'])
  const total = semantic.nodes.find((node) => node.label === 'total')
  assert.deepEqual(total?.intentRefs, ['purpose_total', 'ensures_total'])
  const ensures = intent.constraints.find((constraint) => constraint.type === 'ensures')
  assert.equal(ensures?.formalSpec, 'result >= 0')
  assert.deepEqual(ensures?.semanticRefs, [total?.nodeId])
})

test('functions nobody declared and the call graph are in the semantic layer', () => {
  const { semantic } = buildDocument(sampleParts())
  const taxed = semantic.nodes.find((node) => node.label === 'taxed')
  assert.equal(taxed?.properties['generated'], 'true')
  assert.ok(
    semantic.edges.some((e) => e.sourceId === 'func_total' && e.targetId === taxed?.nodeId && e.edgeType === 'calls'),
  )
  assert.equal(semantic.symbolTable['total'], 'func_total')
})

test('types are listed with what they are made of', () => {
  const { types } = buildDocument(sampleParts()).semantic
  const names = types.map((type) => `${type.typeKind} ${type.name}`)
  assert.deepEqual(names.slice(0, 6), [
    'struct Order',
    'primitive number',
    'union string | undefined',
    'primitive string',
    'primitive undefined',
    'array Order[]',
  ])
  assert.deepEqual(
    types[0]?.fields.map((field) => [field.name, field.optional]),
    [
      ['amount', false],
      ['note', true],
    ],
  )
})

test('a capability that the code uses is asked for, with the scopes and reason that were given', () => {
  assert.deepEqual(
    buildDocument(sampleParts()).security.capabilities.map((c) => c.name),
    ['log'],
  )
  const parts: BuildParts = {
    ...sampleParts(),
    capabilities: [
      { name: 'log', reason: 'progress' },
      { name: 'http', scopes: ['b.example', 'a.example'] },
    ],
  }
  const { capabilities } = buildDocument(parts).security
  assert.deepEqual(
    capabilities.map((c) => [c.name, c.scopes, c.reason]),
    [
      ['http', ['a.example', 'b.example'], ''],
      ['log', [], 'progress'],
    ],
  )
})

test('limits that are asked for are in the document, the others have their default', () => {
  const { security } = open(
    encodeDocument(buildDocument({ ...sampleParts(), limits: { fuel: 1000, wall: 50 } })),
  ).document
  assert.deepEqual(limitsOf(security), resolveLimits({ fuel: 1000, wall: 50 }))
})

test('names that are no ids, repeat or have lone surrogates still give a document that opens', () => {
  const parts = sampleParts()
  const funcs = parts.module.funcs.map((func) => ({ ...func, name: '\ud800 #x~/' }))
  const declarations = parts.program.declarations.map((d) => ({ ...d, name: '__proto__' }))
  const document = buildDocument({
    ...parts,
    module: { ...parts.module, funcs },
    program: { ...parts.program, declarations },
  })
  const again = open(encodeDocument(document))
  assert.equal(again.id, document.anrfId)
  assert.equal(open(bytesOf(encodeDocumentJson(document))).id, document.anrfId)
  assert.ok(Object.hasOwn(again.document.semantic.symbolTable, '__proto__'))
})
