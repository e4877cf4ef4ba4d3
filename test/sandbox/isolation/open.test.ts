// Which isolation is chosen, and what is said where it cannot be had.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { openIsolation } from '../../../src/sandbox/index.ts'
import { findProgram } from '../../../src/sandbox/isolation/programs.ts'

const OPEN = join(import.meta.dirname, '../../../src/sandbox/isolation/open.ts')

/** What a process that may not make user namespaces is given for a choice: its level, or the refusal. */
function openWithoutNamespaces(bubblewrap: string, choice: string, options: object): Record<string, unknown> {
  const script = `import { openIsolation } from ${JSON.stringify(OPEN)}
    process.stdout.write(JSON.stringify(await openIsolation(${JSON.stringify(choice)}, ${JSON.stringify(options)})))`
  const view = [
    '--unshare-user',
    '--disable-userns',
    '--bind',
    '/',
    '/',
    '--dev',
    '/dev',
    '--proc',
    '/proc',
    '--unshare-pid',
  ]
  const node = [process.execPath, '--no-warnings', '--input-type=module', '--eval', script]
  const run = spawnSync(bubblewrap, [...view, '--', ...node], { encoding: 'utf8' })
  assert.equal(run.status, 0, run.stderr)
  return JSON.parse(run.stdout) as Record<string, unknown>
}

test('none is given only when it is asked for', async () => {
  const none = await openIsolation('none')
  assert.equal('level' in none && none.level, 'none')
  const auto = await openIsolation('auto')
  assert.ok('level' in auto && auto.level !== 'none')
})

test('where the machine is too busy to prove the strongest level, no weaker one is taken', async () => {
  const late = await openIsolation('auto', { proofMsMax: 1 })
  assert.ok('refused' in late)
  assert.match(
    late.refused.message,
    /^No isolation can be had here: (container needs .*; )?\w+ could not be proved \(its proof took more than 0\.001 s\)$/,
  )
  assert.match(late.refused.hint ?? '', /when the machine is less busy/)
  // It was not taken for refuted.
  const again = await openIsolation('auto', { recalls: true })
  assert.equal('level' in again && again.level, findProgram('bwrap') === undefined ? 'seccomp' : 'container')
})

test('a command is given what a service proved before', async () => {
  const proved = await openIsolation('auto')
  const recalled = await openIsolation('auto', { recalls: true })
  assert.ok('level' in proved && 'level' in recalled)
  assert.equal(recalled.level, proved.level)
})

test('a runtime that is not there is refused by its name', async () => {
  const opened = await openIsolation('oci', { ociRuntime: 'no-such-runtime' })
  assert.ok('refused' in opened)
  assert.equal(opened.refused.code, 'ANRF7001')
  assert.match(opened.refused.message, /oci needs no-such-runtime, which is not installed$/)
  assert.match(opened.refused.hint ?? '', /no-such-runtime.*--isolation none/)
})

test('a program that is no worker is not taken for a proof', async () => {
  const opened = await openIsolation('oci', { ociRuntime: '/bin/true' })
  assert.ok('refused' in opened)
  assert.match(opened.refused.message, /oci does not hold here/)
})

const bubblewrap = findProgram('bwrap')
if (bubblewrap === undefined)
  test('without bubblewrap, a container is refused with the command that installs it', async () => {
    const opened = await openIsolation('container')
    assert.ok('refused' in opened)
    assert.match(opened.refused.hint ?? '', /install bubblewrap|add bubblewrap|-S bubblewrap/)
  })
else
  test('where user namespaces are forbidden, auto is seccomp, and container is refused', () => {
    for (const recalls of [false, true])
      assert.equal(openWithoutNamespaces(bubblewrap, 'auto', { recalls })['level'], 'seccomp')
    const { refused } = openWithoutNamespaces(bubblewrap, 'container', {}) as { refused: Record<string, string> }
    assert.equal(refused['code'], 'ANRF7001')
    assert.match(refused['message'] ?? '', /container does not hold here \(bwrap: /)
    assert.match(refused['hint'] ?? '', /user namespaces/)
  })
