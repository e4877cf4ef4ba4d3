// Who must have signed what, and what is said about an artifact by whom.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  documentId,
  SIGNATURE_TYPE,
  signDocument,
  signStatement,
  type Document,
  type SigningKey,
} from '../../src/document/index.ts'
import { parseSignatureRules } from '../../src/registry/index.ts'
import { missingSignatures, ruleFor, type SignatureRule } from '../../src/registry/trust.ts'
import { documentOf } from './documents.ts'
import { accepted, namedKey, openTestRegistry, publishDocument, TENANT } from './open-registry.ts'

const [alice, bob, carol, mallory] = ['alice', 'bob', 'carol', 'mallory'].map(namedKey)
const keys = [alice!.trusted, bob!.trusted, carol!.trusted]
const rules = (text: string): readonly SignatureRule[] => {
  const parsed = parseSignatureRules(text)
  assert.ok(typeof parsed !== 'string', String(parsed))
  return parsed
}
const codes = (result: object): string[] =>
  'diagnostics' in result ? (result.diagnostics as { code: string }[]).map(({ code }) => code) : []

function statement(document: Document, key: SigningKey, predicateType: string, predicate: unknown): unknown {
  const subject = [{ name: 'sample', digest: { sha256: documentId(document).slice(7) } }]
  return signStatement({ subject, predicateType, predicate }, key)
}

test('the rule that names a program comes before beginnings of its name, and long ones before short ones', () => {
  const trust = { keys, rules: rules('*=1; acme.*=2; acme.pay*=3; acme.pay=0') }
  for (const [name, count] of [
    ['acme.pay', 0],
    ['acme.payroll', 3],
    ['acme.tax', 2],
    ['acme', 1],
    [undefined, 1],
  ] as const)
    assert.equal(ruleFor(trust, name)?.count, count, String(name))
  assert.equal(ruleFor({ keys, rules: [] }, 'acme'), undefined)
})

test('only the keys that a rule names count for it', () => {
  const trust = { keys, rules: rules('acme.*=2 of alice, bob') }
  const missing = (...names: number[]): boolean =>
    missingSignatures(
      trust,
      'acme.pay',
      names.map((i) => keys[i]!),
    ) !== undefined
  assert.deepEqual([missing(0), missing(0, 2), missing(0, 1), missing(0, 1, 2)], [true, true, false, false])
})

test('a program needs its signatures to be published at all, and all of them to run or to be found by name', async () => {
  const on = await openTestRegistry({ trust: { keys, rules: rules('sample=2 of alice,bob,carol; *=1') } })
  const document = documentOf()
  assert.deepEqual(codes(await publishDocument(on.registry, document)), ['ANRF3003'])
  const first = accepted(
    await publishDocument(on.registry, document, { attestations: [signDocument(document, alice!.key)] }),
  )
  assert.deepEqual(codes(await on.registry.load(first)), ['ANRF3003'])
  assert.equal(await on.registry.resolve(TENANT, 'sample'), undefined)
  // The same key twice is one key.
  const twice = await on.registry.sign(first, { ...signDocument(document, alice!.key), verificationMaterial: {} }, 'a')
  assert.ok('artifact' in twice && twice.isNew)
  assert.deepEqual(codes(await on.registry.load(twice.artifact)), ['ANRF3003'])
  const second = await on.registry.sign(first, signDocument(document, bob!.key), 'bob')
  assert.ok('artifact' in second)
  const loaded = await on.registry.load(second.artifact)
  assert.ok('opened' in loaded)
  assert.deepEqual(
    loaded.signedBy.map(({ name }) => name),
    ['alice', 'bob'],
  )
  assert.equal((await on.registry.resolve(TENANT, 'sample'))?.id, first.id)
  on.close()
})

test('one bundle may hold several signatures', async () => {
  const on = await openTestRegistry({ trust: { keys, rules: rules('*=2') } })
  const document = documentOf()
  const [one, two] = [alice, bob].map((who) => signDocument(document, who!.key))
  const signatures = [...one!.dsseEnvelope.signatures, ...two!.dsseEnvelope.signatures]
  const both = { ...one!, dsseEnvelope: { ...one!.dsseEnvelope, signatures } }
  const artifact = accepted(await publishDocument(on.registry, document, { attestations: [both] }))
  assert.ok('opened' in (await on.registry.load(artifact)))
  on.close()
})

test('half-signed newer versions do not take the name from a signed older one', async () => {
  const on = await openTestRegistry({ trust: { keys, rules: rules('*=2') } })
  const publish = async (version: string, ...who: (typeof alice)[]): Promise<void> => {
    const document = documentOf({ version })
    const attestations = who.map((one) => signDocument(document, one!.key))
    accepted(await publishDocument(on.registry, document, { attestations }))
  }
  await publish('1.0.0', alice, bob)
  await publish('1.1.0', alice)
  assert.equal((await on.registry.resolve(TENANT, 'sample'))?.version, '1.0.0')
  assert.equal((await on.registry.resolve(TENANT, 'sample@1.1.0'))?.version, '1.1.0')
  on.close()
})

