// Programs in OCI registries and files: against Debian's docker-registry, a registry with referrers, and hostile ones.
import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  canonicalJson,
  documentId,
  encodeDocument,
  signDocument,
  signStatement,
  type Document,
} from '../../src/document/index.ts'
import { parseChallenge } from '../../src/registry/oci/authentication.ts'
import { findCredentials, type Credentials } from '../../src/registry/oci/credentials.ts'
import { OciError } from '../../src/registry/oci/failure.ts'
import { exportPackage, importPackage } from '../../src/registry/oci/file.ts'
import { layOut, type Package } from '../../src/registry/oci/package.ts'
import { parseOciReference } from '../../src/registry/oci/reference.ts'
import type { RegistryClientOptions } from '../../src/registry/oci/registry-client.ts'
import { readTar, writeTar } from '../../src/registry/oci/tar.ts'
import { pull, push } from '../../src/registry/oci/transfer.ts'
import { hasDockerRegistry, INSTALL, LOGIN, startDockerRegistry, type DockerRegistry } from './docker-registry.ts'
import { documentOf } from './documents.ts'
import { startFakeRegistry, type FakeRegistry } from './fake-registry.ts'
import { namedKey } from './open-registry.ts'

const alice = namedKey('alice')
const FAST: RegistryClientOptions = { pauseMs: 1, timeoutMs: 5000 }

function packageOf(document: Document = documentOf({ description: 'Adds ünïcode' })): Package {
  const subject = [{ name: 'sample', digest: { sha256: documentId(document).slice(7) } }]
  const review = { subject, predicateType: 'https://example.com/review/v1', predicate: { ok: true } }
  return {
    document: encodeDocument(document),
    readme: Buffer.from('# Sample\n'),
    attestations: [signDocument(document, alice.key), signStatement(review, alice.key)].map(canonicalJson),
  }
}

const place = (host: string, rest = 'programs/sample') => parseOciReference(`${host}/${rest}`)
const same = (found: Package, expected: Package): void => {
  assert.deepEqual(Buffer.from(found.document), Buffer.from(expected.document))
  assert.deepEqual(found.readme && Buffer.from(found.readme), expected.readme && Buffer.from(expected.readme))
  assert.deepEqual(found.attestations.toSorted(), expected.attestations.toSorted())
}
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'accepted',
    (error: unknown) => {
      if (!(error instanceof OciError)) throw error
      return `${error.diagnostic.code} ${error.message}`
    },
  )

let fake: FakeRegistry
before(async () => {
  fake = await startFakeRegistry()
})
after(() => fake.close())
const withOverride = async <T>(override: FakeRegistry['override'], work: () => Promise<T>): Promise<T> => {
  fake.override = override
  return work().finally(() => (fake.override = undefined))
}

test('an exported file comes back byte by byte, and the same package is the same file', async () => {
  const given = packageOf()
  const file = exportPackage(given)
  const back = await importPackage(file)
  same(back, given)
  assert.deepEqual(Buffer.from(exportPackage(back)), Buffer.from(file))
  assert.deepEqual(Buffer.from(exportPackage({ ...given, attestations: [...given.attestations] })), Buffer.from(file))
})

test('every flipped bit of an exported file is found, or changes nothing of what is taken', async () => {
  const given = packageOf()
  const file = Buffer.from(exportPackage(given))
  let refused = 0
  const step = 97
  for (let at = 0; at < file.length; at += step) {
    const changed = Buffer.from(file)
    changed[at]! ^= 1 << (at % 8)
    const taken = await importPackage(changed).catch((error: unknown) => {
      if (!(error instanceof OciError)) throw error
      return undefined
    })
    if (!taken) refused++
    // Statements may be left out by a change of the index, never altered.
    else assert.deepEqual(Buffer.from(taken.document), Buffer.from(given.document), `byte ${at}`)
    for (const one of taken?.attestations ?? []) assert.ok(given.attestations.includes(one))
  }
  assert.ok(refused > file.length / step / 3, `${refused}`)
})

