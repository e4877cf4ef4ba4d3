import type { RefusalRow } from './row.ts'

/** What would let an object mean something else than its literal or its class says. */
export const OBJECT_REFUSALS = {
  proxy: {
    title: 'Proxy',
    globals: ['Proxy'],
    hint: 'Use plain records, classes and functions.',
    why: 'Every read and write of an object that may be a proxy can run any code. Nothing could be said of a program before it runs, and every access would have to be a call.',
    before: `export function main(): number {
  const limits = new Proxy({ a: 1 } as Record<string, number>, { get: (all, name) => all[String(name)] ?? 100 })
  return limits['a']! + limits['b']!
}`,
    after: `class Limits {
  private readonly all: Record<string, number> = { a: 1 }
  get(name: string): number {
    return this.all[name] ?? 100
  }
}
export function main(): number {
  const limits = new Limits()
  return limits.get('a') + limits.get('b')
}`,
  },
  reflect: {
    title: 'Reflect',
    globals: ['Reflect'],
    hint: 'Use the operators: `object[key]`, `key in object`, `delete object[key]`, or Object.keys.',
    why: 'Reflect works on the inner methods of objects, for proxies and prototypes, which programs do not have. What is left of it has operators and functions of Object.',
    before: `export function main(): string[] {
  const stock: Record<string, number> = { apples: 3, pears: 5 }
  if (Reflect.has(stock, 'apples')) Reflect.deleteProperty(stock, 'apples')
  return Reflect.ownKeys(stock) as string[]
}`,
    after: `export function main(): string[] {
  const stock: Record<string, number> = { apples: 3, pears: 5 }
  if ('apples' in stock) delete stock['apples']
  return Object.keys(stock)
}`,
  },
  prototypes: {
    title: 'prototypes',
    features: ['.prototype', '`__proto__`', 'Object.setPrototypeOf', 'Object.getPrototypeOf'],
    hint: 'Declare a class with its methods; derive another with `extends`, or write a function that takes the object.',
    why: 'An object has the methods that its class declares, for as long as it lives. If a prototype could change, no call of a method could be known before the program runs, and a change of Array.prototype would change code that never asked for it. (The constructor of an error may call Object.setPrototypeOf with `this` and the prototype of its own class, as code for older engines does; prototypes may be compared, and their methods called by `call`.)',
    before: `class Circle {
  constructor(readonly radius: number) {}
}
;(Circle.prototype as unknown as Record<string, unknown>)['area'] = function (this: Circle) {
  return 3 * this.radius ** 2
}
export function main(): number {
  return (new Circle(2) as unknown as { area(): number }).area()
}`,
    after: `class Circle {
  constructor(readonly radius: number) {}
  area(): number {
    return 3 * this.radius ** 2
  }
}
export function main(): number {
  return new Circle(2).area()
}`,
  },
  'property-descriptors': {
    title: 'property descriptors',
    features: [
      'Object.defineProperty',
      'Object.defineProperties',
      'Object.getOwnPropertyDescriptor',
      'Object.getOwnPropertyDescriptors',
    ],
    hint: 'Assign the field, or declare a class with a getter or a `readonly` field.',
    why: 'A property that is hidden, read-only or computed for one object alone makes every other place that sees the object slower and harder to know. Classes say the same for all their instances.',
    before: `export function main(): number {
  const box = { side: 3 } as { side: number; readonly area: number }
  Object.defineProperty(box, 'area', { get: () => box.side ** 2 })
  return box.area
}`,
    after: `class Box {
  side = 3
  get area(): number {
    return this.side ** 2
  }
}
export function main(): number {
  return new Box().area
}`,
  },
  freeze: {
    title: 'frozen objects that may be written',
    features: [
      'Object.freeze',
      'Object.seal',
      'Object.preventExtensions',
      'Object.isFrozen',
      'Object.isSealed',
      'Object.isExtensible',
    ],
    hint: 'Freeze dictionaries that no code changes, nor others that reach the same code; or declare them `readonly`.',
    why: 'A frozen object throws at the first write, so that every write has to ask. Setting a field of a record or an instance asks, and so do elements of lists and their methods; keys of dictionaries, `delete` and `Object.assign` do not. What the program never changes so may be frozen, in a constructor only at its end and where no derived class adds a field. Whether dictionaries and functions are frozen cannot be asked where some are.',
    before: `export function main(): number {
  const limits: Record<string, number> = {}
  for (const key of ['low', 'high']) limits[key] = key.length
  Object.freeze(limits)
  try {
    limits['low'] = 2
  } catch {
    return 8
  }
  return 0
}`,
    after: `export function main(): number {
  const limits = Object.freeze({ low: 3, high: 4 })
  try {
    ;(limits as { low: number }).low = 2
  } catch {
    return 8
  }
  return 0
}`,
  },
  symbols: {
    title: 'symbols as keys',
    features: ['symbol as a key', 'Symbol.species', 'Symbol.unscopables', 'Object.getOwnPropertySymbols'],
    hint: 'As a key use a symbol that a constant of the top level holds, a text, or a `#private` field.',
    why: 'What a symbol names is a field that is known when the program is compiled: of a constant that holds `Symbol()`, or of `Symbol.for` of a text that is written out. Keys that are chosen when the program runs are texts, and so are those of objects whose keys are computed or deleted. Of the known symbols there are those of iteration, and in classes a method `[Symbol.toPrimitive]` and a getter `[Symbol.toStringTag]`.',
    before: `class Registry {
  #values: Record<symbol, number> = {}
  add(key: symbol, value: number): void {
    this.#values[key] = value
  }
  get(key: symbol): number | undefined {
    return this.#values[key]
  }
}
export function main(): number | undefined {
  const registry = new Registry()
  const key = Symbol('answer')
  registry.add(key, 42)
  return registry.get(key)
}`,
    after: `class Registry {
  #values = new Map<symbol, number>()
  add(key: symbol, value: number): void {
    this.#values.set(key, value)
  }
  get(key: symbol): number | undefined {
    return this.#values.get(key)
  }
}
export function main(): number | undefined {
  const registry = new Registry()
  const key = Symbol('answer')
  registry.add(key, 42)
  return registry.get(key)
}`,
  },
  'weak-references': {
    title: 'weak references',
    globals: ['WeakRef', 'FinalizationRegistry'],
    hint: 'Hold the object itself, and drop it where it is no longer needed.',
    why: 'When memory is collected differs from run to run and from machine to machine. A program that can see it does not give the same twice, so that it could neither be replayed nor checked.',
    before: `export function main(): number {
  const cached = new WeakRef({ size: 3 })
  return cached.deref()?.size ?? 3
}`,
    after: `export function main(): number {
  const cached: { size: number } | undefined = { size: 3 }
  return cached?.size ?? 3
}`,
  },
  stack: {
    title: 'the stack of an error',
    features: ['Error.stack', 'Error.captureStackTrace', 'Error.stackTraceLimit', 'console.trace'],
    hint: 'Use `name` and `message`; a stack trace is part of the outcome of the run.',
    why: 'The text of a stack names files, lines and functions of the machine that runs the program. A result that depends on it would differ between modes and versions.',
    before: `export function main(text: string): string {
  try {
    return String(JSON.parse(text))
  } catch (error) {
    return (error as Error).stack ?? ''
  }
}`,
    after: `export function main(text: string): string {
  try {
    return String(JSON.parse(text))
  } catch (error) {
    return (error as Error).name + ': ' + (error as Error).message
  }
}`,
  },
} as const satisfies Record<string, RefusalRow>
