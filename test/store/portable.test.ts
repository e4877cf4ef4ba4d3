// Callers of the store write SQL that SQLite and PostgreSQL both take: nothing that only SQLite has, and where PostgreSQL is
// installed, it makes the schema and prepares every statement that stands whole in the code.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chownSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { MIGRATION_TABLE, MIGRATIONS } from '../../src/store/migrations/index.ts'
import { callers, statementsOf } from './statements.ts'

/** What SQLite takes and PostgreSQL does not, or takes in another sense. */
const SQLITE_ONLY: Readonly<Record<string, RegExp>> = {
  pragma: /\bpragma\b/i,
  'or replace, or ignore: use on conflict': /\b(insert|update)\s+or\s+\w+|\breplace\s+into\b/i,
  'rowid and tables of SQLite': /\b(rowid|_rowid_|oid|sqlite_\w+)\b/i,
  'functions of SQLite':
    /\b(ifnull|iif|julianday|strftime|datetime|unixepoch|group_concat|last_insert_rowid|changes|printf|instr|hex|randomblob|typeof|total|json_extract|json_each|glob)\s*\(/i,
  'min and max of several values': /\b(min|max)\s*\([^()]*,/i,
  'operators of SQLite': /\b(glob|regexp|match)\s+['?]|\bis\s+(not\s+)?\?|->/i,
  'like, which looks at case in one of them': /\blike\b/i,
  'limit with two numbers': /\blimit\s+\S+\s*,/i,
  'types and tables of SQLite':
    /\bautoincrement\b|\bwithout\s+rowid\b|\bstrict\b|\bblob\s+(not|null|,|\))|\bcollate\b/i,
  'names in other quotes': /`|\[\w+\]/,
}

const statements = statementsOf(callers())
const schema = [{ name: 'table of migrations', sql: [MIGRATION_TABLE] }, ...MIGRATIONS].flatMap(({ name, sql }) =>
  sql.map((text) => ({ at: `migration ${name}`, text, isWhole: true })),
)

test('statements are found where there are any', () => {
  for (const folder of ['src/audit', 'src/broker', 'src/journal', 'src/registry', 'src/service'])
    assert.ok(
      statements.some(({ at }) => at.startsWith(folder)),
      folder,
    )
  assert.ok(statements.length > 50, String(statements.length))
})

test('no statement outside src/store, and none of the schema, is SQL of SQLite only', () => {
  const found = [...statements, ...schema].flatMap(({ at, text }) =>
    Object.entries(SQLITE_ONLY).flatMap(([what, pattern]) => (pattern.test(text) ? [`${at}: ${what}: ${text}`] : [])),
  )
  assert.deepEqual(found, [])
})

test('what only SQLite takes is found', () => {
  for (const text of [
    'insert or ignore into t values (?)',
    'select rowid from t',
    "select ifnull(a, '') from t",
    'select max(a, b) from t',
    'select a from t where b is ?',
    "select a from t where b like 'x%'",
    'select a from t limit 1, 2',
    'create table t (a integer primary key autoincrement)',
    'create table t (a blob not null)',
    'select `a` from t',
  ])
    assert.ok(
      Object.values(SQLITE_ONLY).some((pattern) => pattern.test(text)),
      text,
    )
})

test('PostgreSQL makes the schema and prepares every whole statement', (t) => {
  const [program] = globSync('/usr/lib/postgresql/*/bin/postgres').toSorted().toReversed()
  if (program === undefined) {
    t.diagnostic('not asked: PostgreSQL is not installed (apt-get install postgresql)')
    return
  }
  const whole = statements.filter(({ isWhole, text }) => isWhole && !/^create|^drop|^alter/i.test(text))
  const prepared = whole.map(({ at, text }, i) => {
    let parameters = 0
    return { at, text: `prepare s${i} as ${text.replaceAll('?', () => `$${++parameters}`)}` }
  })
  const errors = askPostgres(
    program,
    [...schema, ...prepared].map(({ text }) => text.replaceAll(/\s+/g, ' ')),
  )
  const atOf = (text: string): string => prepared.find((one) => one.text === text)?.at ?? 'schema'
  assert.deepEqual(
    errors.map(({ error, statement }) => `${atOf(statement)}: ${error}: ${statement}`),
    [],
  )
  assert.equal(askPostgres(program, ['select ifnull(1, 2)']).length, 1)
})

type Refused = { readonly error: string; readonly statement: string }

/** What PostgreSQL refuses of a list of statements, in a database of its own without a server. */
function askPostgres(program: string, lines: readonly string[]): readonly Refused[] {
  const dir = mkdtempSync(join(tmpdir(), 'anrf-postgres-'))
  // It does not run as root.
  const owner: { uid?: number; gid?: number } = process.getuid?.() === 0 ? ownerOf('postgres') : {}
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(dir, owner.uid, owner.gid)
  const data = join(dir, 'data')
  const run = (name: string, args: readonly string[], input = ''): ReturnType<typeof spawnSync> =>
    spawnSync(program.replace(/postgres$/, name), args, { input, encoding: 'utf8', cwd: dir, ...owner })
  try {
    const made = run('initdb', ['-D', data, '--no-sync', '-E', 'UTF8', '--locale', 'C', '-U', 'anrf'])
    assert.equal(made.status, 0, String(made.stderr))
    const asked = run('postgres', ['--single', '-D', data, 'postgres'], `${lines.join('\n')}\n`)
    assert.equal(asked.status, 0, String(asked.stderr))
    const pattern = /ERROR: {2}(.*)\n(?:.*(?:HINT|DETAIL|LOCATION): .*\n)*.*STATEMENT: {2}(.*)/g
    return [...String(asked.stderr).matchAll(pattern)].map(([, error = '', statement = '']) => ({
      error,
      statement: statement.trim(),
    }))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function ownerOf(user: string): { readonly uid: number; readonly gid: number } {
  const id = (flag: string): number => Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout)
  return { uid: id('-u'), gid: id('-g') }
}
