import { callPrelude, flowPrelude } from './prelude.ts'
import { func } from './leaf.ts'
import type { Row } from './row.ts'

const RANDOM_UUID = 'crypto_random_uuid'

/** What programs read of clock and chance, which the document then asks for. */
export const WORLD_FUNCTIONS: Readonly<Record<string, Row>> = {
  'Date.now': func('clock.now', [], 'num'),
  'Math.random': func('random.next', [], 'num'),
  'crypto.randomUUID': {
    flow: (use) => flowPrelude(use, RANDOM_UUID, []),
    emit: ({ c, at }) => callPrelude(c, at, RANDOM_UUID, []),
  },
  'performance.now': func('clock.elapsed', [], 'num'),
}
