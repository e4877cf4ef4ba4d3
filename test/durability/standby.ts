// A service that has loaded its code and touches nothing until it is told a line: then it serves the store in argv[2] as serve.ts does.
import { once } from 'node:events'
import '../../src/service/service.ts'

// Ctrl-C is for whoever kills this process, and when that one is gone nobody needs this one.
process.on('SIGINT', () => undefined)
process.stdin.once('end', () => process.exit())
await once(process.stdin, 'data')
// It does not keep a process that is stopped.
process.stdin.unref()
await import('../service/serve.ts')
