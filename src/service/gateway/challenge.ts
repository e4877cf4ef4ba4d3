import type { Scope } from '../identity/principal.ts'
import type { Problem } from '../http/problem.ts'

type Challenge = {
  readonly error?: 'invalid_token' | 'insufficient_scope'
  /** Without quotes and backslashes. */
  readonly description?: string
  readonly scope?: Scope
}

/** RFC 6750, section 3: the answer's header that says what was wrong with the credential, if there was one. */
export function challenge({ error, description, scope }: Challenge = {}): Pick<Problem, 'headers'> {
  const parts = [
    'realm="anrf"',
    ...(error ? [`error="${error}"`] : []),
    ...(description ? [`error_description="${description}"`] : []),
    ...(scope ? [`scope="${scope}"`] : []),
  ]
  return { headers: { 'www-authenticate': `Bearer ${parts.join(', ')}` } }
}
