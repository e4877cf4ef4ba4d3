import type { Machinery, Operation, Site } from '../operation.ts'

const reading = (read: (machine: Machinery) => number): Operation =>
  ((_a: never, _b: never, _c: never, _d: never, _site: Site, machine: Machinery) => read(machine)) as Operation

/** The world of the run. */
export const WORLD_OPERATIONS = {
  'random.next': reading(({ world }) => world.random()),
  'clock.now': reading(({ world }) => world.now()),
  'clock.elapsed': reading(({ world }) => world.elapsed()),
} satisfies Record<string, Operation>
