/** One variable of the environment, and the part of the configuration that its text gives. */
export type Setting<Config> = {
  readonly env: string
  readonly about: string
  /** Whether what it is set to is nobody's business. */
  readonly isSecret?: true
  /** A text says what was expected. */
  readonly read: (text: string, env: Environment) => Partial<Config> | string
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Reads a whole number from `min` to `max`. */
export const whole =
  <Name extends string>(name: Name, min: number, max: number) =>
  (text: string): Readonly<Record<Name, number>> | string => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max
      ? ({ [name]: value } as Record<Name, number>)
      : `a whole number from ${min} to ${max}`
  }
