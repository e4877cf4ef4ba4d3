import {
  BOOL,
  F64,
  formatType,
  sameType,
  UNDEFINED,
  type Expr,
  type Func,
  type Local,
  type Stmt,
  type Type,
} from '../../ir/index.ts'
import { readConstant } from './constant.ts'
import { spanOf, type GraphContext, type Placed } from './context.ts'
import { opExpr } from './ops.ts'
import { Scopes } from './scopes.ts'
import type { Sequence } from './sequence.ts'
import { Values, type Signature } from './values.ts'

/** Blocks inside blocks, below the bound of the IR. */
const NESTING_MAX = 100

type Block = {
  readonly opener: Placed
  readonly body: Stmt[]
  readonly close: (body: readonly Stmt[]) => readonly Stmt[]
  readonly then?: readonly Stmt[]
  readonly test?: Expr
}

/** Lowers one function: its line of control, node by node. */
export class FunctionLowering {
  readonly #context: GraphContext
  readonly #sequenced: ReadonlySet<string>
  readonly #scopes: Scopes
  readonly #values: Values
  readonly #params: Local[] = []
  readonly #locals: Local[] = []
  readonly #blocks: Block[] = []
  #result: Type = UNDEFINED
  #labels = 0

  constructor(context: GraphContext, sequenced: ReadonlySet<string>, signatures: ReadonlyMap<string, Signature>) {
    this.#context = context
    this.#sequenced = sequenced
    this.#scopes = new Scopes(context)
    this.#values = new Values(context, sequenced, signatures, this.#scopes)
  }

  lower(sequence: Sequence, name: string): Func {
    const [start, ...rest] = sequence
    if (!start) throw new Error('a sequence begins with its function_def')
    this.#result = this.#context.typeOf(start, 'return_type') ?? UNDEFINED
    const body: Stmt[] = []
    this.#blocks.push({ opener: start, body, close: (stmts) => stmts })
    for (const id of start.node.inputs) this.#addParam(start, this.#context.get(id))
    for (const at of rest) this.#step(at)
    const open = this.#blocks.pop()
    if (open?.opener !== start) this.#context.refuse(open?.opener ?? start, 'the block is not closed')
    this.#finish(start, body)
    const span = spanOf(start)
    return { name, params: this.#params, captures: [], locals: this.#locals, result: this.#result, body, span }
  }

  #finish(start: Placed, body: Stmt[]): void {
    if (terminates(body)) return
    if (this.#result.kind !== 'undefined') this.#context.refuse(start, 'the function can end without a return')
    body.push({ kind: 'return', value: nothing(start), span: spanOf(start) })
  }

  #addParam(start: Placed, at: Placed): void {
    if (at.node.operation !== 'parameter') this.#context.refuse(start, `its input ${at.node.nodeId} is no parameter`)
    const type = this.#typeOf(at)
    this.#params.push({ name: this.#nameOf(at), type })
    this.#scopes.define(at, { local: this.#params.length - 1, type, assignable: true })
  }

