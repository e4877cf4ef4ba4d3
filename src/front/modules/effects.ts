// What every module of effects is made of: a call of the broker that comes to a value or to an error.

/** Begins a call; the promise comes to the answer as JSON text. */
declare function effect(name: string, args: string): Promise<string>

/** A capability that the run does not have, or not for what was asked. There is no other way to it: ask for a grant. */
export class CapabilityError extends Error {
  readonly capability: string
  readonly asked: string
  readonly rule: string
  readonly allowed: string[]
  readonly advice: string

  constructor(message: string, capability: string, asked: string, rule: string, allowed: string[], advice: string) {
    super(message)
    this.name = 'CapabilityError'
    this.capability = capability
    this.asked = asked
    this.rule = rule
    this.allowed = allowed
    this.advice = advice
  }
}

/** What was asked for could not be had. `code` says why, for programs to compare: `timeout`, `not-found` and the like. */
export class EffectError extends Error {
  readonly code: string

  constructor(message: string, code: string) {
    super(message)
    this.name = 'EffectError'
    this.code = code
  }
}

/** The value that an answer says, or the error that it says, thrown. */
export function valueOf(answer: string): any {
  const said = JSON.parse(answer)
  const error = said.error
  if (error === undefined) return said.value
  const denial = error.denial
  if (denial === undefined) throw new EffectError(String(error.message), String(error.name))
  throw new CapabilityError(
    String(error.message),
    String(denial.capability),
    String(denial.asked),
    String(denial.rule),
    denial.allowed.map((grant: any) => String(grant)),
    String(denial.advice),
  )
}
