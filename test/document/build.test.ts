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
  type ClassDescription,
  type Documentation,
  type FunctionDescription,
} from '../../src/document/index.ts'
import { bytesOf, open } from './open-helpers.ts'
import { F64 } from '../../src/ir/index.ts'
import { generateModule } from '../ir/generate.ts'
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

test('classes contain their methods, and contracts of a class are about it', () => {
  const parts = sampleParts()
  const span = { file: 0, start: 81, end: 99 }
  const docs = (formalSpec: string): Documentation => ({
    description: '',
    contracts: [{ kind: 'invariant', formalSpec }],
    tags: [{ name: 'deprecated', text: 'use Cart' }],
  })
  const method: FunctionDescription = {
    kind: 'function',
    name: 'taxed',
    funcs: [2],
    params: [{ name: 'amount', type: F64, optional: true }],
    result: F64,
    span,
    docs: docs('amount > 0'),
  }
  const shop: ClassDescription = {
    kind: 'class',
    name: 'Shop',
    objects: [1],
    methods: [method],
    span,
    docs: docs('open'),
  }
  const document = buildDocument({ ...parts, program: { ...parts.program, declarations: [shop] } })
  open(encodeDocument(document))
  const { nodes, edges, symbolTable } = document.semantic
  const node = nodes.find((n) => n.label === 'Shop')
  assert.equal(node?.properties['type'], 'type_Order')
  assert.equal(node?.properties['jsdoc_deprecated'], 'use Cart')
  assert.deepEqual(node?.intentRefs, ['invariant_Shop'])
  const inner = nodes.find((n) => n.label === 'Shop.taxed')
  assert.deepEqual(inner?.executionRefs, ['exec_func_2'])
  assert.equal(inner?.properties['location'], 'main.ts:3:1')
  assert.ok(edges.some((e) => e.sourceId === node?.nodeId && e.targetId === inner?.nodeId && e.edgeType === 'contains'))
  assert.equal(symbolTable['Shop.taxed'], inner?.nodeId)
  assert.equal(nodes.find((n) => n.label === 'amount')?.properties['optional'], 'true')
})

test('a program without any description is described by its entries', () => {
  const program = { intent: { description: '', tags: [] }, declarations: [] }
  const document = buildDocument({ ...sampleParts(), program })
  assert.equal(document.intent.description, 'order-total: total')
  assert.equal(open(encodeDocument(document)).id, document.anrfId)
})

test('every well-formed module makes a document that opens to the same module', () => {
  const program = { intent: { description: '', tags: [] }, declarations: [] }
  for (let seed = 1; seed <= 100; seed++) {
    const module = generateModule(seed)
    const document = buildDocument({ module, name: 'random', version: '0.0.1', program })
    const opened = open(seed % 2 === 0 ? encodeDocument(document) : bytesOf(encodeDocumentJson(document)))
    assert.deepEqual(opened.module, module, `seed ${seed}`)
    assert.equal(opened.id, document.anrfId, `seed ${seed}`)
  }
})
