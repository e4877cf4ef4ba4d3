/**
 * What one run of one engine came to, as far as two engines can be compared. Every member is a text or a number, so that
 * a difference is named by its member; values are the JSON of their `Encoded` form, which tells -0, NaN and holes apart and
 * keeps the order of keys. A member that is undefined is one that the engine cannot know, and is not compared.
 */
export type Observation = {
  /** `crashed`: the engine itself threw, which is a defect of ours. */
  readonly end: 'returned' | 'threw' | 'trapped' | 'limited' | 'crashed'
  /** The value returned or thrown, the name of the trap or limit, or what a crash says. */
  readonly value: string
  readonly name?: string | undefined
  readonly message?: string | undefined
  readonly args?: string | undefined
  readonly fuel: number
  readonly allocatedBytes: number
  readonly depthMax: number
  readonly levels: string
  readonly lines?: string | undefined
  /** Functions and places, one a line, innermost first. */
  readonly stack?: string | undefined
}

/** The observation of one engine, by the engine's name. */
export type Sighting = { readonly engine: string; readonly observation: Observation }

type Member = keyof Observation

const MEMBERS: readonly Member[] = [
  'end',
  'value',
  'name',
  'message',
  'args',
  'fuel',
  'allocatedBytes',
  'depthMax',
  'levels',
  'lines',
  'stack',
]

/** A run whose engines do not agree: the members that differ from what the first engine says. */
export type Mismatch = { readonly members: readonly Member[]; readonly sightings: readonly Sighting[] }

/**
 * Compares what engines say about one run. `inconclusive`: one of them ended at the limit of live memory, the only
 * one whose place may differ between modes (spec/fuel.md).
 */
export function compareSightings(sightings: readonly Sighting[]): Mismatch | 'inconclusive' | undefined {
  if (sightings.some(({ observation: o }) => o.end === 'limited' && o.value === 'memory')) return 'inconclusive'
  const members = MEMBERS.filter((member) => isDisputed(sightings, member))
  const crashed = sightings.some(({ observation }) => observation.end === 'crashed')
  return members.length > 0 || crashed ? { members, sightings } : undefined
}

function isDisputed(sightings: readonly Sighting[], member: Member): boolean {
  let seen: string | number | undefined
  for (const { observation } of sightings) {
    const said = observation[member]
    if (said === undefined) continue
    if (seen !== undefined && seen !== said) return true
    seen = said
  }
  return false
}

/** The members that differ, side by side, and how each engine ended. */
export function describeMismatch({ members, sightings }: Mismatch): string {
  const shown = members.length > 0 ? members : (['end', 'value'] as const)
  return shown
    .flatMap((member) => [`${member}:`, ...sightings.map((sighting) => describeMember(sighting, member))])
    .join('\n')
}

function describeMember({ engine, observation }: Sighting, member: Member): string {
  const text = String(observation[member] ?? '(not known)')
  const lines = text.split('\n').map((line) => (line.length > 2000 ? `${line.slice(0, 2000)}...` : line))
  return `  ${engine.padEnd(12)} ${lines.join(`\n  ${''.padEnd(12)} `)}`
}
