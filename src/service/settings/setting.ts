/** One setting, by the variable of the environment that has it, and the part of the configuration that its text gives. */
export type Setting<Config> = {
  readonly env: string
  readonly about: string
  /** The text that means what holds without the setting; absent when nothing does, or when the machine says. */
  readonly default?: string
  /** What holds without the setting where that is not one text, as `the number of processors`. */
  readonly unset?: string
  /** What stands between the items of a list; a comma. */
  readonly separator?: string
  /** Whether what it is set to is nobody's business. */
  readonly isSecret?: true
  /** A text says what was expected. */
  readonly read: (text: string, env: Environment) => Partial<Config> | string
}

export type Environment = Readonly<Record<string, string | undefined>>

/** The name of a setting in a configuration file and for `--set`: `ANRF_LOG_LEVEL` is `logLevel`. */
export function keyOf({ env }: Pick<Setting<never>, 'env'>): string {
  const words = env.replace(/^ANRF_/, '').toLowerCase()
  return words.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** Reads a whole number from `min` to `max`. */
export const whole =
  <Name extends string>(name: Name, min: number, max: number) =>
  (text: string): Readonly<Record<Name, number>> | string => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max
      ? ({ [name]: value } as Record<Name, number>)
      : `a whole number from ${min} to ${max}`
  }
