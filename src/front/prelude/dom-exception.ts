// What Node throws where browsers do (WebIDL 2.8.1).

/** The code of a name: its place in the table of WebIDL 2.8.1, from 1 on, where three have none any more. */
function dom_exception_code(name: string): number {
  const names = [
    ...['IndexSizeError', null, 'HierarchyRequestError', 'WrongDocumentError', 'InvalidCharacterError', null],
    ...['NoModificationAllowedError', 'NotFoundError', 'NotSupportedError', 'InUseAttributeError', 'InvalidStateError'],
    ...['SyntaxError', 'InvalidModificationError', 'NamespaceError', 'InvalidAccessError', null, 'TypeMismatchError'],
    ...['SecurityError', 'NetworkError', 'AbortError', 'URLMismatchError', 'QuotaExceededError', 'TimeoutError'],
    ...['InvalidNodeTypeError', 'DataCloneError'],
  ]
  return names.indexOf(name) + 1
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
