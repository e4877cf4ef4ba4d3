import { diagnostic, type Code, type Diagnostic } from '../base/index.ts'
import { BOUNDS } from './document.ts'

/** Collects what is wrong with a document, up to the bound; later ones are dropped. */
export class Report {
  readonly diagnostics: Diagnostic[] = []

  /** Adds a diagnostic at a JSON pointer. */
  add(code: Code, pointer: string, message: string, hint?: string): void {
    if (this.diagnostics.length >= BOUNDS.diagnostics) return
    this.diagnostics.push(diagnostic(code, { message, pointer, ...(hint === undefined ? {} : { hint }) }))
  }
}

/** A JSON pointer one step deeper (RFC 6901: `~` and `/` in keys are escaped). */
export function pointerTo(parent: string, key: string | number): string {
  return `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
}