  /** The operations that stand in the line of control; anything else there is computed at its place. */
  #step(at: Placed): void {
    switch (at.node.operation) {
      case 'parameter':
        return this.#scopes.require(at, at.node.nodeId, 'it is not an input of its function')
      case 'variable_def':
        return this.#defineVariable(at)
      case 'for_each':
        return this.#openForEach(at)
      case 'while':
        return this.#openWhile(at)
      case 'end_loop':
        return this.#close(at, ['for_each', 'while'])
      case 'if':
        return this.#openIf(at)
      case 'else':
        return this.#turnElse(at)
      case 'end_if':
        return this.#close(at, ['if', 'else'])
      case 'assign':
        return this.#assign(at)
      case 'array_set':
        return this.#setElement(at)
      case 'return':
        return this.#return(at)
      case 'function_def':
        return this.#context.refuse(at, 'a function stands inside another')
      default:
        return this.#compute(at)
    }
  }

  #defineVariable(at: Placed): void {
    const type = this.#typeOf(at)
    const text = at.node.properties['initial_value']
    const value = text === undefined ? this.#values.input(at, 0) : readConstant(text, type, spanOf(at))
    if (!value || !sameType(value.type, type))
      this.#context.refuse(at, `initial_value is not JSON of a ${formatType(type)}`)
    this.#scopes.define(at, { local: this.#store(at, value, this.#nameOf(at)), type, assignable: true })
  }

  #openForEach(at: Placed): void {
    const array = this.#values.input(at, 0)
    if (array.type.kind !== 'array') this.#context.refuse(at, 'its first input is no array')
    const list = this.#store(at, array, 'list')
    const span = spanOf(at)
    const index = this.#store(at, { kind: 'const', value: 0, type: F64, span }, 'index')
    const element = this.#newLocal(at.node.properties['iterator'] ?? 'element', array.type.elem)
    const use = (local: number, type: Type): Expr => ({ kind: 'local', local, type, span })
    const [values, i] = [use(list, array.type), use(index, F64)]
    const test = opExpr('f64.lt', [i, opExpr('array.length', [values], F64, span)], BOOL, span)
    const one: Expr = { kind: 'const', value: 1, type: F64, span }
    const update: Stmt[] = [{ kind: 'set', local: index, value: opExpr('f64.add', [i, one], F64, span), span }]
    const get: Stmt = {
      kind: 'set',
      local: element,
      value: opExpr('array.get', [values, i], array.type.elem, span),
      span,
    }
    const label = this.#labels++
    this.#open(at, (body) => [{ kind: 'loop', label, test, post: false, body: [get, ...body], update, span }])
    this.#scopes.define(at, { local: element, type: array.type.elem, assignable: false })
  }

  #openWhile(at: Placed): void {
    const id = at.node.inputs[0]
    if (id !== undefined && this.#sequenced.has(id) && !this.#scopes.isVariable(id))
      this.#context.refuse(
        at,
        `its condition ${id} is computed once; take it off the edges, then it is computed before every round`,
      )
    const test = this.#values.condition(at)
    const label = this.#labels++
    const span = spanOf(at)
    this.#open(at, (body) => [{ kind: 'loop', label, test, post: false, body, update: [], span }])
  }

  #openIf(at: Placed): void {
    const test = this.#values.condition(at)
    this.#open(at, (body) => [{ kind: 'if', test, then: body, else: [], span: spanOf(at) }], { test })
  }

  #turnElse(at: Placed): void {
    const block = this.#leave(at, ['if'])
    const { test } = block
    if (!test) throw new Error('an if has a test')
    this.#open(at, (body) => [{ kind: 'if', test, then: block.body, else: body, span: spanOf(block.opener) }])
  }

  #open(opener: Placed, close: Block['close'], more: Partial<Block> = {}): void {
    if (this.#blocks.length >= NESTING_MAX)
      this.#context.refuse(opener, `blocks are nested more than ${NESTING_MAX} deep`)
    this.#blocks.push({ opener, body: [], close, ...more })
    this.#scopes.open()
  }

  #close(at: Placed, openers: readonly string[]): void {
    const block = this.#leave(at, openers)
    this.#emit(...block.close(block.body))
  }

  #leave(at: Placed, openers: readonly string[]): Block {
    const block = this.#blocks.at(-1)
    if (!block || !openers.includes(block.opener.node.operation))
      this.#context.refuse(at, `there is no open ${openers.join(' or ')}`)
    this.#blocks.pop()
    this.#scopes.close()
    return block
  }

  #assign(at: Placed): void {
    const value = this.#values.input(at, 0)
    if (this.#assignOutputs(at, value) === 0) this.#context.refuse(at, 'none of its outputs is a variable')
  }

  #setElement(at: Placed): void {
    const [array, index, value] = [this.#values.input(at, 0), this.#values.input(at, 1), this.#values.input(at, 2)]
    if (array.type.kind !== 'array' || index.type.kind !== 'f64' || !sameType(value.type, array.type.elem))
      this.#context.refuse(at, 'its inputs are not an array, an index and an element')
    const span = spanOf(at)
    this.#emit({ kind: 'expr', expr: opExpr('array.set', [array, index, value], UNDEFINED, span), span })
  }

  #return(at: Placed): void {
    const value = at.node.inputs.length === 0 ? nothing(at) : this.#values.input(at, 0)
    if (!sameType(value.type, this.#result))
      this.#context.refuse(at, `the function gives a ${formatType(this.#result)}, not a ${formatType(value.type)}`)
    this.#emit({ kind: 'return', value, span: spanOf(at) })
  }

  /** A value in the line of control is computed there once; its outputs that are variables receive it. */
  #compute(at: Placed): void {
    const value = at.node.operation === 'call' ? this.#values.call(at) : this.#values.build(at, 0)
    if (value.type.kind === 'undefined') return this.#emit({ kind: 'expr', expr: value, span: spanOf(at) })
    const local = this.#store(at, value, at.node.operation)
    this.#scopes.define(at, { local, type: value.type, assignable: false })
    this.#assignOutputs(at, { kind: 'local', local, type: value.type, span: spanOf(at) })
  }

  /** Outputs that are variables receive the value; others only say who reads it. Gives how many were set. */
  #assignOutputs(at: Placed, value: Expr): number {
    let count = 0
    for (const id of at.node.outputs) {
      const { operation } = this.#context.get(id).node
      if (operation !== 'variable_def' && operation !== 'parameter') continue
      const target = this.#scopes.find(id) ?? this.#context.refuse(at, `the variable ${id} is not defined here`)
      if (!sameType(target.type, value.type))
        this.#context.refuse(at, `the variable ${id} is a ${formatType(target.type)}, not a ${formatType(value.type)}`)
      this.#emit({ kind: 'set', local: target.local, value, span: spanOf(at) })
      count++
    }
    return count
  }

  #store(at: Placed, value: Expr, name: string): number {
    const local = this.#newLocal(name, value.type)
    this.#emit({ kind: 'set', local, value, span: spanOf(at) })
    return local
  }

  #newLocal(name: string, type: Type): number {
    this.#locals.push({ name, type })
    return this.#params.length + this.#locals.length - 1
  }

  #emit(...stmts: readonly Stmt[]): void {
    this.#blocks.at(-1)?.body.push(...stmts)
  }

  #typeOf(at: Placed): Type {
    return this.#context.typeOf(at, 'type') ?? this.#context.refuse(at, 'no semantic node gives its type')
  }

  #nameOf(at: Placed): string {
    return at.node.properties['name'] ?? at.node.nodeId
  }
}

function nothing(at: Placed): Expr {
  return { kind: 'const', value: undefined, type: UNDEFINED, span: spanOf(at) }
}

/** Whether no path leaves the statements at their end. */
function terminates(body: readonly Stmt[]): boolean {
  const last = body.at(-1)
  return last?.kind === 'return' || (last?.kind === 'if' && terminates(last.then) && terminates(last.else))
}
