import { diagnostic, type Code, type Diagnostic } from '../../base/index.ts'

/** Why something could not be pushed, pulled, exported or imported: the fault of the world, told as a diagnostic. */
export class OciError extends Error {
  readonly diagnostic: Diagnostic

  constructor(code: Extract<Code, 'ANRF5054' | 'ANRF5055' | 'ANRF5056' | 'ANRF5057'>, message: string, hint?: string) {
    super(message)
    this.name = 'OciError'
    this.diagnostic = diagnostic(code, { message, ...(hint !== undefined && { hint }) })
  }
}

/** What is there is not what was promised. */
export const unlike = (message: string): OciError =>
  new OciError('ANRF5056', message, 'Nothing was taken. Whoever has the artifact may push it again, by its digest.')