test('files that are none are refused', async () => {
  const file = Buffer.from(exportPackage(packageOf()))
  const entries = [...readTar(file)].map(([name, bytes]) => ({ name, bytes }))
  const cases: readonly (readonly [Uint8Array, RegExp])[] = [
    [Buffer.from('nothing'), /ANRF5057 .*end is missing/],
    [file.subarray(0, 5000), /ANRF5057/],
    [writeTar([]), /ANRF5057 .*no OCI image layout/],
    [writeTar(entries.filter(({ name }) => !name.startsWith('blobs/'))), /ANRF5057 .*lacks sha256:/],
    [writeTar([...entries, entries[0]!]), /ANRF5057 .*twice/],
  ]
  for (const [bytes, expected] of cases) assert.match(await codeOf(importPackage(bytes)), expected)
})

test('a manifest must follow from its document', () => {
  const { manifest, blobs, referrers } = layOut(packageOf())
  const text = Buffer.from(manifest.bytes).toString()
  assert.equal(JSON.parse(text).artifactType, 'application/vnd.anrf.document.v1')
  assert.equal(blobs.length, 3)
  assert.equal(referrers.length, 2)
})

test('a registry with referrers gives back what was pushed', async () => {
  const given = packageOf()
  const pushed = await push(given, place(fake.host), '1.0.0', { ...FAST, chunkBytes: 200 })
  assert.deepEqual([pushed.tag, pushed.isNew], ['1.0.0', true])
  assert.ok(fake.seen.some(({ method }) => method === 'PATCH'))
  same(await pull(place(fake.host, 'programs/sample:1.0.0'), FAST), given)
  same(await pull(place(fake.host, `programs/sample@${pushed.digest}`), FAST), given)
  assert.equal((await push(given, place(fake.host), '1.0.0', FAST)).isNew, false)
})

test('a tag that stands for another artifact is not moved', async () => {
  await push(packageOf(), place(fake.host, 'programs/moved'), '1.0.0', FAST)
  const other = packageOf(documentOf({ description: 'Another' }))
  assert.match(
    await codeOf(push(other, place(fake.host, 'programs/moved'), '1.0.0', FAST)),
    /ANRF5055 .*is there already/,
  )
})

for (const login of [false, true])
  test(`Debian's docker-registry, ${login ? 'with a password' : 'open to all'}`, async (context) => {
    if (!hasDockerRegistry) return context.diagnostic(INSTALL)
    const registry: DockerRegistry = await startDockerRegistry(login)
    const options = { ...FAST, ...(login && { credentials: async () => LOGIN }) }
    try {
      const given = packageOf()
      for (const chunkBytes of [1 << 20, 200]) {
        const target = place(registry.host, `programs/sum${chunkBytes}`)
        const { digest, tag } = await push(given, target, '1.0.0', { ...options, chunkBytes })
        same(await pull({ ...target, tag }, options), given)
        const more = signStatement(
          {
            subject: [
              { name: 'x', digest: { sha256: documentId(documentOf({ description: 'Adds ünïcode' })).slice(7) } },
            ],
            predicateType: 'urn:x:later',
            predicate: {},
          },
          alice.key,
        )
        const grown = { ...given, attestations: [...given.attestations, canonicalJson(more)] }
        assert.equal((await push(grown, target, '1.0.0', options)).isNew, false)
        same(await pull({ ...target, digest }, options), grown)
      }
      if (!login) return
      assert.match(await codeOf(pull(place(registry.host, 'programs/sum200:1.0.0'), FAST)), /does not let you in/)
      const wrong = { ...FAST, credentials: async () => ({ ...LOGIN, password: 'wrong' }) }
      assert.match(await codeOf(pull(place(registry.host, 'programs/sum200:1.0.0'), wrong)), /does not let you in/)
    } finally {
      await registry.close()
    }
  })

