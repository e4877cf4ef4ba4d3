import type { TrapName } from '../../base/index.ts'

/** What an immediate is: an index into a table of the module, a number, a name, a list of field indices, or a type. */
export type ImmediateKind = 'object' | 'field' | 'func' | 'global' | 'index' | 'name' | 'fields' | 'type'

/**
 * A linear cost: `base + per * size`, where size is, by `of`:
 * `result` the length of the resulting string or array (charged after the operation);
 * `arg0`, `arg1`, `arg2` the length of that operand; `both` the sum of the lengths of all operands that have one;
 * `less` the lesser of the lengths of the first two; `count` the number of operands;
 * `number0` the numeric value of the first operand;
 * `growth` by how much the operation lengthens its first operand;
 * `entry` 1 when it adds an entry to the table that is its first operand, else 0;
 * `storage` as `number0`, times the bytes of an element of the definition that is the immediate.
 * All but `result` are charged before the work is done.
 */
export type Cost = {
  readonly base?: number
  readonly per?: number
  readonly of?:
    | 'result'
    | 'arg0'
    | 'arg1'
    | 'arg2'
    | 'both'
    | 'product'
    | 'less'
    | 'count'
    | 'number0'
    | 'growth'
    | 'entry'
    | 'storage'
}

/**
 * One operation.
 *
 * `sig` is its type: operands and result, where `T` stands for any type, `T?` for T or undefined, `dyn` for
 * any boxed type, `ref` for any reference type, `...X` for any number of X, and `*` for what
 * the checker's rule of that operation decides from the immediates.
 * `effect`: `pure` depends on operands only; `read` also on the heap; `write` changes the heap;
 * `alloc` makes something with identity; `world` asks or tells the world, in order.
 * `throws`: errors the program can catch. `traps`: failures it cannot.
 * `fuel` and `bytes` (allocation) say what it costs beyond the statement it stands in.
 * `eval` is the meaning of an operation on scalars and strings, as a function of host values; it
 * throws what the operation throws. Operations on the heap are defined by `doc` and the spec.
 */
export type OpRow = {
  readonly code: number
  readonly doc: string
  readonly sig: string
  readonly imm?: readonly ImmediateKind[]
  readonly effect: 'pure' | 'read' | 'write' | 'alloc' | 'world'
  /** What of the world it asks or tells; `*`: the capability before the dot of its immediate. */
  readonly capability?: 'clock' | 'log' | 'random' | '*'
  readonly throws?: readonly ('TypeError' | 'RangeError' | 'ReferenceError' | 'SyntaxError')[]
  readonly traps?: readonly TrapName[]
  readonly fuel?: Cost
  readonly bytes?: Cost
  readonly eval?: (...args: never[]) => number | string | boolean | bigint | undefined
}

/** A pure operation on scalars and strings. */
export function pure<F extends NonNullable<OpRow['eval']>>(
  code: number,
  sig: string,
  doc: string,
  meaning: F,
  more: Partial<OpRow> = {},
): OpRow & { readonly eval: F } {
  return { code, sig, doc, effect: 'pure', ...more, eval: meaning }
}

/** A pure operation that makes a string, charged by its length in fuel (1 per 16 units) and bytes. */
export function text<F extends NonNullable<OpRow['eval']>>(
  code: number,
  sig: string,
  doc: string,
  meaning: F,
  more: Partial<OpRow> = {},
): OpRow & { readonly eval: F } {
  return pure(code, sig, doc, meaning, {
    fuel: { per: 1 / 16, of: 'result' },
    bytes: { base: 16, per: 2, of: 'result' },
    ...more,
  })
}
