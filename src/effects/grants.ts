import { closestName, diagnostic, type Diagnostic } from '../base/index.ts'
import { CAPABILITIES, TOOL, type CapabilityName } from './capabilities.ts'
import { FILES, type AskedFiles, type FilesGrant } from './grants/files.ts'
import type { Grammar, Mismatch } from './grants/grammar.ts'
import { HTTP, type AskedHttp, type HttpGrant } from './grants/http.ts'
import {
  APPROVALS,
  KV,
  PROGRAMS,
  SECRETS,
  toolGrammar,
  type AskedProgram,
  type AskedTool,
  type PlainGrant,
  type ProgramsGrant,
  type SecretsGrant,
  type ToolGrant,
} from './grants/names.ts'
import type { Denial } from './port.ts'

/** What a run may do, beyond what every run may. */
export type Grant =
  | HttpGrant
  | FilesGrant
  | ProgramsGrant
  | SecretsGrant
  | ToolGrant
  | PlainGrant<'kv'>
  | PlainGrant<'approvals'>

/** What a call asks for. */
export type Asked =
  | AskedHttp
  | AskedFiles
  | AskedProgram
  | AskedTool
  | SecretsGrant
  | PlainGrant<'kv'>
  | PlainGrant<'approvals'>

type Granted = { [C in CapabilityName]: (typeof CAPABILITIES)[C]['given'] extends 'grant' ? C : never }[CapabilityName]
type AnyGrammar = Grammar<Grant, Asked>

// A grammar is only ever given its own grants: `kind` selects both.
const GRAMMARS = {
  approvals: APPROVALS,
  files: FILES,
  http: HTTP,
  kv: KV,
  programs: PROGRAMS,
  secrets: SECRETS,
} as unknown as { readonly [C in Granted]: AnyGrammar }

const grammarOf = (of: Grant | Asked): AnyGrammar =>
  of.kind === 'tool' ? (toolGrammar(of.name) as unknown as AnyGrammar) : GRAMMARS[of.kind]

const capabilityOf = (of: Grant | Asked): string => (of.kind === 'tool' ? `${TOOL.prefix}${of.name}` : of.kind)

type Parsed = { readonly grant: Grant } | { readonly diagnostics: readonly Diagnostic[] }

/** Reads `CAPABILITY[=SCOPE]`, such as `kv`, `http=GET https://api.example.com/v1/` or `tool:crm`. */
export function parseGrant(text: string): Parsed {
  const at = text.indexOf('=')
  const capability = at < 0 ? text : text.slice(0, at)
  const scope = at < 0 ? undefined : text.slice(at + 1)
  const grammar = capability.startsWith(TOOL.prefix)
    ? (toolGrammar(capability.slice(TOOL.prefix.length)) as unknown as AnyGrammar)
    : Object.hasOwn(GRAMMARS, capability)
      ? GRAMMARS[capability as Granted]
      : undefined
  if (!grammar) return refuse(text, reasonAgainst(capability))
  const grant = grammar.parse(scope)
  if (typeof grant !== 'string') return { grant }
  return refuse(text, `expected ${grant}`, `For example ${grammar.examples.map((e) => `\`${e}\``).join(', ')}.`)
}

/** Reads several grants; what is wrong with any of them, or between them, is told together. */
export function parseGrants(
  texts: readonly string[],
): { readonly grants: readonly Grant[] } | { readonly diagnostics: readonly Diagnostic[] } {
  const parsed = texts.map(parseGrant)
  const grants = parsed.flatMap((one) => ('grant' in one ? [one.grant] : []))
  const diagnostics = [...parsed.flatMap((one) => ('grant' in one ? [] : one.diagnostics)), ...ambiguities(grants)]
  return diagnostics.length > 0 ? { diagnostics } : { grants }
}

/** A name by which programs know a folder must mean one folder. */
function ambiguities(grants: readonly Grant[]): readonly Diagnostic[] {
  const folders = new Map<string, string>()
  return grants.flatMap((grant) => {
    if (grant.kind !== 'files') return []
    const known = folders.get(grant.name) ?? grant.folder
    folders.set(grant.name, known)
    if (known === grant.folder) return []
    const message = `${formatGrant(grant)}: the name ${grant.name} stands for ${known} already`
    return [diagnostic('ANRF4010', { message, hint: `Give it another name: \`files=${grant.folder}=NAME\`.` })]
  })
}

/** The grant in its one printed form, which {@link parseGrant} reads. */
export function formatGrant(grant: Grant): string {
  const scope = grammarOf(grant).format(grant)
  return scope === '' ? capabilityOf(grant) : `${capabilityOf(grant)}=${scope}`
}

