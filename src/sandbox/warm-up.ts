import type { Mode } from '../base/index.ts'
import { loadProgram, MODES, run } from '../engine/index.ts'
import { encodeModule, parseModule } from '../ir/index.ts'

/** A loop that adds: enough to go once through decoding, checking, compiling and running. */
const TEXT = `anrf ir 1
error 0 Error { name!: string, message!: string }

fn "<init>"#0() -> undefined {
  return undefined
}

fn sum#1(n#0: f64) -> f64 {
  var i#1: f64
  var total#2: f64
  loop $0 while f64.lt(i#1, n#0) {
    total#2 = f64.add(total#2, i#1)
  } update {
    i#1 = f64.add(i#1, 1)
  }
  return total#2
}

init #0
entry sum #1 (n: f64) -> f64
`

/**
 * Does in a new worker what a first run would wait for: the host compiles the engine's own code as it is used. After the
 * first worker ever, this code is in the cache of compiled code.
 */
export function warmUp(): void {
  const parsed = parseModule(TEXT)
  const loaded = 'module' in parsed ? loadProgram(encodeModule(parsed.module)) : parsed
  if ('diagnostics' in loaded) throw new Error('the program that warms up is not valid')
  for (const mode of Object.keys(MODES) as Mode[])
    run(loaded.program, { entry: 'sum', args: [3], mode, host: { log: () => undefined } })
}
