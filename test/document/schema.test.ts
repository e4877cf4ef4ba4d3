// Goal: the wire format is the published one. The table is that of the published v1 schema; buf checks and
// regenerates our file, so that the committed code is what the schema says.
import { ScalarType, type DescField } from '@bufbuild/protobuf'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { file_anrf } from '../../src/document/schema/gen/anrf_pb.ts'

const ROOT = join(import.meta.dirname, '../..')
const SCHEMA = join(ROOT, 'src/document/schema')

/** Message: fields in the order of their numbers from 1; `*` repeated, `{}` a map of strings. */
const PUBLISHED: Readonly<Record<string, string>> = {
  ANRF: 'anrf_id string, version string, intent IntentLayer, semantic SemanticLayer, execution ExecutionLayer, metadata {}',
  IntentLayer: 'intent_type string, description string, constraints Constraint*, tags string*, properties {}',
  Constraint: 'type string, description string, formal_spec string',
  SemanticLayer: 'nodes Node*, edges Edge*, types TypeDef*, symbol_table {}',
  Node: 'node_id string, node_type string, label string, properties {}, execution_refs string*, intent_refs string*',
  Edge: 'edge_id string, source_id string, target_id string, edge_type string, properties {}',
  TypeDef: 'type_id string, name string, type_kind string, fields TypeField*, parent_type string, properties {}',
  TypeField: 'name string, type_id string, optional bool, properties {}',
  ExecutionLayer: 'format string, code bytes, nodes ExecNode*, edges ExecEdge*, properties {}',
  ExecNode: 'node_id string, operation string, inputs string*, outputs string*, properties {}',
  ExecEdge: 'edge_id string, source_id string, target_id string, edge_type string, properties {}',
}

function shapeOf(field: DescField): string {
  if (field.fieldKind === 'map') return `${field.name} {}`
  const type = field.message?.name ?? ScalarType[field.scalar ?? 0]?.toLowerCase() ?? ''
  return `${field.name} ${type}${field.fieldKind === 'list' ? '*' : ''}`
}

test('published messages keep their names and numbers, and what we add begins at 100', () => {
  for (const [name, fields] of Object.entries(PUBLISHED)) {
    const message = file_anrf.messages.find((m) => m.name === name)
    const published = message?.fields.filter((field) => field.number < 100) ?? []
    assert.equal(published.map(shapeOf).join(', '), fields, name)
    assert.deepEqual(
      published.map((field) => field.number),
      fields.split(', ').map((_, i) => i + 1),
    )
  }
})

test('the names of the JSON form are those of the schema', () => {
  for (const message of file_anrf.messages) for (const field of message.fields) assert.equal(field.jsonName, field.name)
})

test('buf finds nothing to complain about, and generates the committed code', () => {
  const buf = (cwd: string, ...args: readonly string[]): string => {
    const bin = join(ROOT, 'node_modules/.bin')
    const env = {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
      BUF_CACHE_DIR: join(cwd, 'cache'),
    }
    const run = spawnSync(process.execPath, [join(ROOT, 'node_modules/@bufbuild/buf/bin/buf'), ...args], { cwd, env })
    assert.equal(run.status, 0, `${run.error?.message ?? ''}${run.stdout.toString()}${run.stderr.toString()}`)
    return run.stdout.toString()
  }
  const folder = mkdtempSync(join(tmpdir(), 'anrf-schema-'))
  try {
    for (const file of ['anrf.proto', 'buf.yaml', 'buf.gen.yaml']) cpSync(join(SCHEMA, file), join(folder, file))
    assert.equal(buf(folder, 'lint'), '')
    buf(folder, 'generate')
    const generated = readFileSync(join(folder, 'gen/anrf_pb.ts'), 'utf8')
    assert.equal(readFileSync(join(SCHEMA, 'gen/anrf_pb.ts'), 'utf8'), generated)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
