import { resolveLimits, type Mode } from '../base/index.ts'
import { MODES } from '../engine/index.ts'
import { encodeModule, parseModule } from '../ir/index.ts'
import { openChannel, type Port } from './channel.ts'
import { writeRunMessage, type RunMessage } from './messages.ts'
import { programIdOf } from './program-id.ts'
import { Runner } from './serve-run.ts'
import { encodeFrame, FRAME, NO_NONCE } from './wire.ts'

/** A loop, text, a line of the log and an object: enough to go once through all that is between two frames. */
const TEXT = `anrf ir 1
error 0 Error { name!: string, message!: string }
record 1 "" { total: f64, text: string }

fn "<init>"#0() -> undefined {
  return undefined
}

fn sum#1(n#0: f64, names#1: array<string>) -> object 1 {
  var i#2: f64
  var total#3: f64
  var text#4: string
  loop $0 while f64.lt(i#2, n#0) {
    total#3 = f64.add(total#3, i#2)
  } update {
    i#2 = f64.add(i#2, 1)
  }
  text#4 = array.join(names#1, ", ")
  do log["log"](dyn.box[any](text#4))
  return object.new[#1, {total#0, text#1}](total#3, text#4)
}

init #0
entry sum #1 (n: f64, names: array<string>) -> object 1
`

/**
 * Does runs in a new worker as if a parent asked for them, in some modes or all: a first run would otherwise wait while the host loads
 * parts of itself and compiles the engine's own code. After the first worker ever, this code is in the cache of compiled code.
 */
export function rehearse(rounds: number, modes: readonly Mode[] = Object.keys(MODES) as Mode[]): void {
  const parsed = parseModule(TEXT)
  if ('diagnostics' in parsed) throw new Error('the program of the rehearsal is not valid')
  const program = encodeModule(parsed.module)
  for (let round = 0; round < rounds; round++) for (const mode of modes) playRun(program, mode)
}

function playRun(program: Uint8Array, mode: Mode): void {
  const message: RunMessage = {
    programId: programIdOf(program),
    entry: 'sum',
    args: [3, ['a', 'b']],
    limits: resolveLimits(),
    mode,
    world: { time: 0, seed: 0 },
  }
  const run = encodeFrame(FRAME.run, NO_NONCE, writeRunMessage(message, false))
  new Runner(openChannel(playPort([run, encodeFrame(FRAME.program, NO_NONCE, program)]), endEarly)).serveRun()
}

/** Gives frames one after another and takes everything. */
function playPort(frames: Buffer[]): Port {
  return { read: (into) => frames.shift()?.copy(into) ?? 0, write: (bytes) => bytes.length }
}

function endEarly(): never {
  throw new Error('the rehearsal asks for more than it should')
}