/** A capability as a document asks for it: within any of the scopes; without scopes, all of it. */
export type Declared = { readonly name: string; readonly scopes?: readonly string[] }

/**
 * The grants as far as a program asks for them: others are not for it, whatever its engine comes to ask. A scope that cannot be
 * read permits nothing.
 */
export function grantsWithin(grants: readonly Grant[], declared: readonly Declared[]): readonly Grant[] {
  return grants.flatMap((grant) => {
    const asked = declared.find(({ name }) => name === capabilityOf(grant))
    if (!asked) return []
    const { name, scopes = [] } = asked
    return scopes.length === 0 ? [grant] : scopes.flatMap((scope) => meetScope(grant, `${name}=${scope}`))
  })
}

function meetScope(grant: Grant, scope: string): readonly Grant[] {
  const parsed = parseGrant(scope)
  if (!('grant' in parsed)) return []
  const met = grammarOf(grant).meet(grant, parsed.grant)
  return met ? [met] : []
}

/** What is wrong with the scopes that a document declares, all of it (ANRF4010). */
export function checkScopes(declared: readonly Declared[]): readonly Diagnostic[] {
  return declared.flatMap(({ name, scopes = [] }) =>
    scopes.flatMap((scope) => {
      const parsed = parseGrant(`${name}=${scope}`)
      return 'grant' in parsed ? [] : parsed.diagnostics
    }),
  )
}

export function permits(grant: Grant, asked: Asked): boolean {
  return mismatchOf(grant, asked) === undefined
}

/** Whether `wide` permits all that `narrow` does; false as well where that cannot be told without asking. */
export function isWithin(narrow: Grant, wide: Grant): boolean {
  return capabilityOf(narrow) === capabilityOf(wide) && grammarOf(wide).isWithin(narrow, wide)
}

/** What both lists permit, where a grant of one is within a grant of the other. */
export function meetGrants(some: readonly Grant[], others: readonly Grant[]): readonly Grant[] {
  const within = (from: readonly Grant[], to: readonly Grant[]): readonly Grant[] =>
    from.filter((narrow) => to.some((wide) => isWithin(narrow, wide)))
  const met = [...within(some, others), ...within(others, some)]
  return [...new Map(met.map((grant) => [formatGrant(grant), grant])).values()]
}

function mismatchOf(grant: Grant, asked: Asked): Mismatch | undefined {
  if (capabilityOf(grant) !== capabilityOf(asked)) return { closeness: 0, text: '' }
  return grammarOf(grant).mismatch(grant, asked)
}

/** The denial of what no grant permits; `rule` says more than that none does. */
export function denialOf(grants: readonly Grant[], asked: Asked, rule: string = ruleAgainst(grants, asked)): Denial {
  const capability = capabilityOf(asked)
  const words = grammarOf(asked).describe(asked)
  return {
    capability,
    asked: words,
    rule,
    allowed: grants.filter((grant) => capabilityOf(grant) === capability).map(formatGrant),
    advice: ADVICE,
  }
}

const ADVICE =
  'Ask whoever runs this program for a grant, or do without. Do not route around this: no other host, path, tool or spelling is meant to reach it.'

/** What the grant that comes closest says against it. */
function ruleAgainst(grants: readonly Grant[], asked: Asked): string {
  const [closest] = grants
    .flatMap((grant) => {
      const mismatch = mismatchOf(grant, asked)
      return mismatch && mismatch.closeness > 0 ? [{ grant, ...mismatch }] : []
    })
    .sort((a, b) => b.closeness - a.closeness)
  if (!closest) return `no grant of ${capabilityOf(asked)}`
  return `${formatGrant(closest.grant)} does not permit ${closest.text}`
}

function refuse(text: string, reason: string, hint?: string): Parsed {
  const message = `the grant ${JSON.stringify(text)} is not understood: ${reason}`
  return { diagnostics: [diagnostic('ANRF4010', { message, ...(hint === undefined ? {} : { hint }) })] }
}

function reasonAgainst(capability: string): string {
  const known = Object.keys(GRAMMARS)
  if (Object.hasOwn(CAPABILITIES, capability)) return `every run has ${capability}, it needs no grant`
  const closest = closestName(capability, known)
  const list = `${known.join(', ')} or ${TOOL.prefix}NAME`
  return `there is no capability ${JSON.stringify(capability)}${closest === undefined ? `; there are ${list}` : `, but ${closest}`}`
}
