import type { Machinery, Operation, Site } from '../operation.ts'

const reading = (read: (machine: Machinery) => number): Operation =>
  ((_a: never, _b: never, _c: never, _d: never, _site: Site, machine: Machinery) => read(machine)) as Operation

/** The world of the run. */
export const WORLD_OPERATIONS = {
  'random.next': reading(({ world }) => world.random()),
  'clock.now': reading(({ world }) => world.now()),
  'clock.elapsed': reading(({ world }) => world.elapsed()),
  'effect.start': ((args: string, _b: never, _c: never, _d: never, site: Site, { world }: Machinery) =>
    world.startCall(site.imm[0] as string, args)) as Operation,
  'effect.next': reading((machine) => machine.world.nextCall(machine)),
  'effect.answer': ((call: number, _b: never, _c: never, _d: never, _site: Site, { world }: Machinery) =>
    world.answerOf(call)) as Operation,
  'effect.cancel': ((call: number, _b: never, _c: never, _d: never, _site: Site, { world }: Machinery) =>
    world.cancelCall(call)) as Operation,
} satisfies Record<string, Operation>
