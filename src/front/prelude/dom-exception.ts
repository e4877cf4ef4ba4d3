// What Node throws where browsers do (WebIDL 2.8.1).

/** Codes of the names that have one, of those that the library throws or programs are likely to. */
function dom_exception_code(name: string): number {
  if (name === 'InvalidCharacterError') return 5
  if (name === 'InvalidStateError') return 11
  if (name === 'SyntaxError') return 12
  if (name === 'AbortError') return 20
  if (name === 'QuotaExceededError') return 22
  if (name === 'TimeoutError') return 23
  return name === 'DataCloneError' ? 25 : 0
}

export class DOMException extends Error {
  constructor(message: string, name: string) {
    super(message)
    this.name = name
  }

  get code(): number {
    return dom_exception_code(this.name)
  }
}

export function dom_exception(message: string = '', name: string = 'Error'): DOMException {
  return new DOMException(message, name)
}
