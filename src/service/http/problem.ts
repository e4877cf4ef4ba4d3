import { CODES, diagnostic, type Code, type Diagnostic, type JsonRefusal, type Outcome } from '../../base/index.ts'
import type { ExecuteAnswer, ProblemBody, SuspendedAnswer } from '../../client/index.ts'
import { OUTCOMES } from '../executions/outcomes.ts'

/** HTTP status of each code that answers a request by itself; every other diagnostic is 422. */
export const CODE_STATUS = {
  ANRF4004: 400,
  ANRF5001: 401,
  ANRF5002: 403,
  ANRF5003: 404,
  ANRF5004: 422,
  ANRF5005: 503,
  ANRF5006: 409,
  ANRF5007: 413,
  ANRF5008: 500,
  ANRF5010: 422,
  ANRF5011: 429,
  ANRF5020: 401,
  ANRF5021: 403,
  ANRF5022: 403,
  ANRF5050: 422,
  ANRF5051: 403,
  ANRF5060: 403,
  ANRF5061: 422,
  ANRF5062: 502,
  ANRF5040: 409,
  ANRF5045: 410,
  ANRF5033: 403,
  ANRF5034: 403,
  ANRF5035: 403,
  ANRF5041: 400,
  ANRF5042: 409,
  ANRF5043: 422,
  ANRF5023: 401,
  ANRF5024: 503,
  ANRF5025: 429,
  ANRF5026: 431,
} as const satisfies Partial<Record<Code, number>>

/** What a caller of `POST /execute/{anrfId}` gets in the end. */
export type Answer = ExecuteAnswer | SuspendedAnswer | ProblemBody

export type Problem = ProblemBody & { readonly headers?: Readonly<Record<string, string>> }

export function problem(code: Code, detail: string, more: Partial<Problem> = {}): Problem {
  const status = (CODE_STATUS as Partial<Record<Code, number>>)[code] ?? 422
  return { type: `urn:anrf:problem:${code}`, title: CODES[code].title, status, detail, error: detail, code, ...more }
}

/** What keeps a text of a request from being read, with its place in the body if it has one. */
export function notJson(what: string, { message, pointer }: JsonRefusal, within = ''): Problem {
  const detail = `${what} is not JSON: ${message}`
  if (pointer === undefined) return problem('ANRF4004', detail)
  const diagnostics = [diagnostic('ANRF4004', { message: detail, pointer: `${within}${pointer}` })]
  return problem('ANRF4004', detail, { diagnostics })
}

/** Of a request for what an execution was given, said or logged, when only digests are left of it. */
export function payloadExpired(executionId: string, { at }: { readonly at: string }): Problem {
  return problem('ANRF5045', `what ${executionId} was given, said and logged has expired: it was erased at ${at}`, {
    executionId,
  })
}

/** Diagnostics that the one text of a problem tells; `diagnostics` has them all. */
const TOLD_MAX = 3

/** A list of diagnostics as one problem: the first error gives code and status. */
export function problemOfDiagnostics(diagnostics: readonly Diagnostic[], more: Partial<Problem> = {}): Problem {
  const main = diagnostics.find((d) => d.severity === 'error') ?? diagnostics[0]
  if (!main) throw new Error('a refusal needs a diagnostic')
  const told = [main, ...diagnostics.filter((d) => d !== main && d.severity === 'error')]
  const rest = told.length > TOLD_MAX ? ` (and ${told.length - TOLD_MAX} more)` : ''
  return problem(main.code, `${told.slice(0, TOLD_MAX).map(describe).join('; ')}${rest}`, { diagnostics, ...more })
}

const describe = ({ pointer, message }: Diagnostic): string =>
  pointer === undefined || pointer === '' ? message : `${pointer}: ${message}`

/** An execution that did not return. */
export function problemOfOutcome(
  outcome: Exclude<Outcome, { kind: 'returned' | 'suspended' }>,
  more: Partial<Problem>,
): Problem {
  if (outcome.kind === 'refused') return problemOfDiagnostics(outcome.diagnostics, { outcome, ...more })
  const detail = outcome.kind === 'threw' ? thrownText(outcome.error) : outcome.message
  const { title, status } = OUTCOMES[outcome.kind]
  return { type: `urn:anrf:outcome:${outcome.kind}`, title, status, detail, error: detail, outcome, ...more }
}

const thrownText = ({ name, message }: { name: string; message: string }): string =>
  message === '' ? name : `${name}: ${message}`
