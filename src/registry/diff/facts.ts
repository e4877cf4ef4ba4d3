import { LIMIT_NAMES } from '../../base/index.ts'
import { limitsOf, type Opened } from '../../document/index.ts'
import { eachExpr, type Module } from '../../ir/index.ts'
import { targetsOf } from '../calls.ts'

/** What a version may touch. Its names are `topic` and a name in it. */
export type Facts = {
  /** What is there or is not. */
  readonly sets: { readonly [T in SetTopic]: ReadonlySet<string> }
  /** What is more or less, by topic and name. A greater rank may do more; equal ranks with other values cannot be compared. */
  readonly levels: ReadonlyMap<string, Level>
}

export type Level = {
  readonly topic: LevelTopic
  readonly name: string
  readonly value: string | number | boolean
  readonly rank: number
}

/** What is compared as sets, with the one member that stands for all others. */
export const SET_TOPICS = ['capability', 'scope', 'operation', 'tool', 'program', 'secret', 'host'] as const
export type SetTopic = (typeof SET_TOPICS)[number]

export type LevelTopic = 'limit' | 'isolation'

/** In a set: others beside those that are named. */
export const ANY = '*'

export function factsOf({ document, module }: Opened): Facts {
  const { capabilities } = document.security
  const has = (name: string): boolean => capabilities.some((capability) => capability.name === name)
  const effects = effectsOf(module)
  return {
    sets: {
      capability: new Set(capabilities.map(({ name }) => name)),
      scope: new Set(
        capabilities.flatMap(({ name, scopes }) =>
          scopes.length === 0 ? [`${name}=${ANY}`] : scopes.map((scope) => `${name}=${scope}`),
        ),
      ),
      operation: new Set(effects.filter((name) => !name.startsWith('tool:'))),
      tool: new Set(effects.filter((name) => name.startsWith('tool:'))),
      program: namesOf(module, 'programs', has('programs')),
      secret: namesOf(module, 'secrets', has('secrets')),
      host: namesOf(module, 'http', has('http')),
    },
    levels: new Map(
      [...limitLevels(document), ...isolationLevels(document)].map((one) => [`${one.topic} ${one.name}`, one]),
    ),
  }
}

/** Effects that the code begins, as `files.write` or `tool:crm.lookup`: nothing else can be asked of the broker. */
function effectsOf(module: Module): readonly string[] {
  const names = new Set<string>()
  for (const func of module.funcs)
    for (const expr of eachExpr(func.body))
      if (expr.kind === 'op' && expr.op === 'effect.start') names.add(String(expr.imm[0]))
  return [...names].sort()
}

function namesOf(module: Module, kind: Parameters<typeof targetsOf>[1], isAsked: boolean): ReadonlySet<string> {
  const { named, others } = targetsOf(module, kind)
  // A capability that is asked for without a name in the code is used in a way that is not seen.
  const isOpen = others || (isAsked && named.length === 0)
  return new Set([...named, ...(isOpen ? [ANY] : [])])
}

function limitLevels({ security }: Opened['document']): readonly Level[] {
  const limits = limitsOf(security)
  return LIMIT_NAMES.map((name) => ({ topic: 'limit', name, value: limits[name], rank: limits[name] }))
}

const FILESYSTEM = ['None', 'ReadOnly', 'ReadWrite']

function isolationLevels({ security }: Opened['document']): readonly Level[] {
  const isolation = security.isolationRequirements
  const machine = isolation?.resourceLimits
  const flag = (name: string, value: boolean, mayDoMore: boolean): Level => ({
    topic: 'isolation',
    name,
    value,
    rank: value === mayDoMore ? 1 : 0,
  })
  const filesystem = machine?.filesystem || 'None'
  return [
    flag('process_isolation', isolation?.processIsolation ?? false, false),
    flag('memory_isolation', isolation?.memoryIsolation ?? false, false),
    flag('override', security.overrideStatus, true),
    flag('network', machine?.network ?? false, true),
    { topic: 'isolation', name: 'filesystem', value: filesystem, rank: FILESYSTEM.indexOf(filesystem) },
    { topic: 'isolation', name: 'cpu', value: machine?.cpu ?? 0, rank: machine?.cpu ?? 0 },
    { topic: 'isolation', name: 'safety_level', value: security.safetyLevel, rank: 0 },
  ]
}
