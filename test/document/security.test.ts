// Goal: no document runs without saying what it may touch, and none overrides a default without an approval.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LIMITS, resolveLimits } from '../../src/base/index.ts'
import {
  buildDocument,
  documentId,
  encodeDocument,
  limitsOf,
  readSecurityMetadata,
  type Document,
} from '../../src/document/index.ts'
import { brief, editSample, editSum, open, publishedSum, readFixture, refuse } from './open-helpers.ts'
import { sampleParts } from './sample.ts'

type Section = Document['security']

function refuseSection(edit: (section: Section) => void): string[] {
  return brief(refuse(editSample((document) => edit(document.security))))
}

test('a document without the security section is refused', () => {
  const { security: _, ...document } = buildDocument(sampleParts())
  assert.deepEqual(brief(refuse(encodeDocument({ ...document, anrfId: documentId(document) }))), ['ANRF3005 /security'])
})

test('a v1 document of format ir without the section is refused: only graph documents migrate', () => {
  const { security: _, ...document } = buildDocument(sampleParts())
  assert.deepEqual(brief(refuse(encodeDocument({ ...document, version: 'v1' }))), ['ANRF3005 /security'])
})

test('isolation may be given up only by an override with justification and approval', () => {
  const weaken = (s: Section): void => {
    if (s.isolationRequirements) s.isolationRequirements.processIsolation = false
  }
  assert.deepEqual(refuseSection(weaken), ['ANRF3005 /security/isolation_requirements'])
  assert.deepEqual(
    refuseSection((s) => (s.isolationRequirements = undefined)),
    ['ANRF3005 /security/isolation_requirements'],
  )
  const override = (justification: string, approver: string, time: string): Uint8Array =>
    editSample(({ security }) => {
      weaken(security)
      security.overrideStatus = true
      security.overrideJustification = justification
      security.overrideApproval = {
        $typeName: 'anrf.v1.OverrideApproval',
        approverId: approver,
        approvalTimestamp: time,
        approvalContext: 'ticket 7',
      }
    })
  assert.deepEqual(brief(refuse(override(' ', 'ada', '2026-01-02T03:04:05Z'))), [
    'ANRF3005 /security/override_justification',
  ])
  assert.deepEqual(brief(refuse(override('needed', '', '2026-01-02T03:04:05Z'))), [
    'ANRF3005 /security/override_approval',
  ])
  assert.deepEqual(brief(refuse(override('needed', 'ada', 'yesterday'))), [
    'ANRF3005 /security/override_approval/approval_timestamp',
  ])
  open(override('needed', 'ada', '2026-01-02T03:04:05+01:00'))
})

test('limits have known names, whole numbers and ceilings', () => {
  assert.deepEqual(
    refuseSection((s) => (s.limits['speed'] = 1)),
    ['ANRF3005 /security/limits/speed'],
  )
  assert.deepEqual(
    refuseSection((s) => (s.limits['__proto__x'] = 1)),
    ['ANRF3005 /security/limits/__proto__x'],
  )
  for (const value of [0, -1, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, LIMITS.fuel.ceiling + 1])
    assert.deepEqual(
      refuseSection((s) => (s.limits['fuel'] = value)),
      ['ANRF3005 /security/limits/fuel'],
      String(value),
    )
})

test('capabilities have well-formed names and are asked for once', () => {
  const name = (...names: readonly string[]): string[] =>
    refuseSection(
      (s) =>
        (s.capabilities = ['log', ...names].map((n) => ({
          $typeName: 'anrf.v1.Capability',
          name: n,
          scopes: [],
          reason: '',
        }))),
    )
  assert.deepEqual(name('Log it'), ['ANRF3005 /security/capabilities/1/name'])
  assert.deepEqual(name('log'), ['ANRF3005 /security/capabilities/1/name'])
})

test('the audit trail, safety level and file access are checked', () => {
  const event = {
    $typeName: 'anrf.v1.AuditEvent' as const,
    eventType: '',
    timestamp: '',
    actorId: 'x',
    description: '',
  }
  assert.deepEqual(
    refuseSection((s) => s.auditTrail.push(event)),
    ['ANRF3005 /security/audit_trail/0'],
  )
  assert.deepEqual(
    refuseSection((s) => {
      const limits = s.isolationRequirements?.resourceLimits
      if (limits) Object.assign(limits, { filesystem: 'All', cpu: -1 })
    }),
    ['cpu', 'filesystem'].map((n) => `ANRF3005 /security/isolation_requirements/resource_limits/${n}`),
  )
})

