import { formatType, sameType, UNDEFINED, type Expr, type Type } from '../../ir/index.ts'
import { readConstant } from './constant.ts'
import { spanOf, type GraphContext, type Placed } from './context.ts'
import { GRAPH_OPS } from './ops.ts'
import type { Scopes } from './scopes.ts'

/** Expressions inside expressions, below the bound of the IR. */
const NESTING_MAX = 100

/** What a call needs to know of a function. */
export type Signature = { readonly func: number; readonly params: readonly Type[]; readonly result: Type }

/** Makes the expressions that the inputs of nodes stand for. */
export class Values {
  readonly #context: GraphContext
  readonly #sequenced: ReadonlySet<string>
  readonly #signatures: ReadonlyMap<string, Signature>
  readonly #scopes: Scopes

  constructor(
    context: GraphContext,
    sequenced: ReadonlySet<string>,
    signatures: ReadonlyMap<string, Signature>,
    scopes: Scopes,
  ) {
    this.#context = context
    this.#sequenced = sequenced
    this.#signatures = signatures
    this.#scopes = scopes
  }

  /** The value of an input, counted from 0; an input that is missing is refused. */
  input(at: Placed, index: number): Expr {
    const id = at.node.inputs[index]
    return id === undefined ? this.#context.refuse(at, `input ${index + 1} is missing`) : this.#value(at, id, 0)
  }

  /** The first input as a boolean. */
  condition(at: Placed): Expr {
    const test = this.input(at, 0)
    return test.type.kind === 'bool' ? test : this.#context.refuse(at, 'its condition is no boolean')
  }

  /** The call that a `call` node makes. */
  call(at: Placed): Expr {
    const name = at.node.properties['function'] ?? ''
    const signature =
      this.#signatures.get(name) ?? this.#context.refuse(at, `there is no function ${JSON.stringify(name)}`)
    const args = at.node.inputs.map((_, i) => this.input(at, i))
    const fits =
      args.length === signature.params.length &&
      args.every((arg, i) => sameType(arg.type, signature.params[i] ?? UNDEFINED))
    if (!fits) this.#context.refuse(at, `its inputs are not (${signature.params.map(formatType).join(', ')})`)
    return { kind: 'call', func: signature.func, args, type: signature.result, span: spanOf(at) }
  }

  /** The value that a node computes from its inputs. */
  build(at: Placed, depth: number): Expr {
    if (depth > NESTING_MAX) this.#context.refuse(at, 'expressions refer to each other in a circle or too deep')
    this.#context.countExpression(at)
    const { operation, inputs, properties } = at.node
    if (operation === 'constant') {
      const constant = readConstant(properties['value'] ?? '', this.#context.typeOf(at, 'type'), spanOf(at))
      return constant ?? this.#context.refuse(at, 'its property value is not JSON of its type')
    }
    const op =
      GRAPH_OPS.get(operation) ??
      this.#context.refuse(at, 'the operation is not in the documented set, or not at this place')
    if (inputs.length !== op.inputs) this.#context.refuse(at, `it has ${inputs.length} inputs: ${op.doc}`)
    const args = inputs.map((id) => this.#value(at, id, depth + 1))
    const types = args.map((arg) => formatType(arg.type)).join(', ')
    return op.build(args, spanOf(at)) ?? this.#context.refuse(at, `its inputs (${types}) do not fit: ${op.doc}`)
  }

  #value(user: Placed, id: string, depth: number): Expr {
    const value = this.#scopes.find(id)
    if (value) return { kind: 'local', local: value.local, type: value.type, span: spanOf(user) }
    if (this.#sequenced.has(id)) this.#context.refuse(user, `${id} has no value here`)
    return this.build(this.#context.get(id), depth)
  }
}