test('tokens come from the realm of the registry, with the scope that is needed', async () => {
  const tokens: string[] = []
  const bearer: FakeRegistry['override'] = (request, response) => {
    const { url = '', headers } = request
    if (url.startsWith('/token')) {
      tokens.push(`${headers.authorization} ${decodeURIComponent(url)}`)
      response.end(JSON.stringify({ token: 'sesame' }))
      return true
    }
    if (headers.authorization === 'Bearer sesame') return false
    const challenge = `Bearer realm="http://${fake.host}/token",service="the \\"registry\\"",scope="repository:programs/secret:pull,push"`
    response.writeHead(401, { 'www-authenticate': challenge }).end()
    return true
  }
  const given = packageOf()
  const options = { ...FAST, credentials: async (): Promise<Credentials> => LOGIN }
  await withOverride(bearer, async () => {
    await push(given, place(fake.host, 'programs/secret'), '1.0.0', options)
    same(await pull(place(fake.host, 'programs/secret:1.0.0'), options), given)
  })
  const basic = `Basic ${Buffer.from('anrf:correct horse').toString('base64')}`
  assert.deepEqual(
    tokens,
    Array(2).fill(`${basic} /token?service=the+"registry"&scope=repository:programs/secret:pull,push`),
  )
})

test('credentials go to no other host, whatever it redirects to', async () => {
  const given = packageOf()
  await push(given, place(fake.host, 'programs/far'), '1.0.0', FAST)
  const elsewhere = await startFakeRegistry()
  const leaks: (string | undefined)[] = []
  elsewhere.override = (request, response) => {
    leaks.push(request.headers.authorization)
    // It keeps the blobs of the registry.
    void fetch(`http://${fake.host}${request.url}`).then(async (answer) =>
      response.end(Buffer.from(await answer.arrayBuffer())),
    )
    return true
  }
  const redirect: FakeRegistry['override'] = ({ url = '', headers }, response) => {
    if (!url.includes('/blobs/') || headers.authorization === undefined) {
      if (headers.authorization !== undefined || url.includes('/blobs/')) return false
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
      return true
    }
    response.writeHead(307, { location: `http://${elsewhere.host}${url}` }).end()
    return true
  }
  const options = { ...FAST, credentials: async (): Promise<Credentials> => LOGIN }
  await withOverride(redirect, async () => same(await pull(place(fake.host, 'programs/far:1.0.0'), options), given))
  assert.ok(leaks.length > 0)
  assert.deepEqual([...new Set(leaks)], [undefined])
  await elsewhere.close()
})

test('hostile registries: wrong digests, too much, too little, too slow, too many hops, other schemes', async () => {
  const given = packageOf()
  const { digest } = await push(given, place(fake.host, 'programs/hostile'), '1.0.0', FAST)
  const at = place(fake.host, `programs/hostile@${digest}`)
  const on = (part: RegExp, answer: (response: Parameters<NonNullable<FakeRegistry['override']>>[1]) => void) =>
    withOverride(
      (request, response) => {
        if (!part.test(request.url ?? '')) return false
        answer(response)
        return true
      },
      () => codeOf(pull(at, { ...FAST, timeoutMs: 300 })),
    )
  const junk = Buffer.alloc(100, 'x')
  assert.match(
    await on(/manifests\/sha256/, (r) => r.end('{}')),
    /ANRF5056 .*was asked for, and the manifest that came is/,
  )
  assert.match(await on(/blobs/, (r) => r.end(junk)), /ANRF5056/)
  assert.match(await on(/manifests\/sha256/, (r) => r.end(Buffer.alloc(5 * 2 ** 20))), /ANRF5056 .*sends more than the/)
  assert.match(await on(/blobs/, (r) => r.end(Buffer.alloc(20 * 2 ** 20))), /ANRF5056 .*sends more than the/)
  assert.match(
    await on(/blobs/, (r) => {
      r.writeHead(200, { 'content-length': 1000 })
      r.write('cut')
      r.destroy()
    }),
    /ANRF5055 .*cannot be reached/,
  )
  assert.match(await on(/blobs/, (r) => void r.writeHead(200).write('a')), /ANRF5055 .*took too long/)
  assert.match(
    await on(/blobs/, (r) => r.writeHead(302, { location: './again' }).end()),
    /ANRF5056 .*redirects more than/,
  )
  for (const location of ['http://example.com/x', 'ftp://127.0.0.1/x', 'file:///etc/passwd'])
    assert.match(await on(/blobs/, (r) => r.writeHead(302, { location }).end()), /ANRF5056 .*only this machine may be/)
  assert.match(await on(/blobs/, (r) => r.writeHead(500).end('no')), /ANRF5055 .*answers 500/)
  assert.match(await on(/referrers/, (r) => r.end('[]')), /ANRF5056/)
  const many = JSON.stringify({
    manifests: Array.from({ length: 101 }, () => ({
      mediaType: 'x',
      digest,
      size: 1,
      artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    })),
  })
  assert.match(await on(/referrers/, (r) => r.end(many)), /ANRF5056 .*101 statements/)
  same(await pull(at, FAST), given)
})