test('a key that lost its trust counts no more, and what only it signed does not run', async () => {
  const on = await openTestRegistry({ trust: { keys, rules: [] } })
  const document = documentOf()
  const artifact = accepted(
    await publishDocument(on.registry, document, { attestations: [signDocument(document, alice!.key)] }),
  )
  const { createRegistry } = await import('../../src/registry/index.ts')
  const later = createRegistry({ store: on.store, trust: { keys: [bob!.trusted], rules: [] } })
  assert.deepEqual(codes(await later.load(artifact)), ['ANRF3003'])
  const signed = await later.sign(artifact, signDocument(document, bob!.key), 'bob')
  assert.ok('artifact' in signed && 'opened' in (await later.load(signed.artifact)))
  on.close()
})

test('statements are checked: by whom, about what, and of which form; unknown types are kept', async () => {
  const on = await openTestRegistry({ trust: { keys, rules: [] } })
  const document = documentOf()
  const artifact = accepted(await publishDocument(on.registry, document))
  const attest = (bundle: unknown): Promise<object> => on.registry.attest(artifact, bundle, 'ci')
  const slsa = 'https://slsa.dev/provenance/v1'
  const provenance = {
    buildDefinition: { buildType: 'https://example.com/build/v1', externalParameters: { source: 'git' } },
    runDetails: { builder: { id: 'https://example.com/ci' } },
  }
  const verification = {
    verifier: { id: 'urn:example:verifier' },
    obligations: [{ name: 'ensures', level: 'tested', count: 100 }],
  }
  const verificationType = 'urn:anrf:predicate:verification:v1'
  const review = statement(document, carol!.key, 'https://example.com/review/v1', { ok: true })
  for (const bundle of [
    statement(document, alice!.key, slsa, provenance),
    statement(document, bob!.key, verificationType, verification),
    review,
  ])
    assert.deepEqual(codes(await attest(bundle)), [])
  assert.equal('isNew' in (await attest(review)) && (await on.registry.referrers(artifact)).length, 3)
  const [found, ...others] = await on.registry.referrers(artifact, slsa)
  assert.deepEqual(others, [])
  assert.equal(found?.addedBy, 'ci')
  const bad: readonly (readonly [string, unknown])[] = [
    ['ANRF3003', statement(document, mallory!.key, slsa, provenance)],
    ['ANRF3003', statement(documentOf({ version: '2.0.0' }), alice!.key, slsa, provenance)],
    ['ANRF5050', statement(document, alice!.key, slsa, { runDetails: {} })],
    [
      'ANRF5050',
      statement(document, alice!.key, verificationType, {
        ...verification,
        obligations: [{ name: 'x', level: 'sure' }],
      }),
    ],
    ['ANRF3003', statement(document, alice!.key, 'no uri', {})],
    ['ANRF3003', null],
    ['ANRF3003', { ...(review as object), mediaType: 'x' }],
  ]
  for (const [code, bundle] of bad) assert.deepEqual(codes(await attest(bundle)), [code], JSON.stringify(bundle))
  assert.deepEqual(codes(await on.registry.sign(artifact, review, 'ci')), ['ANRF5050'])
  assert.deepEqual(await on.registry.referrers(artifact, SIGNATURE_TYPE), [])
  on.close()
})

test('of a publication with one bad statement nothing is taken', async () => {
  const on = await openTestRegistry({ trust: { keys, rules: [] } })
  const document = documentOf()
  const good = signDocument(document, alice!.key)
  const refused = await publishDocument(on.registry, document, { attestations: [good, {}, good, null], readme: 'x' })
  assert.ok('refused' in refused)
  assert.deepEqual(
    refused.diagnostics.map(({ pointer }) => pointer),
    ['/attestations/1/dsseEnvelope', '/attestations/3/dsseEnvelope'],
  )
  assert.equal(await on.registry.resolve(TENANT, documentId(document)), undefined)
  assert.deepEqual(await on.store.blobs.list('', 10), [])
  on.close()
})

test('an artifact has a bounded number of statements, and a refused publication leaves none', async () => {
  const on = await openTestRegistry({ trust: { keys, rules: [] } })
  const document = documentOf()
  const review = (n: number): unknown => statement(document, alice!.key, 'https://example.com/review/v1', { n })
  const many = Array.from({ length: 99 }, (_, n) => review(n))
  const artifact = accepted(await publishDocument(on.registry, document, { attestations: many }))
  assert.deepEqual(codes(await publishDocument(on.registry, document, { attestations: [review(100), review(101)] })), [
    'ANRF5050',
  ])
  assert.equal((await on.registry.referrers(artifact)).length, 99)
  assert.deepEqual(codes(await on.registry.attest(artifact, review(100), 'a')), [])
  assert.deepEqual(codes(await on.registry.attest(artifact, review(101), 'a')), ['ANRF5050'])
  on.close()
})
