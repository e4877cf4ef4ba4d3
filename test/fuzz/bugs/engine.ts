import type { Module } from '../../../src/ir/index.ts'
import { ENGINES, programOf, type DiffEngine } from '../engines.ts'
import { observeReference } from '../reference-engine.ts'
import type { SeededBug } from './mutation.ts'

/** The engine that bugs are put into, and whose word is taken when they are looked for. */
export const INTERPRET: DiffEngine = ENGINES.find((engine) => engine.name === 'interpret')!

/** A module with a bug, or the one without where the checker refuses it: in what shrinking leaves, paths may end otherwise. */
function asValid(mutated: Module, module: Module): Module {
  try {
    programOf(mutated)
    return mutated
  } catch {
    return module
  }
}

/** The interpreter as if it had the bug; a bug in charges is one of the reference. */
export function withBug(bug: SeededBug): DiffEngine {
  const mutated = new WeakMap<Module, Module>()
  const mutant = (module: Module): Module => {
    const known = mutated.get(module) ?? asValid(bug.mutate!(module), module)
    mutated.set(module, known)
    return known
  }
  return {
    name: 'with the bug',
    isModel: bug.quirks !== undefined,
    run: (module, entry, args, limits) =>
      bug.quirks
        ? observeReference(module, entry, args, limits, bug.quirks)
        : INTERPRET.run(mutant(module), entry, args, limits),
  }
}
