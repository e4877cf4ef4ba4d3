// `compile-once.ts FILE FOLDER`: `anrf build FILE` in this new process, with what it writes in FOLDER, where `cpu` then says how much
// CPU time in ms the process took.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [node, , file, folder] = process.argv as [string, string, string, string]
const main = join(import.meta.dirname, '../src/apps/cli/main.ts')
process.argv = [node, main, 'build', file, '--output', join(folder, 'document')]
process.once('exit', () => {
  const { user, system } = process.cpuUsage()
  writeFileSync(join(folder, 'cpu'), String((user + system) / 1000))
})
await import('../src/apps/cli/main.ts')
