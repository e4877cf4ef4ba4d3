// A process that writes keys into the store of argv[2], many at once, and says each key's id once it is durable; until it is killed
// or has written argv[4] of them. Ids begin with argv[3].
import { openStore } from '../../src/store/index.ts'

const [dir, prefix, countText] = process.argv.slice(2)
const count = Number(countText)
const store = await openStore(dir!)
const columns = 'insert into api_key (id, secret_hash, scopes, label, created_at) values (?, ?, ?, ?, ?)'

async function write(id: string): Promise<void> {
  await store.sql.tx((query) => query(columns, [id, 'hash', '[]', 'x'.repeat(500), '2026-01-01T00:00:00Z']))
  process.stdout.write(`${id}\n`)
}

for (let i = 0; i < count; i += 5)
  await Promise.all(Array.from({ length: 5 }, (_, k) => write(`${prefix}${String(i + k)}`)))
store.close()
