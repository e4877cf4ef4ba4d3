// What a run may do is said on the command line: the programs run in worker processes, the tool is a real command.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { decodeDocument, documentId, encodeDocumentJson } from '../../src/document/index.ts'
import { runCommandLine } from '../../src/apps/cli/command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'anrf-access-'))
after(() => rmSync(folder, { recursive: true }))
mkdirSync(join(folder, 'out'))

const OPERATION = {
  description: 'Finds a customer.',
  input: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
  output: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
  binding: { command: [process.execPath, '-e', 'process.stdout.write(JSON.stringify({ name: "Ada" }))'] },
}
const manifest = (operation: object): string =>
  JSON.stringify({ tools: [{ name: 'crm', description: 'Customers.', operations: { lookup: operation } }] })
writeFileSync(join(folder, 'tools.json'), manifest(OPERATION))
writeFileSync(join(folder, 'bad.json'), manifest({ ...OPERATION, binding: { command: ['ls'] } }))
writeFileSync(
  join(folder, 'shop.ts'),
  `import { CapabilityError, lookup } from 'tool:crm'
import * as kv from 'anrf:kv'
import { writeText } from 'anrf:files'
import { secret } from 'anrf:secrets'

export async function report(id: string): Promise<string> {
  const runs = Number((await kv.get('runs')) ?? 0) + 1
  await kv.set('runs', runs)
  const [found, key] = await Promise.all([lookup({ id }), secret('CRM_KEY')])
  await writeText('out/report.txt', found.name)
  return [found.name, runs, key.slice(0, 19)].join(' ')
}

export async function denied(id: string): Promise<string> {
  try {
    return (await lookup({ id })).name
  } catch (error) {
    return error instanceof CapabilityError ? error.capability + ': ' + error.rule : 'another error'
  }
}
`,
)

async function anrf(...words: string[]): Promise<{ exit: string; out: string; err: string }> {
  const said = { out: '', err: '' }
  const exit = await runCommandLine(
    {
      out: (text) => (said.out += String(text)),
      err: (text) => (said.err += text),
      colours: false,
      readStdin: () => Promise.resolve(''),
      folder,
      env: { CRM: 'a-value-that-nobody-sees' },
      stopped: new AbortController().signal,
    },
    words,
  )
  return { exit, ...said }
}

const RUN = ['run', 'shop.ts', '--tools', 'tools.json', '--input', '{"id":"c1"}', '--entry']
const ALL = ['--allow', 'tool:crm', '--allow', 'kv', '--allow', 'files=write:./out', '--allow', 'secrets=CRM_KEY']

test('a run has what was granted, and keeps its values for the next', async () => {
  const secret = ['--secret', 'CRM_KEY@crm.example.com,127.0.0.1:8443=CRM', '--record', 'run.json']
  for (const runs of [1, 2])
    assert.deepEqual(await anrf(...RUN, 'report', ...ALL, ...secret), {
      exit: 'ok',
      out: `"Ada ${runs} anrf-secret-CRM_KEY"\n`,
      err: '',
    })
  assert.equal(readFileSync(join(folder, 'out/report.txt'), 'utf8'), 'Ada')
  assert.ok(!readFileSync(join(folder, 'run.json'), 'utf8').includes('a-value-that-nobody-sees'))
  assert.ok(existsSync(join(folder, '.anrf/anrf.sqlite')))
})

test('what was not granted is denied in words that the program can give on', async () => {
  assert.deepEqual(await anrf(...RUN, 'denied'), { exit: 'ok', out: '"tool:crm: no grant of tool:crm"\n', err: '' })
})

test('a document gets no more than it declares, whatever is granted, and a scope that nobody can read is refused', async () => {
  const declare = async (name: string, scopes: readonly string[]): Promise<void> => {
    const build = ['build', 'shop.ts', '--tools', 'tools.json', '-o', name]
    assert.equal((await anrf(...build)).exit, 'ok')
    const built = decodeDocument(readFileSync(join(folder, name)))
    assert.ok('document' in built)
    const { document } = built
    for (const capability of document.security!.capabilities)
      if (capability.name === 'tool:crm') capability.scopes = [...scopes]
    writeFileSync(join(folder, name), encodeDocumentJson({ ...document, anrfId: documentId(document) }))
  }
  const run = (name: string): ReturnType<typeof anrf> =>
    anrf('run', name, '--tools', 'tools.json', '--input', '{"id":"c1"}', '--entry', 'denied', '--allow', 'tool:crm')
  await declare('lookup.anrf.json', ['lookup'])
  assert.deepEqual(await run('lookup.anrf.json'), { exit: 'ok', out: '"Ada"\n', err: '' })
  await declare('search.anrf.json', ['search'])
  const denied = '"tool:crm: tool:crm=search does not permit the operation lookup"\n'
  assert.deepEqual(await run('search.anrf.json'), { exit: 'ok', out: denied, err: '' })
  await declare('odd.anrf.json', ['look up'])
  const { exit, err } = await run('odd.anrf.json')
  assert.equal(exit, 'refused')
  assert.match(err, /ANRF4010/)
})

test('grants, secrets and tools that are not understood are told together before anything runs', async () => {
  const secrets = ['--secret', 'CRM_KEY@crm.example.com=NONE', '--secret', 'x', '--secret', 'A@http://b.example=CRM']
  const { exit, out, err } = await anrf(...RUN, 'report', '--allow', 'htp=a', '--allow', 'kv=1', ...secrets)
  assert.deepEqual([exit, out], ['refused', ''])
  const lines = err.split('\n').filter((line) => line.startsWith('error'))
  assert.deepEqual(lines, [
    'error[ANRF4010]: the grant "htp=a" is not understood: there is no capability "htp", but http',
    'error[ANRF4010]: the grant "kv=1" is not understood: expected no scope: only `kv`',
    'error[ANRF4011]: the secret CRM_KEY: the environment has no variable NONE',
    'error[ANRF4011]: the secret "x": expected NAME@HOST=VARIABLE',
    'error[ANRF4011]: the secret "A": the host "http://b.example": only this machine may have a secret without https',
  ])
  const bad = await anrf('check', 'shop.ts', '--tools', 'bad.json')
  assert.deepEqual([bad.exit, /ANRF4012.*path of a command/.test(bad.err)], ['refused', true])
})

test('a program that imports a tool is checked, inspected and built with its description', async () => {
  assert.equal((await anrf('check', 'shop.ts', '--tools', 'tools.json')).out, 'shop.ts: ok\n')
  assert.equal((await anrf('check', 'shop.ts')).exit, 'refused')
  const { out } = await anrf('inspect', 'shop.ts', '--tools', 'tools.json')
  assert.match(out, /tool:crm/)
  assert.equal((await anrf('build', 'shop.ts', '--tools', 'tools.json')).exit, 'ok')
  // The document needs no description any more to run.
  const ran = await anrf('run', 'shop.anrf.json', '--entry', 'denied', '--input', '{"id":"c1"}')
  assert.equal(ran.out, '"tool:crm: no grant of tool:crm"\n')
})
