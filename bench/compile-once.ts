// `compile-once.ts COPIES`: compiles the 300-line program as the command line does, in this new process, and prints how much CPU time in ms
// the process took.
import { loadFast } from '../src/apps/cli/load-fast.ts'

loadFast()
const { compileToDocument } = await import('./anrf.ts')
compileToDocument('compile-300', Number(process.argv[2]))
const { user, system } = process.cpuUsage()
process.stdout.write(String((user + system) / 1000))
