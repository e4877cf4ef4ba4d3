// The `anrf` command. The compile cache must be on before the rest is loaded, so this file imports nothing of ours.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/compile', import.meta.url)))
const { runProcess } = await import('./command-line.ts')
await runProcess()
