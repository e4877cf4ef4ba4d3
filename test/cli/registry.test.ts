// Commands about versions of published programs, and how programs come from one service to another.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runCommandLine } from '../../src/apps/cli/command-line.ts'
import { encodeDocument, signDocument } from '../../src/document/index.ts'
import { documentOf } from '../registry/documents.ts'
import { startFakeRegistry, type FakeRegistry } from '../registry/fake-registry.ts'
import { namedKey } from '../registry/open-registry.ts'
import { startTestService, stopTestService, type TestService } from '../service/harness.ts'

const folder = mkdtempSync(join(tmpdir(), 'anrf-cli-registry-'))
const alice = namedKey('alice')
const first = documentOf({ name: 'sum', description: 'Adds numbers' })
let on: TestService
let other: TestService
let oci: FakeRegistry
let publisher = ''

before(async () => {
  const config = { trustedKeys: [alice.trusted], approval: 'widening' } as const
  ;[on, other, oci] = await Promise.all([startTestService(config), startTestService(config), startFakeRegistry()])
  const { body } = await on.ask('POST', '/keys', { body: { label: 'publisher', scopes: ['publish', 'read'] } })
  publisher = String(body['key'])
  writeFileSync(join(folder, 'sum.anrf'), encodeDocument(first))
  writeFileSync(
    join(folder, 'wide.anrf'),
    encodeDocument(documentOf({ name: 'sum', version: '1.1.0', capabilities: [{ name: 'kv' }] })),
  )
  writeFileSync(join(folder, 'sum.sig.json'), JSON.stringify(signDocument(first, alice.key)))
  writeFileSync(join(folder, 'README.md'), '# Sums\n')
})
after(async () => {
  await Promise.all([stopTestService(on), stopTestService(other), oci.close()])
  rmSync(folder, { recursive: true })
})

async function anrf(words: readonly string[], service: TestService = on, key = service.key) {
  const said = { out: '', err: '' }
  const terminal = {
    out: (text: string | Uint8Array) => void (said.out += String(text)),
    err: (text: string) => void (said.err += text),
    colours: false,
    readStdin: () => Promise.resolve(''),
    folder,
    env: { XDG_CONFIG_HOME: folder, DOCKER_CONFIG: folder, ANRF_SERVER: service.service.url, ANRF_KEY: key },
    stopped: new AbortController().signal,
  }
  return { exit: await runCommandLine(terminal, words), ...said }
}

test('a program is published with its README, found, signed later, and yanked and put back', async () => {
  assert.match(
    (await anrf(['publish', 'sum.anrf', '--readme', 'README.md'], on, publisher)).out,
    /^sum@1\.0\.0 sha256:/,
  )
  assert.match((await anrf(['search', 'add'])).out, /sum@1\.0\.0/)
  assert.equal((await anrf(['search', 'nobody'])).out, 'nothing fits\n')
  assert.equal((await anrf(['search'])).exit, 'usage')
  assert.match((await anrf(['attach', 'sum@1.0.0', 'sum.sig.json'])).out, /^urn:anrf:predicate:document:v1 sha256:/)
  assert.match((await anrf(['attach', 'sum', 'sum.sig.json'])).err, /ANRF5003.*name the version exactly/s)
  assert.equal((await anrf(['yank', 'sum@1.0.0'])).exit, 'usage')
  assert.equal((await anrf(['yank', 'sum@1.0.0', '--reason', 'wrong'])).out, 'sum@1.0.0 yanked\n')
  assert.equal((await anrf(['execute', 'sum'])).exit, 'refused')
  const pinned = JSON.parse((await anrf(['execute', 'sum@1.0.0', '--json'])).out)
  assert.equal(pinned.warnings[0].message, 'sum@1.0.0 was yanked: wrong')
  assert.equal((await anrf(['yank', 'sum@1.0.0', '--undo'])).out, 'sum@1.0.0 is back\n')
  assert.equal((await anrf(['dependents', 'sum@1.0.0'])).out, 'nobody is known to call it\n')
})

test('a version that may touch more is shown, and approved by somebody else', async () => {
  assert.equal((await anrf(['publish', 'wide.anrf'], on, publisher)).exit, 'ok')
  const { exit, out } = await anrf(['diff', 'sum@1.0.0', 'sum@1.1.0'])
  assert.equal(exit, 'refused')
  assert.equal(out, '! capability kv added\nit may touch more\n')
  assert.equal((await anrf(['diff', 'sum@1.1.0', 'sum@1.0.0'])).out, '  capability kv removed\nit may touch no more\n')
  assert.equal((await anrf(['approve', 'sum@1.1.0'], on, publisher)).exit, 'denied')
  assert.equal((await anrf(['approve', 'sum@1.1.0', '--note', 'fine'])).out, 'sum@1.1.0 approved\n')
  assert.match((await anrf(['approve', 'sum@1.1.0'])).err, /ANRF5006/)
})

test('a program goes through a file to another service, with its signature and README', async () => {
  assert.match((await anrf(['export', 'sum@1.0.0', 'sum.tar'])).out, /^sum\.tar sha256:\w+, 1 statements\n$/)
  assert.match((await anrf(['import', 'sum.tar'], other)).out, /^sum@1\.0\.0 sha256:/)
  await anrf(['export', 'sum@1.0.0', 'again.tar'], other)
  assert.deepEqual(readFileSync(join(folder, 'again.tar')), readFileSync(join(folder, 'sum.tar')))
  writeFileSync(join(folder, 'cut.tar'), readFileSync(join(folder, 'sum.tar')).subarray(0, 3000))
  assert.match((await anrf(['import', 'cut.tar'], other)).err, /ANRF5057/)
})

test('a program goes through an OCI registry', async () => {
  const pushed = await anrf(['push', 'sum@1.0.0', `${oci.host}/programs/sum`])
  assert.match(pushed.out, /^127\.0\.0\.1:\d+\/programs\/sum:1\.0\.0@sha256:[0-9a-f]{64}\n$/)
  assert.match((await anrf(['pull', `${oci.host}/programs/sum:1.0.0`], other)).out, /^sum@1\.0\.0 sha256:/)
  await anrf(['push', `oci://${oci.host}/programs/sum:1.0.0`, `${oci.host}/copies/sum`])
  await anrf(['pull', `${oci.host}/copies/sum:1.0.0`, '-o', 'pulled.tar'])
  assert.deepEqual(readFileSync(join(folder, 'pulled.tar')), readFileSync(join(folder, 'sum.tar')))
  assert.match((await anrf(['pull', `${oci.host}/programs/none:9.9.9`], other)).err, /ANRF5055.*has no 9\.9\.9/s)
  assert.match((await anrf(['push', 'sum@1.0.0', 'sum'])).err, /ANRF5054/)
})
