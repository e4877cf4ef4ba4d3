import { withBug } from './bugs/engine.ts'
import { SEEDED_BUGS } from './bugs/list.ts'
import { ENGINES, type DiffEngine } from './engines.ts'

const BUG = 'bug:'

/**
 * The engines of these names; all of them when no name is given. `bug:WORDS` is the interpreter with the first seeded bug that
 * has these words in its name. Throws at a name that none has.
 */
export function chooseEngines(names: readonly string[]): readonly DiffEngine[] {
  return names.length === 0 ? ENGINES : names.map(findEngine)
}

function findEngine(name: string): DiffEngine {
  if (name.startsWith(BUG)) {
    const bug = SEEDED_BUGS.find((other) => other.name.includes(name.slice(BUG.length)))
    if (bug) return withBug(bug)
  }
  const engine = ENGINES.find((other) => other.name === name)
  if (engine) return engine
  throw new Error(`there is no engine ${name}; engines are ${ENGINES.map((other) => other.name).join(', ')}`)
}
