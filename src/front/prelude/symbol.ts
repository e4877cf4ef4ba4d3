// Symbols (ECMA-262 20.4): what has an identity and a text to show, and no parts.

/** The symbols that `Symbol.for` has given out. */
declare function symbol_registry(): Symbol[]

export class Symbol {
  #description: string | undefined

  constructor(description: string | undefined) {
    this.#description = description
  }

  get description(): string | undefined {
    return this.#description
  }

  toString(): string {
    const text = this.#description
    return 'Symbol(' + (text === undefined ? '' : text) + ')'
  }

  valueOf(): this {
    return this
  }
}

export function symbol_new(description: string | undefined): Symbol {
  return new Symbol(description)
}

export function symbol_for(key: string): Symbol {
  const known = symbol_registry()
  for (const one of known) if (one.description === key) return one
  const made = new Symbol(key)
  known.push(made)
  return made
}

export function symbol_key_for(symbol: Symbol): string | undefined {
  for (const one of symbol_registry()) if (one === symbol) return one.description
  return undefined
}
