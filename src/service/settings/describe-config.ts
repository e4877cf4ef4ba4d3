import { chooseSettings, type Layer } from './config.ts'
import { keyOf } from './setting.ts'

/** A setting as `anrf serve --print-config` shows it. */
export type DescribedSetting = {
  readonly key: string
  readonly variable: string
  /** Absent when nothing holds; of a secret only that there is one. */
  readonly value?: string
  readonly origin: 'flag' | 'environment' | 'file' | 'default'
}

const HIDDEN = '(hidden)'

/** What holds of each setting, and where it was given. */
export function describeConfig(layers: readonly Layer[]): readonly DescribedSetting[] {
  return chooseSettings(layers).map(({ setting, text, origin }): DescribedSetting => {
    const held = text ?? setting.default ?? setting.unset
    const value = setting.isSecret && held !== undefined ? HIDDEN : held
    const from = origin ?? 'default'
    return { key: keyOf(setting), variable: setting.env, origin: from, ...(value !== undefined && { value }) }
  })
}