test('a registry that is busy for a moment is asked again', async () => {
  const given = packageOf()
  await push(given, place(fake.host, 'programs/busy'), '1.0.0', FAST)
  let busy = 0
  const sometimes: FakeRegistry['override'] = (_, response) => {
    if (busy++ % 3 !== 0) return false
    response.writeHead(503, { 'retry-after': '0' }).end()
    return true
  }
  await withOverride(sometimes, async () => same(await pull(place(fake.host, 'programs/busy:1.0.0'), FAST), given))
})

test('places name their registry, and only this machine is spoken to without TLS', () => {
  assert.deepEqual(parseOciReference('oci://localhost:5000/a/b:1.0.0'), {
    host: 'localhost:5000',
    repository: 'a/b',
    tag: '1.0.0',
  })
  for (const text of [
    'sum',
    'sum:1',
    'library/sum',
    'example.com/UPPER',
    'example.com/',
    'example.com/a:-',
    'a b.com/x',
    'http://example.com/a',
  ])
    assert.throws(() => parseOciReference(text), OciError, text)
})

test('credentials are those of docker, or of the environment for one host', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'anrf-docker-'))
  const auth = Buffer.from('me:pass:word').toString('base64')
  const auths = { 'a.example.com': { auth }, 'b.example.com': { identitytoken: 'idt' } }
  writeFileSync(join(dir, 'config.json'), JSON.stringify({ auths, credHelpers: { 'c.example.com': '../evil' } }))
  const env = { DOCKER_CONFIG: dir }
  assert.deepEqual(await findCredentials('a.example.com', env), { user: 'me', password: 'pass:word' })
  assert.deepEqual(await findCredentials('b.example.com', env), { identityToken: 'idt' })
  assert.equal(await findCredentials('d.example.com', env), undefined)
  await assert.rejects(findCredentials('c.example.com', env), OciError)
  const named = { ...env, ANRF_REGISTRY_HOST: 'd.example.com', ANRF_REGISTRY_USER: 'u', ANRF_REGISTRY_PASSWORD: 'p' }
  assert.deepEqual(await findCredentials('d.example.com', named), { user: 'u', password: 'p' })
  assert.equal(await findCredentials('e.example.com', named), undefined)
  rmSync(dir, { recursive: true })
})

test('challenges are read as RFC 9110 writes them', () => {
  assert.deepEqual(parseChallenge('Bearer realm="https://x/t?a=b,c",service="y", scope="repository:z:pull,push"'), {
    scheme: 'bearer',
    params: { realm: 'https://x/t?a=b,c', service: 'y', scope: 'repository:z:pull,push' },
  })
})

test('the signature of a bundle verifies with node:crypto alone, written anew here', () => {
  const document = documentOf()
  const { dsseEnvelope, mediaType } = signDocument(document, alice.key)
  assert.equal(mediaType, 'application/vnd.dev.sigstore.bundle.v0.3+json')
  const body = Buffer.from(dsseEnvelope.payload, 'base64')
  const { payloadType } = dsseEnvelope
  const message = Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${body.length} `), body])
  const signature = Buffer.from(dsseEnvelope.signatures[0]!.sig, 'base64')
  assert.equal(verify(null, message, createPublicKey(alice.key.publicKey), signature), true)
  const { subject } = JSON.parse(body.toString()) as { subject: { digest: { sha256: string } }[] }
  assert.equal(subject[0]!.digest.sha256, documentId(document).slice(7))
})
