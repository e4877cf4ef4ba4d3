import binaryen from 'binaryen'
import { ByteWriter } from '../../src/wasm/encoder/index.ts'

/** What our modules use beyond the first version of WebAssembly, as the oracle names it. */
const FEATURES = [
  'bulk-memory',
  'exception-handling',
  'gc',
  'multivalue',
  'mutable-globals',
  'nontrapping-fptoint',
  'reference-types',
  'sign-ext',
]

/** Whether Binaryen, which shares no code with us or V8, reads a module and finds it valid. Says on standard output why not. */
export function isValidForBinaryen(bytes: Uint8Array): boolean {
  const module = binaryen.readBinary(withFeatures(bytes))
  try {
    return module.validate() === 1
  } finally {
    module.dispose()
  }
}

/** The module with the custom section that tells tools what it uses (tool conventions, target features section). */
function withFeatures(bytes: Uint8Array): Uint8Array {
  const section = new ByteWriter()
  section.name('target_features')
  section.u32(FEATURES.length)
  for (const feature of FEATURES) {
    section.u8(0x2b)
    section.name(feature)
  }
  const out = new ByteWriter()
  out.raw(bytes)
  out.u8(0)
  out.sized(section.bytes)
  return out.bytes.slice()
}
