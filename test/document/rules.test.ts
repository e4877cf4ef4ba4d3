// Goal: every rule of the table refuses what breaks it, with the pointer of the place, and nothing else.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { RULES, type Document } from '../../src/document/index.ts'
import { brief, editSample, refuse } from './open-helpers.ts'

type Broken = { readonly edit: (document: Document) => void; readonly expected: readonly string[] }

/** What the list must have at an index; the sample has it. */
function at<T>(list: readonly T[], index: number): T {
  const item = list[index]
  assert.ok(item !== undefined)
  return item
}

const BROKEN: Readonly<Record<string, readonly Broken[]>> = {
  'required-fields': [
    { edit: (d) => (d.intent.description = ''), expected: ['ANRF3001 /intent/description'] },
    { edit: (d) => (d.intent.intentType = ''), expected: ['ANRF3001 /intent/intent_type'] },
    { edit: (d) => (at(d.semantic.types, 1).name = ''), expected: ['ANRF3001 /semantic/types/1/name'] },
    { edit: (d) => (at(d.semantic.edges, 0).edgeType = ''), expected: ['ANRF3001 /semantic/edges/0/edge_type'] },
    { edit: (d) => delete d.metadata['name'], expected: ['ANRF3001 /metadata/name'] },
    { edit: (d) => (d.metadata['name'] = 'a/b'), expected: ['ANRF3001 /metadata/name'] },
    { edit: (d) => (d.metadata['version'] = '1.2'), expected: ['ANRF3001 /metadata/version'] },
    { edit: (d) => (d.metadata['version'] = '01.2.3'), expected: ['ANRF3001 /metadata/version'] },
  ],
  'unique-ids': [
    {
      edit: (d) => (at(d.semantic.edges, 1).edgeId = at(d.semantic.edges, 0).edgeId),
      expected: ['ANRF3001 /semantic/edges/1/edge_id'],
    },
    {
      edit: (d) => (at(at(d.semantic.types, 0).fields, 1).name = 'amount'),
      expected: ['ANRF3001 /semantic/types/0/fields/1/name'],
    },
    {
      edit: (d) => d.semantic.types.push({ ...at(d.semantic.types, 1) }),
      expected: ['ANRF3001 /semantic/types/6/type_id'],
    },
  ],
  'edges-resolve': [
    { edit: (d) => (at(d.semantic.edges, 0).targetId = 'nobody'), expected: ['ANRF3004 /semantic/edges/0/target_id'] },
    {
      edit: (d) => (at(d.execution.edges, 0).sourceId = 'nobody'),
      expected: ['ANRF3004 /execution/edges/0/source_id'],
    },
    { edit: (d) => at(d.execution.nodes, 0).inputs.push('nobody'), expected: ['ANRF3004 /execution/nodes/0/inputs/0'] },
    {
      edit: (d) => at(d.execution.nodes, 0).outputs.push('nobody'),
      expected: ['ANRF3004 /execution/nodes/0/outputs/0'],
    },
  ],
  'symbols-resolve': [
    { edit: (d) => (d.semantic.symbolTable['a/b'] = 'nobody'), expected: ['ANRF3004 /semantic/symbol_table/a~1b'] },
  ],
  'types-resolve': [
    {
      edit: (d) => (at(d.semantic.nodes, 1).properties['type'] = 'none'),
      expected: ['ANRF3004 /semantic/nodes/1/properties/type'],
    },
    { edit: (d) => (at(d.semantic.types, 0).typeKind = 'thing'), expected: ['ANRF3001 /semantic/types/0/type_kind'] },
    {
      edit: (d) => (at(d.semantic.types, 0).parentType = 'none'),
      expected: ['ANRF3004 /semantic/types/0/parent_type'],
    },
    {
      edit: (d) => (at(at(d.semantic.types, 0).fields, 0).typeId = 'none'),
      expected: ['ANRF3004 /semantic/types/0/fields/0/type_id'],
    },
    {
      edit: (d) => delete at(d.semantic.types, 5).properties['element_type'],
      expected: ['ANRF3004 /semantic/types/5/properties'],
    },
  ],
  'execution-refs': [
    {
      edit: (d) => at(d.semantic.nodes, 1).executionRefs.push('nobody'),
      expected: ['ANRF3004 /semantic/nodes/1/execution_refs/0'],
    },
    {
      edit: (d) => at(d.semantic.nodes, 1).executionRefs.push('exec_func_0'),
      expected: ['ANRF3004 /semantic/nodes/1/execution_refs/0'],
    },
    {
      edit: (d) => at(d.execution.nodes, 0).semanticRefs.push('func_total'),
      expected: ['ANRF3004 /execution/nodes/0/semantic_refs/1'],
    },
  ],
  'intent-refs': [
    {
      edit: (d) => at(d.semantic.nodes, 1).intentRefs.push('nothing'),
      expected: ['ANRF3004 /semantic/nodes/1/intent_refs/0'],
    },
    {
      edit: (d) => at(d.semantic.nodes, 1).intentRefs.push('purpose_total'),
      expected: ['ANRF3004 /semantic/nodes/1/intent_refs/0'],
    },
    {
      edit: (d) => at(d.intent.constraints, 0).semanticRefs.push('record_Order'),
      expected: ['ANRF3004 /intent/constraints/0/semantic_refs/1'],
    },
  ],
  coverage: [
    {
      edit: (d) => {
        for (const node of d.semantic.nodes)
          node.executionRefs = node.executionRefs.filter((ref) => ref !== 'exec_func_2')
        at(d.execution.nodes, 2).semanticRefs = []
      },
      expected: ['ANRF3004 /execution/nodes/2'],
    },
  ],
  'constraints-checkable': [
    {
      edit: (d) => {
        at(d.intent.constraints, 1).semanticRefs = []
        at(d.semantic.nodes, 3).intentRefs = ['purpose_total']
      },
      expected: ['ANRF3004 /intent/constraints/1/semantic_refs'],
    },
  ],
  security: [{ edit: (d) => (d.security.safetyLevel = 'Fast'), expected: ['ANRF3005 /security/safety_level'] }],
}

