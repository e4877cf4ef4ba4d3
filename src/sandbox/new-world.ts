import { randomInt } from 'node:crypto'
import type { World } from '../effects/index.ts'

/** Seeds that are made by chance are below this, the greatest bound that the system takes. */
const SEED_MAX = 2 ** 48 - 1

/** The world of a new run: what is given of it, else the time now and a seed by chance. */
export function newWorld(given: Partial<World> = {}): World {
  return { time: Date.now(), seed: randomInt(SEED_MAX), ...given }
}
