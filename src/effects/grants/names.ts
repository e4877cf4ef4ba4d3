import { fitsRange, parseRange } from '../../base/index.ts'
import { meetLists, meetWithin, type Grammar } from './grammar.ts'

export type PlainGrant<K extends 'kv' | 'approvals'> = { readonly kind: K }
export type SecretsGrant = { readonly kind: 'secrets'; readonly name: string }
export type ProgramsGrant = { readonly kind: 'programs'; readonly name: string; readonly range: string | undefined }
export type ToolGrant = {
  readonly kind: 'tool'
  readonly name: string
  /** Undefined permits all. */
  readonly operations: readonly string[] | undefined
}

/** `version` is that of the program which would run; absent when it has none. */
export type AskedProgram = { readonly kind: 'programs'; readonly name: string; readonly version: string | undefined }
export type AskedTool = { readonly kind: 'tool'; readonly name: string; readonly operation: string }

/** A capability that is granted as a whole. */
function plain<K extends 'kv' | 'approvals'>(kind: K): Grammar<PlainGrant<K>, PlainGrant<K>> {
  return {
    examples: [kind],
    parse: (scope) => (scope === undefined ? { kind } : `no scope: only \`${kind}\``),
    format: () => '',
    mismatch: () => undefined,
    describe: () => kind,
    isWithin: () => true,
    meet: (grant) => grant,
  }
}

export const KV = plain('kv')
export const APPROVALS = plain('approvals')

/** Names of secrets stand in variables and placeholders: letters, digits and `_`. */
export const isSecretName = (text: string): boolean => /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(text)

export const SECRETS: Grammar<SecretsGrant, SecretsGrant> = {
  examples: ['secrets=CRM_KEY'],
  parse: (scope = '') =>
    isSecretName(scope) ? { kind: 'secrets', name: scope } : 'the name of a secret: letters, digits and `_`',
  format: ({ name }) => name,
  mismatch: (grant, asked) =>
    grant.name === asked.name ? undefined : { closeness: 1, text: `the secret ${asked.name}` },
  describe: ({ name }) => name,
  isWithin: (narrow, wide) => narrow.name === wide.name,
  meet: (grant, declared) => (grant.name === declared.name ? grant : undefined),
}

const PROGRAM_NAME = /^[A-Za-z][A-Za-z0-9]*([._-][A-Za-z0-9]+)*$/

export const PROGRAMS: Grammar<ProgramsGrant, AskedProgram> = {
  examples: ['programs=invoice', 'programs=invoice@^1.2', 'programs=invoice@1.2.0'],
  parse(scope = '') {
    const [, name = '', range] = /^([^@]*)(?:@(.*))?$/s.exec(scope)!
    if (!PROGRAM_NAME.test(name)) return 'the name of a program: `NAME[@RANGE]`'
    if (range !== undefined && (range === '' || !parseRange(range)))
      return 'a range of versions: `1.2.0`, `^1.2`, `~1.2`, `>=1.2 <3` or nothing'
    return { kind: 'programs', name, range }
  },
  format: ({ name, range }) => (range === undefined ? name : `${name}@${range}`),
  mismatch(grant, { name, version }) {
    if (grant.name !== name) return { closeness: 1, text: `the program ${name}` }
    if (grant.range === undefined || (version !== undefined && isIn(grant.range, version))) return undefined
    return { closeness: 2, text: `the version ${version ?? 'without number'}` }
  },
  describe: ({ name, version }) => (version === undefined ? name : `${name}@${version}`),
  isWithin: (narrow, wide) =>
    narrow.name === wide.name &&
    (wide.range === undefined ||
      narrow.range === wide.range ||
      (narrow.range !== undefined && isIn(wide.range, narrow.range))),
  meet: (grant, declared) => meetWithin(PROGRAMS.isWithin)(grant, declared),
}

function isIn(text: string, version: string): boolean {
  const range = parseRange(text)
  return range !== undefined && fitsRange(range, version)
}

/** Tools and their operations are named as TypeScript names functions. */
export const isToolName = (text: string): boolean => /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(text)
export const isOperationName = (text: string): boolean => /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(text) && !TAKEN.has(text)

/** Words that cannot name a function of a module (ECMA-262, 12.7.2), and names that modules of tools use themselves. */
const TAKEN: ReadonlySet<string> = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally ' +
    'for function if implements import in instanceof interface let new null package private protected public return static super ' +
    'switch this throw true try typeof undefined var void while with yield effect valueOf CapabilityError EffectError'
  ).split(' '),
)

/** The grammar behind `tool:NAME`. */
export const toolGrammar = (name: string): Grammar<ToolGrant, AskedTool> => ({
  examples: ['tool:crm', 'tool:crm=lookup,search'],
  parse(scope) {
    if (!isToolName(name)) return 'the name of a tool: `tool:NAME`'
    const operations = scope?.split(',')
    if (operations?.every(isOperationName) === false) return 'names of operations separated by commas'
    return { kind: 'tool', name, operations }
  },
  format: ({ operations }) => operations?.join(',') ?? '',
  mismatch(grant, asked) {
    if (grant.name !== asked.name) return { closeness: 1, text: `the tool ${asked.name}` }
    const isIn = grant.operations?.includes(asked.operation) ?? true
    return isIn ? undefined : { closeness: 2, text: `the operation ${asked.operation}` }
  },
  describe: ({ operation }) => operation,
  isWithin: (narrow, wide) =>
    narrow.name === wide.name &&
    (wide.operations === undefined ||
      narrow.operations?.every((operation) => wide.operations?.includes(operation)) === true),
  meet(grant, declared) {
    const operations = meetLists(grant.operations, declared.operations)
    return operations && { ...grant, operations: operations.both }
  },
})
