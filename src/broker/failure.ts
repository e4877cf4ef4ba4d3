import type { Denial } from '../effects/index.ts'

/** Why a call came to nothing, as a program can compare it: the only list. */
export const FAILURES = {
  arguments: 'the arguments are not those of the operation',
  cancelled: 'the call was given up',
  conflict: 'something of another kind has this name already',
  denied: 'it was not granted',
  encoding: 'the content is not UTF-8 text',
  failed: 'the other side tried, and could not',
  internal: 'a defect of the host',
  network: 'the other side could not be reached, or broke off',
  'not-found': 'there is nothing of this name',
  quota: 'the space that was given is used up',
  timeout: 'it took longer than it may',
  'too-large': 'it is larger than it may be',
  unavailable: 'this host has no such thing to offer',
} as const

export type FailureCode = keyof typeof FAILURES

/** What a program sees as an error. Thrown by handlers only; any other error is a defect. */
export class EffectFailure extends Error {
  readonly code: FailureCode
  readonly denial: Denial | undefined

  constructor(code: FailureCode, message: string, denial?: Denial) {
    super(message)
    this.name = 'EffectFailure'
    this.code = code
    this.denial = denial
  }
}

/** The failure of a call that no grant permits. */
export function denied(denial: Denial): EffectFailure {
  const { capability, asked, rule } = denial
  return new EffectFailure('denied', `${capability}: ${asked} was denied: ${rule}`, denial)
}

/** Thrown by a handler whose answer comes later than the run can wait for. */
export class Suspended extends Error {}
