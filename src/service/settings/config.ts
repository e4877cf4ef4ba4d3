import { diagnostic, type Diagnostic } from '../../base/index.ts'
import { EFFECTS_DEFAULTS, EFFECTS_SETTINGS, type EffectsConfig } from './effects.ts'
import { HOOKS_DEFAULTS, HOOKS_SETTINGS, type HooksConfig } from './hooks.ts'
import { HTTP_DEFAULTS, HTTP_SETTINGS, type HttpConfig } from './http.ts'
import { QUEUE_DEFAULTS, QUEUE_SETTINGS, type QueueConfig } from './queue.ts'
import { POLICY_DEFAULTS, POLICY_SETTINGS, type PolicyConfig } from './policy.ts'
import { IDENTITY_DEFAULTS, IDENTITY_SETTINGS, type IdentityConfig } from './identity.ts'
import { QUOTAS_DEFAULTS, QUOTAS_SETTINGS, type QuotasConfig } from './quotas.ts'
import { SANDBOX_DEFAULTS, SANDBOX_SETTINGS, type SandboxConfig } from './sandbox.ts'
import { STORE_DEFAULTS, STORE_SETTINGS, type StoreConfig } from './store.ts'
import { TELEMETRY_DEFAULTS, TELEMETRY_SETTINGS, type TelemetryConfig } from './telemetry.ts'
import { findTlsMistakes, TLS_DEFAULTS, TLS_SETTINGS, type TlsConfig } from './tls.ts'
import { TRUST_DEFAULTS, TRUST_SETTINGS, type TrustConfig } from './trust.ts'
import type { Environment, Setting } from './setting.ts'

/** Everything a service is told, read once and frozen; nothing else reads the environment. */
export type ServiceConfig = HttpConfig &
  IdentityConfig &
  TlsConfig &
  QuotasConfig &
  StoreConfig &
  SandboxConfig &
  TrustConfig &
  PolicyConfig &
  EffectsConfig &
  HooksConfig &
  QueueConfig &
  TelemetryConfig

/** The environment of a service, one row per variable; docs/API.md shows them. */
export const SETTINGS: readonly Setting<ServiceConfig>[] = [
  ...HTTP_SETTINGS,
  ...IDENTITY_SETTINGS,
  ...TLS_SETTINGS,
  ...QUOTAS_SETTINGS,
  ...STORE_SETTINGS,
  ...SANDBOX_SETTINGS,
  ...TRUST_SETTINGS,
  ...POLICY_SETTINGS,
  ...EFFECTS_SETTINGS,
  ...HOOKS_SETTINGS,
  ...QUEUE_SETTINGS,
  ...TELEMETRY_SETTINGS,
]

export const DEFAULT_CONFIG: ServiceConfig = Object.freeze({
  ...HTTP_DEFAULTS,
  ...IDENTITY_DEFAULTS,
  ...TLS_DEFAULTS,
  ...QUOTAS_DEFAULTS,
  ...STORE_DEFAULTS,
  ...SANDBOX_DEFAULTS,
  ...TRUST_DEFAULTS,
  ...POLICY_DEFAULTS,
  ...EFFECTS_DEFAULTS,
  ...HOOKS_DEFAULTS,
  ...QUEUE_DEFAULTS,
  ...TELEMETRY_DEFAULTS,
})

/** Where a setting was given: the command line goes before the environment, that before a file. */
export type Origin = 'flag' | 'environment' | 'file'

/** Settings that were given at one place, by the names of their variables. `place` names it for people. */
export type Layer = {
  readonly origin: Origin
  readonly values: Environment
  readonly placeOf: (setting: Setting<ServiceConfig>) => string
}

/** The environment of a process as a layer. */
export const environmentLayer = (values: Environment): Layer => ({
  origin: 'environment',
  values,
  placeOf: ({ env }) => env,
})

/** A setting with the text that holds and where that was given; neither for one that nobody gave. */
export type GivenSetting = {
  readonly setting: Setting<ServiceConfig>
  readonly text?: string
  readonly origin?: Origin
}

/** Which text of which layer holds; those that come first go before. An empty text is none. */
export function chooseSettings(layers: readonly Layer[]): readonly (GivenSetting & { readonly layer?: Layer })[] {
  return SETTINGS.map((setting) => {
    const layer = layers.find(({ values }) => (values[setting.env] ?? '') !== '')
    return layer ? { setting, layer, origin: layer.origin, text: layer.values[setting.env]! } : { setting }
  })
}

/** Defaults, then the environment, then what the caller sets; all that is wrong is reported together (ANRF5009). */
export function readConfig(
  env: Environment,
  given: Partial<ServiceConfig> = {},
): { readonly config: ServiceConfig } | { readonly diagnostics: readonly Diagnostic[] } {
  return readLayers([environmentLayer(env)], env, given)
}

/** The same over several layers, the strongest first. `env` has what settings refer to, such as the values of secrets. */
export function readLayers(
  layers: readonly Layer[],
  env: Environment,
  given: Partial<ServiceConfig> = {},
): { readonly config: ServiceConfig } | { readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const parts = chooseSettings(layers).flatMap(({ setting, layer, text }) => {
    if (text === undefined || !layer) return []
    const part = setting.read(text, env)
    if (typeof part !== 'string') return [part]
    const shown = setting.isSecret ? 'a secret' : JSON.stringify(text)
    diagnostics.push(diagnostic('ANRF5009', { message: `${layer.placeOf(setting)} is ${shown}, not ${part}` }))
    return []
  })
  const config = Object.freeze(Object.assign({}, DEFAULT_CONFIG, ...parts, given) as ServiceConfig)
  // What does not go together is told when all parts of it are right.
  if (diagnostics.length === 0)
    diagnostics.push(...findTlsMistakes(config).map((message) => diagnostic('ANRF5009', { message })))
  return diagnostics.length > 0 ? { diagnostics } : { config }
}
