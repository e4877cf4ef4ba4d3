import { type Setting } from './setting.ts'

/** Who may do what, beyond what scopes say. */
export type PolicyConfig = {
  /** The folder of policies and profiles; undefined: only the default set. */
  readonly policyFolder: string | undefined
}

export const POLICY_DEFAULTS: PolicyConfig = { policyFolder: undefined }

export const POLICY_SETTINGS: readonly Setting<PolicyConfig>[] = [
  {
    env: 'ANRF_POLICIES',
    about: 'folder with policies (`*.cedar`) and `profiles.json` (docs/POLICY.md); read again on SIGHUP and on change',
    read: (policyFolder) => ({ policyFolder }),
  },
]
