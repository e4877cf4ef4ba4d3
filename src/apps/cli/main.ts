// The `anrf` command. What makes files load fast must be on before they are loaded, so this file imports nothing else.
import { loadFast } from './load-fast.ts'

loadFast()
const { runProcess } = await import('./command-line.ts')
await runProcess()
