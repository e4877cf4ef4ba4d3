import type { Diagnostic } from '../base/index.ts'
import { openIsolation, type Isolation } from '../sandbox/index.ts'
import type { ServiceConfig } from './settings/config.ts'

/** The isolation that the configuration asks for cannot be had here: the service does not start. */
export class IsolationError extends Error {
  readonly diagnostic: Diagnostic

  constructor(given: Diagnostic) {
    super(given.message)
    this.diagnostic = given
  }
}

/** Proves the isolation that the configuration asks for. Rejects with an {@link IsolationError}. */
export async function isolate({ isolation, ociRuntime }: ServiceConfig): Promise<Isolation> {
  const opened = await openIsolation(isolation, { ociRuntime })
  if ('refused' in opened) throw new IsolationError(opened.refused)
  return opened
}
