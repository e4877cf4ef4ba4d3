/** What is told of one thing that was done, or that was refused. Never what programs read or wrote, and never secrets. */
export type AuditEvent = {
  /** The action of a route or of the service itself, as `keys.create`. */
  readonly action: string
  readonly tenant: string
  /** Who asked for it; `service` for what nobody asked for. */
  readonly principal: string
  /** What it was done to: the id of a key, an artifact, an execution. */
  readonly subject: string
  readonly outcome: 'done' | 'refused' | 'failed'
  /** Why it was refused or failed: codes, rules, reasons of policies. */
  readonly reasons?: readonly string[]
  /** Further facts by name; JSON. */
  readonly details?: Readonly<Record<string, unknown>>
}
