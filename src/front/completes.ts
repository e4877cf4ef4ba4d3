import type { HStmt } from './hir.ts'

/**
 * Whether control may reach the end of a statement list, by syntax alone (the same rule as
 * TypeScript's for "not all code paths return a value", less its use of types).
 */
export function completes(body: readonly HStmt[]): boolean {
  return body.every(statementCompletes)
}

function statementCompletes(s: HStmt): boolean {
  switch (s.kind) {
    case 'return':
    case 'throw':
    case 'break':
    case 'continue':
      return false
    case 'if':
      return completes(s.then) || completes(s.else)
    case 'block':
      return completes(s.body) || breaksTo(s.body, s.label)
    case 'loop':
      return loopCompletes(s)
    case 'switch': {
      const last = s.cases.at(-1)
      return (
        !s.cases.some((c) => c.test === null) ||
        !last ||
        completes(last.body) ||
        s.cases.some((c) => breaksTo(c.body, s.label))
      )
    }
    case 'try':
      if (s.finalizer && !completes(s.finalizer)) return false
      return completes(s.body) || (s.handler !== null && completes(s.handler.body))
    default:
      return true
  }
}

function loopCompletes(s: HStmt & { kind: 'loop' }): boolean {
  if (breaksTo(s.body, s.label)) return true
  if (s.test === null || (s.test.kind === 'const' && s.test.value === true)) return false
  return !s.post || completes(s.body) || continuesTo(s.body, s.label)
}

const breaksTo = (body: readonly HStmt[], label: number): boolean => jumps(body, 'break', label)
const continuesTo = (body: readonly HStmt[], label: number): boolean => jumps(body, 'continue', label)

/** Whether some statement in `body` jumps to `label` in the given way. */
function jumps(body: readonly HStmt[], kind: 'break' | 'continue', label: number): boolean {
  return body.some(
    (s) => (s.kind === kind && s.label === label) || bodiesOf(s).some((inner) => jumps(inner, kind, label)),
  )
}

function bodiesOf(s: HStmt): readonly (readonly HStmt[])[] {
  switch (s.kind) {
    case 'if':
      return [s.then, s.else]
    case 'block':
    case 'forOf':
      return [s.body]
    case 'loop':
      return [s.body, s.update]
    case 'switch':
      return s.cases.map((c) => c.body)
    case 'try':
      return [s.body, s.handler?.body ?? [], s.finalizer ?? []]
    default:
      return []
  }
}
