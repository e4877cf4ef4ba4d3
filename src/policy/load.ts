import { diagnostic, hasErrors, lineStarts, positionAt, sortDiagnostics, type Diagnostic } from '../base/index.ts'
import type { PolicyAction } from './actions.ts'
import { openEngine, validatePolicies } from './cedar/engine.ts'
import { parsePolicyFile, type ParsedPolicy } from './cedar/parse.ts'
import { decideByDefault, defaultPolicies } from './default-set.ts'
import { readPolicyFolder, type PolicyFolder } from './folder.ts'
import type { OperatorBounds, Profile } from './profiles/profile.ts'
import { BUILT_IN_PROFILES, readProfiles } from './profiles/read.ts'
import type { Decision, Determining, PolicyRequest } from './request.ts'
import { printSchema } from './schema.ts'

/** Policies and profiles in force, as one thing that is replaced as a whole. */
export type Policies = {
  /** `default`, or `sha256:...` of the files. */
  readonly revision: string
  /** The operator's, in the order of files. */
  readonly own: readonly (Determining & { readonly file: string; readonly text: string })[]
  /** Most preferred first. */
  readonly profiles: readonly Profile[]
  decide(request: PolicyRequest): Decision
  close(): void
}

const DEFAULT_REVISION = 'default'

/** The policies of a service that has none of its own; decided without Cedar. */
export function openDefaultPolicies(actions: readonly PolicyAction[]): Policies {
  return defaultsWith(actions, DEFAULT_REVISION, BUILT_IN_PROFILES)
}

function defaultsWith(actions: readonly PolicyAction[], revision: string, profiles: readonly Profile[]): Policies {
  const byName = new Map(actions.map((action) => [action.name, action]))
  return {
    revision,
    own: [],
    profiles,
    decide: (request) => decideByDefault(byName, request),
    close: () => undefined,
  }
}

type Loaded =
  | { readonly policies: Policies; readonly warnings: readonly Diagnostic[] }
  | {
      readonly diagnostics: readonly Diagnostic[]
      /** Of what was refused; absent when the folder cannot be read. */
      readonly revision?: string
    }

/**
 * Loads the policies of a folder: parsed, validated against the schema, and only then opened. All that is wrong is told together
 * (ANRF5030 to ANRF5032), and nothing of a folder with an error is used.
 */
export async function loadPolicies(
  path: string,
  actions: readonly PolicyAction[],
  bounds: OperatorBounds,
): Promise<Loaded> {
  const read = await readPolicyFolder(path)
  return 'diagnostics' in read ? read : loadFolder(read.folder, actions, bounds)
}

function loadFolder(folder: PolicyFolder, actions: readonly PolicyAction[], bounds: OperatorBounds): Loaded {
  const profiles = folder.profiles
    ? readProfiles(folder.profiles.path, folder.profiles.text, bounds)
    : { profiles: BUILT_IN_PROFILES }
  const parsed = folder.policies.map(parsePolicyFile)
  const own = parsed.flatMap(({ policies }) => policies)
  const schema = printSchema(actions)
  const found = sortDiagnostics([
    ...parsed.flatMap(({ diagnostics }) => diagnostics),
    ...sameIds(own),
    ...(own.length > 0 ? validatePolicies(own, schema) : []),
  ])
  const unread = 'diagnostics' in profiles ? profiles.diagnostics : []
  if ('diagnostics' in profiles || hasErrors(found))
    return { diagnostics: [...found, ...unread], revision: folder.revision }
  if (own.length === 0) return { policies: defaultsWith(actions, folder.revision, profiles.profiles), warnings: [] }
  return { policies: openOwn(folder.revision, own, profiles.profiles, actions, schema), warnings: found }
}

function openOwn(
  revision: string,
  own: readonly ParsedPolicy[],
  profiles: readonly Profile[],
  actions: readonly PolicyAction[],
  schema: string,
): Policies {
  const defaults = [...defaultPolicies(actions)].map(([id, text]) => ({
    id,
    text,
    effect: 'permit' as const,
    ...reasonIn(text),
  }))
  const engine = openEngine([...defaults, ...own], schema)
  return {
    revision,
    own: own.map(({ id, effect, reason, text, file }) => ({
      id,
      effect,
      ...(reason !== undefined && { reason }),
      text,
      file: file.path,
    })),
    profiles,
    decide: engine.decide,
    close: engine.close,
  }
}

/** The reason of a policy of the default set, which is written on a line of its own. */
function reasonIn(text: string): { readonly reason?: string } {
  const reason = /^@reason\("([^"]*)"\)$/m.exec(text)?.[1]
  return reason === undefined ? {} : { reason }
}

function sameIds(policies: readonly ParsedPolicy[]): readonly Diagnostic[] {
  return policies.flatMap(({ id, file, start }, i) => {
    const first = policies.findIndex((other) => other.id === id)
    if (first === i) return []
    const message = `${file.path}: there is another policy ${id}, in ${policies[first]!.file.path}`
    const at = positionAt(lineStarts(file.text), start)
    const hint = 'Ids stand in answers and in the audit log: give each policy an `@id` of its own.'
    return [diagnostic('ANRF5030', { message, hint, location: { path: file.path, start: at, end: at } })]
  })
}
