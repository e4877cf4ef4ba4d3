import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { diagnostic, readJson, type Diagnostic } from '../../base/index.ts'
import { DEFAULT_PROFILE, type OperatorBounds, type Profile, type ProfileRules } from './profile.ts'
import { RULE_NAMES, RULES } from './rules.ts'

const closed = { additionalProperties: false }

/** profiles.json: the most preferred profile first. Derived from the rows of {@link RULES}. */
const ProfilesSchema = Type.Object(
  {
    profiles: Type.Array(
      Type.Object(
        {
          name: Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' }),
          about: Type.Optional(Type.String({ maxLength: 1000 })),
          ...Object.fromEntries(RULE_NAMES.map((name) => [name, Type.Optional(RULES[name].schema)])),
        },
        closed,
      ),
      { maxItems: 100 },
    ),
  },
  closed,
)

type ProfileJson = { readonly name: string; readonly about?: string } & { readonly [rule: string]: unknown }

/** The profiles of a service without a document: one that bounds nothing. */
export const BUILT_IN_PROFILES: readonly Profile[] = [{ name: DEFAULT_PROFILE, rules: {} }]

/**
 * Reads profiles.json in the order of preference; everything that is wrong with it is told together (ANRF5032). The profile
 * `default` comes last when the document does not have it.
 */
export function readProfiles(
  path: string,
  text: string,
  bounds: OperatorBounds,
): { readonly profiles: readonly Profile[] } | { readonly diagnostics: readonly Diagnostic[] } {
  const json = readJson(Buffer.from(text))
  if (!json.ok) return { diagnostics: [wrong(path, json.pointer ?? '', `it is not JSON: ${json.message}`)] }
  // Of a member that there is not the member itself is told, not its object as well.
  const misfits = Value.Errors(ProfilesSchema, json.value).filter(({ keyword }) => keyword !== 'additionalProperties')
  const said = (message: string): string => (message === 'schema is false' ? 'there is no such member' : message)
  if (misfits.length > 0)
    return { diagnostics: misfits.map(({ instancePath, message }) => wrong(path, instancePath, said(message))) }
  const { profiles: list } = json.value as { readonly profiles: readonly ProfileJson[] }
  const diagnostics = duplicatesOf(path, list)
  const profiles = list.map((profile, i) => {
    const read = readRules(profile, bounds)
    for (const [rule, message] of read.wrong) diagnostics.push(wrong(path, `/profiles/${i}/${rule}`, message))
    return { name: profile.name, ...(profile.about !== undefined && { about: profile.about }), rules: read.rules }
  })
  if (diagnostics.length > 0) return { diagnostics }
  const hasDefault = profiles.some(({ name }) => name === DEFAULT_PROFILE)
  return { profiles: hasDefault ? profiles : [...profiles, ...BUILT_IN_PROFILES] }
}

function readRules(
  profile: ProfileJson,
  bounds: OperatorBounds,
): { readonly rules: ProfileRules; readonly wrong: readonly (readonly [string, string])[] } {
  const rules: Record<string, unknown> = {}
  const wrongs: (readonly [string, string])[] = []
  for (const name of RULE_NAMES) {
    if (profile[name] === undefined) continue
    // The schema of the row has said what the value is.
    const read = RULES[name].read(profile[name] as never, bounds)
    if ('value' in read) rules[name] = read.value
    else wrongs.push(...read.wrong.map((message) => [name, message] as const))
  }
  return { rules: rules as ProfileRules, wrong: wrongs }
}

function duplicatesOf(path: string, list: readonly ProfileJson[]): Diagnostic[] {
  return list.flatMap(({ name }, i) =>
    list.findIndex((other) => other.name === name) < i
      ? [wrong(path, `/profiles/${i}/name`, `there is another profile ${name}`)]
      : [],
  )
}

function wrong(path: string, pointer: string, message: string): Diagnostic {
  return diagnostic('ANRF5032', { message: `${path}: ${message}`, pointer })
}
