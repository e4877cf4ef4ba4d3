import { diagnostic, lineStarts, positionAt, type Code, type Diagnostic } from '../../base/index.ts'
import { DEFAULT_PREFIX } from '../default-set.ts'
import { openCedar } from './cedar.ts'
import { splitPolicies, type PolicyText } from './split.ts'

export type PolicyFile = { readonly path: string; readonly text: string }

/** A policy of an operator. */
export type ParsedPolicy = {
  /** Its annotation `@id`, or its file and number there. */
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  /** Its annotation `@reason`, for whoever is refused by it. */
  readonly reason?: string
  readonly text: string
  readonly file: PolicyFile
  readonly start: number
}

type CedarError = {
  readonly message: string
  readonly help: string | null
  readonly sourceLocations?: readonly { readonly label: string | null; readonly start: number; readonly end: number }[]
}

/** The policies of a file and everything that does not parse in it (ANRF5030). */
export function parsePolicyFile(file: PolicyFile): {
  readonly policies: readonly ParsedPolicy[]
  readonly diagnostics: readonly Diagnostic[]
} {
  const parsed = splitPolicies(file.text).map((part, i) => parsePolicy(file, part, i + 1))
  return {
    policies: parsed.flatMap((one) => ('diagnostics' in one ? [] : [one])),
    diagnostics: parsed.flatMap((one) => ('diagnostics' in one ? one.diagnostics : [])),
  }
}

function parsePolicy(
  file: PolicyFile,
  { text, start }: PolicyText,
  number: number,
): ParsedPolicy | { readonly diagnostics: readonly Diagnostic[] } {
  const at = { file, text, start }
  if (isTemplate(text))
    return refuse(at, 'a template permits and forbids nothing: there is nothing that links it', 'Write a policy.')
  const answer = openCedar().policyToJson(text)
  if (answer.type === 'failure')
    return { diagnostics: answer.errors.map((error) => diagnosticOf('ANRF5030', at, error)) }
  const { effect, annotations = {} } = answer.json
  const { id = `${file.path}#${number}`, reason } = annotations
  if (id.startsWith(DEFAULT_PREFIX))
    return refuse(at, `the id ${id} begins as those of the default set`, 'Give the policy another `@id`.')
  return { id, effect, ...(reason !== undefined && { reason }), text, file, start }
}

function isTemplate(text: string): boolean {
  const parts = openCedar().policySetTextToParts(text)
  return parts.type === 'success' && parts.policy_templates.length > 0
}

function refuse(at: Place, message: string, hint: string): { readonly diagnostics: readonly Diagnostic[] } {
  return { diagnostics: [diagnosticOf('ANRF5030', at, { message, help: hint })] }
}

/** A policy as the place of what Cedar says of its text. */
type Place = { readonly file: PolicyFile; readonly text: string; readonly start: number }

/** What Cedar says of a policy, with its place in the file: Cedar counts bytes of UTF-8 from the beginning of the policy. */
export function diagnosticOf(
  code: Code,
  { file, text, start }: Place,
  { message, help, sourceLocations = [] }: CedarError,
  severity?: 'warning',
): Diagnostic {
  const [first] = sourceLocations
  const bytes = Buffer.from(text)
  const offset = (byte: number): number => start + bytes.subarray(0, byte).toString().length
  const lines = lineStarts(file.text)
  const from = positionAt(lines, offset(first?.start ?? 0))
  const to = positionAt(lines, offset(first?.end ?? first?.start ?? 0))
  const label = first?.label
  return diagnostic(code, {
    message: label === null || label === undefined ? message : `${message}: ${label}`,
    location: { path: file.path, start: from, end: to },
    excerpt: { firstLine: from.line, lines: file.text.split('\n').slice(from.line - 1, to.line) },
    ...(help !== null && { hint: asSentence(help) }),
    ...(severity && { severity }),
  })
}

const asSentence = (text: string): string =>
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.?]$/.test(text) ? '' : '.'}`
