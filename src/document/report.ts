import { diagnostic, type Code, type Diagnostic } from '../base/index.ts'
import { BOUNDS } from './document.ts'

/** Names in a hostile document may be as long as the document. */
const TEXT_MAX = 500

/** Collects what is wrong with a document, up to the bound; later ones are dropped. */
export class Report {
  readonly diagnostics: Diagnostic[] = []

  /** Adds a diagnostic at a JSON pointer. */
  add(code: Code, pointer: string, message: string, hint?: string): void {
    if (this.diagnostics.length >= BOUNDS.diagnostics) return
    const parts = { message: shorten(message), pointer: shorten(pointer), ...(hint === undefined ? {} : { hint }) }
    this.diagnostics.push(diagnostic(code, parts))
  }
}

function shorten(text: string): string {
  return text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 1)}…`
}

/** A JSON pointer one step deeper (RFC 6901: `~` and `/` in keys are escaped). */
export function pointerTo(parent: string, key: string | number): string {
  return `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
}