for (const rule of RULES)
  test(`rule ${rule.name}: ${rule.doc}`, () => {
    const cases = BROKEN[rule.name] ?? []
    assert.ok(cases.length > 0, 'the rule has no test')
    for (const { edit, expected } of cases) assert.deepEqual(brief(refuse(editSample(edit))), expected, edit.toString())
  })

test('the rules are documented by name', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/DOCUMENT.md'), 'utf8')
  for (const rule of RULES) assert.ok(text.includes(`| \`${rule.name}\` | ${rule.doc} |`), rule.name)
})

test('a document whose graph differs from its code is refused', () => {
  assert.deepEqual(brief(refuse(editSample((d) => (at(d.execution.nodes, 1).properties['name'] = 'harmless')))), [
    'ANRF3004 /execution/nodes',
  ])
  assert.deepEqual(brief(refuse(editSample((d) => d.execution.edges.pop()))), ['ANRF3004 /execution/edges'])
})

test('a document that uses a capability without asking for it is refused', () => {
  const bytes = editSample((d) => (d.security.capabilities = []))
  assert.deepEqual(brief(refuse(bytes)), ['ANRF3005 /security/capabilities'])
})

test('damaged code is refused with the diagnostics of the IR', () => {
  const damaged = refuse(editSample((d) => (d.execution.code = d.execution.code.subarray(0, 40))))
  assert.equal(damaged[0]?.code, 'ANRF2001')
  const empty = refuse(editSample((d) => (d.execution.code = new Uint8Array())))
  assert.equal(empty[0]?.code, 'ANRF2001')
})

test('unknown formats and versions are refused', () => {
  assert.deepEqual(brief(refuse(editSample((d) => (d.execution.format = 'bytecode')))), ['ANRF3001 /execution/format'])
  assert.deepEqual(brief(refuse(editSample((d) => (d.version = 'v2')))), ['ANRF3001 /version'])
})
