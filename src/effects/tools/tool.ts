/** A JSON Schema (2020-12). */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown }

/** A tool of the host as a program sees it: what it can do, and with what. */
export type ToolDescription = {
  readonly name: string
  readonly description: string
  readonly operations: { readonly [name: string]: ToolOperation }
}

export type ToolOperation = {
  readonly description: string
  readonly input: JsonSchema
  readonly output: JsonSchema
  /** Whether it may be done again when it is not known whether it was done. Default: no. */
  readonly repeatable?: boolean
}
