import type { FastifyError } from 'fastify'
import { diagnostic } from '../../base/index.ts'
import { StoreError } from '../../store/index.ts'
import { overloaded } from '../flow/gateway.ts'
import { problem, problemOfDiagnostics, type Problem } from './problem.ts'

/** An error that carries the problem it is answered with. */
export class ProblemError extends Error {
  readonly problem: Problem

  constructor(given: Problem) {
    super(given.detail)
    this.problem = given
  }
}

/** The problem that an error of Fastify, the store or a handler is answered with; undefined for a defect of ours. */
export function problemOfError(error: unknown): Problem | undefined {
  if (error instanceof ProblemError) return error.problem
  if (error instanceof StoreError) return problemOfStore(error)
  const { code, validation, validationContext, statusCode, message } = error as FastifyError
  if (validation)
    return problemOfDiagnostics(
      validation.map(({ instancePath, message: text, params }) =>
        diagnostic('ANRF5004', {
          message: `${validationContext ?? 'body'} ${text ?? 'is not understood'}${namedIn(params)}`,
          pointer: instancePath,
        }),
      ),
    )
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return problem('ANRF5007', 'the body is larger than this service takes')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || code === 'FST_ERR_CTP_EMPTY_TYPE')
    return problem('ANRF5004', 'the body is of a media type that this route does not take', { status: 415 })
  // Other errors of reading the request: a length that is wrong, a body that was cut off.
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return problem('ANRF5004', message, { status: statusCode })
  return undefined
}

/** Names the member that a schema did not expect or the values that it allows. */
function namedIn(params: Record<string, unknown>): string {
  const { additionalProperty, allowedValues } = params
  if (typeof additionalProperty === 'string') return `: ${additionalProperty}`
  return Array.isArray(allowedValues) ? `: ${allowedValues.join(', ')}` : ''
}

function problemOfStore({ fault }: StoreError): Problem {
  if (fault === 'busy' || fault === 'closed') return overloaded('the store is busy')
  const detail = fault === 'full' ? 'the store has no space left' : 'the store failed'
  return problem('ANRF5008', detail, { status: fault === 'full' ? 507 : 500 })
}
