// A process that records events in the log of argv[2], five at once, and says a line for each that is durable; until it is killed or has
// recorded argv[4] of them. Subjects begin with argv[3].
import { openAuditedStore, recordEvent } from '../../src/audit/index.ts'

const [dir, prefix, countText] = process.argv.slice(2)
const count = Number(countText)
const { store } = await openAuditedStore(dir!)

async function write(subject: string): Promise<void> {
  const event = { action: 'tests.do', tenant: 'default', principal: 'somebody', subject, outcome: 'done' } as const
  await store.sql.tx((query) => recordEvent(query, event))
  process.stdout.write(`${subject}\n`)
}

for (let i = 0; i < count; i += 5)
  await Promise.all(Array.from({ length: 5 }, (_, k) => write(`${prefix}${String(i + k)}`)))
store.close()
