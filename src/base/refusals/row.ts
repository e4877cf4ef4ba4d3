/** A feature that programs cannot use by design, with the page that `anrf --explain NAME` prints of it. */
export type RefusalRow = {
  /** What diagnostics and the page call the feature. */
  readonly title: string
  /** Names that Node or a browser declares, each a feature of diagnostics. */
  readonly globals?: readonly string[]
  /** Other features of diagnostics that the page explains; one that begins with a dot is a member of anything. */
  readonly features?: readonly string[]
  /** What to write instead, a full sentence. */
  readonly hint: string
  /** Why the feature is refused, one paragraph. */
  readonly why: string
  /** A small program that is refused; the two give the same in Node where the entry `main` takes no parameters. */
  readonly before: string
  /** The program as ANRF takes it. */
  readonly after: string
}
