import type { Type } from '../../ir/index.ts'
import type { GraphContext, Placed } from './context.ts'

/** Where the value of a node is kept. */
export type Value = { readonly local: number; readonly type: Type; readonly assignable: boolean }

/** The nodes that have a value at a place: those before it in its block and the blocks around it. */
export class Scopes {
  readonly #context: GraphContext
  readonly #values = new Map<string, Value>()
  readonly #blocks: string[][] = [[]]

  constructor(context: GraphContext) {
    this.#context = context
  }

  open(): void {
    this.#blocks.push([])
  }

  /** Ends the innermost block; what it defined has no value after it. */
  close(): void {
    for (const id of this.#blocks.pop() ?? []) this.#values.delete(id)
  }

  define(at: Placed, value: Value): void {
    if (this.#values.has(at.node.nodeId)) this.#context.refuse(at, 'it is defined twice')
    this.#values.set(at.node.nodeId, value)
    this.#blocks.at(-1)?.push(at.node.nodeId)
  }

  find(id: string): Value | undefined {
    return this.#values.get(id)
  }

  isVariable(id: string): boolean {
    return this.#values.get(id)?.assignable === true
  }

  require(at: Placed, id: string, otherwise: string): void {
    if (!this.#values.has(id)) this.#context.refuse(at, otherwise)
  }
}
