import type { Encoded } from '../base/index.ts'
import { Limited } from './failure.ts'
import { dictKeys, Table } from './table.ts'
import { BufferInstance, TypedInstance, type Elements } from './typed.ts'
import { Closure, descriptionOf, ErrorInstance, readField, timeOf, visibleFields, type Instance } from './value.ts'

/** Enclosing objects beyond which a value is given as `deep`. */
const DEPTH_MAX = 200

/**
 * A value of a program as JSON, see `Encoded`. `bytesMax` bounds the JSON text in UTF-8, counted while it is
 * made: shared parts are repeated in JSON, so a small value may be a huge text.
 * Throws {@link Limited} (`output`) beyond it.
 */
export function encodeValue(value: unknown, bytesMax: number): Encoded {
  return new Encoder(bytesMax).encode(value)
}

class Encoder {
  #left: number
  /** The objects around the value at work, outermost first. */
  readonly #enclosing: object[] = []

  constructor(bytesMax: number) {
    this.#left = bytesMax
  }

  encode(value: unknown): Encoded {
    switch (typeof value) {
      case 'number':
        return this.#number(value)
      case 'string':
        this.#count(jsonLength(value))
        return value
      case 'boolean':
        this.#count(value ? 4 : 5)
        return value
      case 'undefined':
        return this.#tag({ $: 'undefined' })
      case 'bigint':
        return this.#tag({ $: 'bigint', v: String(value) })
      default:
        if (value === null) {
          this.#count(4)
          return null
        }
        return this.#object(value as object)
    }
  }

  #count(bytes: number): void {
    this.#left -= bytes
    if (this.#left < 0) throw new Limited('output', 'the result is too large')
  }

  #tag<T extends Encoded>(tag: T): T {
    this.#count(Buffer.byteLength(JSON.stringify(tag)))
    return tag
  }

  #number(value: number): Encoded {
    if (!Number.isFinite(value) || Object.is(value, -0))
      return this.#tag({ $: Object.is(value, -0) ? '-0' : String(value) })
    this.#count(String(value).length)
    return value
  }

  #object(value: object): Encoded {
    if (value instanceof Closure) return this.#tag({ $: 'function' })
    const outer = this.#enclosing.lastIndexOf(value)
    if (outer >= 0) return this.#tag({ $: 'ref', v: this.#enclosing.length - 1 - outer })
    if (this.#enclosing.length > DEPTH_MAX) return this.#tag({ $: 'deep' })
    if (value instanceof TypedInstance) return this.#numbers(value.layout.def.name, value.elements)
    if (value instanceof BufferInstance) return this.#numbers('ArrayBuffer', new Uint8Array(value.bytes))
    if (value instanceof ErrorInstance) return this.#tag({ $: 'Error', name: value.name, message: value.message })
    this.#enclosing.push(value)
    const encoded = Array.isArray(value)
      ? this.#array(value)
      : value instanceof Table
        ? this.#table(value)
        : this.#instance(value as Instance)
    this.#enclosing.pop()
    return encoded
  }

  #array(list: readonly unknown[]): Encoded {
    this.#count(2)
    const result: Encoded[] = []
    for (let i = 0; i < list.length; i++) {
      if (i > 0) this.#count(1)
      result.push(Object.hasOwn(list, i) ? this.encode(list[i]) : this.#tag({ $: 'hole' }))
    }
    return result
  }

  /** Typed arrays by their elements, ArrayBuffer and DataView by their bytes. */
  #numbers(name: string, elements: Elements): Encoded {
    this.#count(14 + name.length + Math.max(0, elements.length - 1))
    return { $: name, v: Array.from(elements, (x) => this.#number(x)) }
  }

  #table(table: Table): Encoded {
    if (table.kind === 'dict')
      return untagged(this.#fields(dictKeys(table).map((key) => [key, (): unknown => table.get(key)])))
    this.#count(table.kind === 'map' ? 19 : 18)
    const isMap = table.kind === 'map'
    const items: Encoded[] = []
    for (const [key, value] of table.entries()) {
      this.#count(isMap ? 4 : 1)
      items.push(isMap ? [this.encode(key), this.encode(value)] : this.encode(key))
    }
    return { $: isMap ? 'Map' : 'Set', v: items }
  }

  /** A plain object of fields by name. */
  #fields(fields: readonly (readonly [name: string, value: () => unknown])[]): Record<string, Encoded> {
    const result: Record<string, Encoded> = {}
    this.#count(2)
    for (const [name, read] of fields) {
      this.#count(jsonLength(name) + 2)
      const value = this.encode(read())
      // Not an assignment, since `__proto__` would not become a key by it.
      Object.defineProperty(result, name, { value, enumerable: true, writable: true, configurable: true })
    }
    return result
  }

  #instance(object: Instance): Encoded {
    const { def } = object.layout
    if (def.role === 'symbol') return this.#tag({ $: 'symbol', v: String(descriptionOf(object)) })
    if (def.role === 'date') return this.#tag({ $: 'Date', v: this.#number(timeOf(object)) })
    const result = this.#fields(
      visibleFields(object).map((field) => [def.fields[field].name, (): unknown => readField(object, field)]),
    )
    if (def.role === 'class') {
      this.#count(jsonLength(def.name) + 22)
      return { $: 'class', n: def.name, v: result }
    }
    return untagged(result)
  }
}

/** A plain object that is not taken for a tag. */
function untagged(fields: Record<string, Encoded>): Encoded {
  return Object.hasOwn(fields, '$') ? { $: 'obj', v: fields } : fields
}

/** Bytes of a string as JSON. */
function jsonLength(text: string): number {
  return /^[ !#-[\]-~]*$/.test(text) ? text.length + 2 : Buffer.byteLength(JSON.stringify(text))
}
