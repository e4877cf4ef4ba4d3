import type { Code, Diagnostic, Outcome } from '../../base/index.ts'

/** What the exit code of `anrf` says, once: the manual, `anrf help` and every command read these rows. */
export const EXIT_CODES = {
  ok: { code: 0, about: 'the program returned, or the command did what it was asked' },
  threw: { code: 1, about: 'the program threw an exception or trapped' },
  unparsed: { code: 2, about: 'the program, document or input does not parse' },
  refused: { code: 3, about: 'the program, document or input was refused with diagnostics' },
  failed: { code: 4, about: 'a limit was reached, or the execution failed or was cancelled' },
  denied: { code: 5, about: 'denied by policy, or the key is missing or not sufficient' },
  suspended: { code: 6, about: 'the execution waits for an answer and can be resumed' },
  usage: { code: 64, about: 'the command line is not understood, or a file cannot be read' },
  bug: { code: 70, about: 'a defect of ANRF itself' },
  interrupted: { code: 130, about: 'interrupted by Ctrl-C' },
} as const

export type Exit = keyof typeof EXIT_CODES

/** Codes that say "this is not even in the language": TypeScript, IR bytes or text, documents, JSON. */
const UNPARSED: ReadonlySet<Code> = new Set(['ANRF1001', 'ANRF2001', 'ANRF2002', 'ANRF3001', 'ANRF4004', 'ANRF5030'])
const DENIED: ReadonlySet<Code> = new Set(['ANRF5001', 'ANRF5002', 'ANRF5010', 'ANRF5033', 'ANRF5034', 'ANRF5035'])
const MISUSED: ReadonlySet<Code> = new Set(['ANRF5009', 'ANRF5070'])
const FAILED: ReadonlySet<Code> = new Set(['ANRF5005', 'ANRF5008', 'ANRF7001'])

/** The exit that a list of diagnostics stands for; `ok` when none is an error. */
export function exitOfDiagnostics(list: readonly Diagnostic[]): Exit {
  const codes = list.filter((d) => d.severity === 'error').map((d) => d.code)
  if (codes.length === 0) return 'ok'
  if (codes.some((code) => UNPARSED.has(code))) return 'unparsed'
  if (codes.some((code) => DENIED.has(code))) return 'denied'
  if (codes.some((code) => FAILED.has(code))) return 'failed'
  return codes.some((code) => MISUSED.has(code)) ? 'usage' : 'refused'
}

const OUTCOME_EXITS = {
  returned: 'ok',
  threw: 'threw',
  trapped: 'threw',
  limited: 'failed',
  refused: 'refused',
  suspended: 'suspended',
  cancelled: 'failed',
  crashed: 'failed',
  expired: 'failed',
} as const satisfies Record<Outcome['kind'], Exit>

export function exitOfOutcome(outcome: Outcome): Exit {
  return outcome.kind === 'refused' ? exitOfDiagnostics(outcome.diagnostics) : OUTCOME_EXITS[outcome.kind]
}