test('the published metadata of schema 1.1.0 is understood', () => {
  const read = readSecurityMetadata(JSON.parse(readFixture('published-security-metadata.json').toString()))
  assert.ok('security' in read)
  assert.equal(read.security.safetyLevel, 'MemorySafe')
  assert.equal(read.security.auditTrail[0]?.eventType, 'Creation')
  assert.equal(read.verificationStatus?.verificationResults['memory_safety_verified'], true)
  assert.deepEqual(read.dependencies, [])
  // 256 MiB and 1000 ms, where the rest has its default.
  assert.deepEqual(limitsOf(read.security), resolveLimits({ memory: 256 * 2 ** 20, wall: 1000 }))
})

test('metadata without a security section, or with a wrong one, is refused', () => {
  const problems = (metadata: unknown): readonly string[] => {
    const read = readSecurityMetadata(metadata)
    return 'diagnostics' in read ? brief(read.diagnostics) : []
  }
  for (const nothing of [undefined, null, 1, 'x', [], {}]) assert.deepEqual(problems(nothing), ['ANRF3005 /security'])
  assert.deepEqual(problems({ security: [] }), ['ANRF3001 /security'])
  assert.deepEqual(problems({ security: { safety_level: 1 } }), ['ANRF3001 /security/safety_level'])
  assert.deepEqual(problems({ security: {}, dependencies: {} }), ['ANRF3001 /dependencies'])
  assert.deepEqual(problems({ security: { override_status: true, override_justification: null } }), [
    'ANRF3005 /security/safety_level',
    'ANRF3005 /security/isolation_requirements',
    'ANRF3005 /security/override_justification',
    'ANRF3005 /security/override_approval',
  ])
})

test('the published sum example loads through the migration, which says so', () => {
  const { document, warnings, id } = open(readFixture('published-sum.json'))
  assert.deepEqual(brief(warnings), ['ANRF3006 /version'])
  assert.equal(document.anrfId, id)
  assert.equal(document.metadata['v1_anrf_id'], 'func_123456')
  assert.deepEqual(document.security.capabilities, [])
  assert.equal(document.security.overrideStatus, false)
  assert.deepEqual(limitsOf(document.security), resolveLimits())
})

test('a migrated document is a document: written and read again it is the same, without a warning', () => {
  const first = open(readFixture('published-sum.json'))
  const second = open(encodeDocument(first.document))
  assert.equal(second.id, first.id)
  assert.deepEqual(second.warnings, [])
  assert.deepEqual(second.document, first.document)
  assert.equal(open(encodeDocument(publishedSum())).id, first.id)
})

test('a migrated constraint with a formal_spec is about the first function, both ways', () => {
  const { document } = open(
    editSum((d) => {
      for (const constraint of d.intent.constraints) constraint.formalSpec = 'true'
    }),
  )
  const refs = document.intent.constraints.map((c) => [c.constraintId, c.semanticRefs])
  assert.deepEqual(refs, [
    ['constraint_1', ['func_sum']],
    ['constraint_2', ['func_sum']],
  ])
  assert.deepEqual(document.semantic.nodes[0]?.intentRefs, ['constraint_1', 'constraint_2'])
})

test('large hostile v1 documents are migrated or refused in linear work', () => {
  const bytes = editSum((d) => {
    const [node, exec, constraint] = [d.semantic.nodes[0], d.execution.nodes[0], d.intent.constraints[0]]
    assert.ok(node && exec && constraint)
    for (let i = 0; i < 8000; i++) {
      d.semantic.nodes.push({ ...node, nodeId: `n${i}`, executionRefs: [`e${i}`] })
      d.execution.nodes.push({ ...exec, nodeId: `e${i}`, operation: 'call', inputs: [], outputs: [] })
      d.intent.constraints.push({ ...constraint, formalSpec: 'true' })
    }
  })
  open(bytes)
})
