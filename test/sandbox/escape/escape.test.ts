// Native code in place of the worker, in the same profile: of all its attempts to get out, none succeeds. A column without any
// sandbox shows which of the attempts say something on this machine. `npm run escapes` prints them all.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { openIsolation } from '../../../src/sandbox/index.ts'
import { installCommand } from '../../../src/sandbox/isolation/advice.ts'
import type { ColumnName } from './columns.ts'
import { runColumn, USERS, type Endings, type UserName } from './escape.ts'
import { compileAttempts, listAttempts, type Attempt } from './native.ts'
import { isOpen } from './table.ts'

/** So many of the attempts work here without a sandbox, or the others would prove nothing. */
const DISCRIMINATING_MIN = { root: 140, user: 100 } as const
const LEVELS = ['container', 'zygote', 'seccomp', 'oci'] as const satisfies ColumnName[]
/** A runtime takes a tenth of a second for each attempt: once is enough here. */
const levelsFor = (user: UserName): readonly ColumnName[] =>
  user === USERS[0] ? LEVELS : LEVELS.filter((level) => level !== 'oci')

const program = compileAttempts()

if (program === undefined)
  test(`native attempts need a C compiler (${installCommand('gcc')}): only the start-up proof is tested`, async () => {
    const opened = await openIsolation('auto')
    assert.ok('level' in opened && opened.level !== 'none')
  })
else {
  const attempts = listAttempts(program)
  test('there are enough attempts, each with a name of its own and a row in docs/SANDBOX.md', () => {
    assert.ok(attempts.length >= 150)
    assert.equal(new Set(attempts.map(({ name }) => name)).size, attempts.length)
    const doc = readFileSync(join(import.meta.dirname, '../../../docs/SANDBOX.md'), 'utf8')
    assert.deepEqual(
      attempts.filter(({ name }) => !doc.includes(`\`${name}\``)),
      [],
    )
  })
  for (const user of USERS) testUser(program, attempts, user)
}

function testUser(library: string, attempts: readonly Attempt[], user: UserName): void {
  describe(`as ${user}`, () => {
    let control: Endings = {}
    test('without a sandbox the attempts work', async (t) => {
      const endings = await runColumn('control', user, library)
      assert.ok(!('refused' in endings))
      control = endings
      const open = attempts.filter(({ name }) => isOpen(control[name]))
      t.diagnostic(`${open.length} of ${attempts.length} tell something here`)
      assert.ok(open.length >= DISCRIMINATING_MIN[user], `only ${open.length}: ${closedOf(attempts, control)}`)
    })
    for (const level of levelsFor(user))
      test(`${level}: no attempt succeeds`, async (t) => {
        const endings = await runColumn(level, user, library)
        if ('refused' in endings) {
          // Said, not skipped: what is missing here, and that the level is then not to be had.
          t.diagnostic(String(endings.refused))
          const asked = level === 'zygote' ? 'container' : level
          assert.match(String(endings.refused), new RegExp(`^The isolation ${asked} cannot be had here: `))
          return
        }
        assert.deepEqual(
          attempts.filter(({ name }) => isOpen(endings[name])).map(({ name }) => name),
          [],
        )
        // Blocked by an error or by the filter, and not because the attempt itself broke. What ends without a sandbox in the
        // same way (32-bit calls, where the kernel has none) says nothing of this one.
        const broken = attempts.filter(
          ({ name }) =>
            typeof endings[name] !== 'number' && endings[name] !== 'SIGSYS' && endings[name] !== control[name],
        )
        assert.deepEqual(
          broken.map(({ name }) => `${name}: ${endings[name]}`),
          [],
        )
      })
  })
}

const closedOf = (attempts: readonly Attempt[], endings: Endings): string =>
  attempts.flatMap(({ name }) => (isOpen(endings[name]) ? [] : [`${name} ${endings[name]}`])).join(', ')
