import { undef } from '../emit/make.ts'
import type { ObjNode } from '../flow/slots.ts'
import { ASYNC_GENERATOR_METHODS } from './async-iteration.ts'
import { byArgument } from './array.ts'
import { ITERATOR } from './iterators.ts'
import { isRegExp } from './patterns.ts'
import { preludeRow } from './prelude.ts'
import { PROMISE_METHODS } from './promises.ts'
import { REGEXP_METHODS } from './regexp.ts'
import type { Row } from './row.ts'
import { DECODER_METHODS, ENCODER_METHODS } from './text-coding.ts'
import { BUFFER_METHODS, TYPED_METHODS, VIEW_METHODS } from './typed.ts'

/** Methods of iterators of the library (ECMA-262 27.1.4). */
const ITERATOR_METHODS: Readonly<Record<string, Row>> = {
  next: preludeRow('generator_next'),
  [ITERATOR]: preludeRow('generator_self'),
  drop: preludeRow('iterator_drop'),
  every: preludeRow('iterator_every'),
  filter: preludeRow('iterator_filter'),
  flatMap: preludeRow('iterator_flatMap'),
  find: preludeRow('iterator_find'),
  forEach: preludeRow('iterator_forEach'),
  map: preludeRow('iterator_map'),
  reduce: byArgument(1, 'iterator_reduce_initial', 'iterator_reduce_first'),
  some: preludeRow('iterator_some'),
  take: preludeRow('iterator_take'),
  toArray: preludeRow('iterable_list'),
}

/** One that has not begun would have to close what it goes over, which only its own code has (27.1.3.2.2). */
const unknownReturn: Row = {
  flow: () => undefined,
  emit: ({ c, at }) => {
    const hint = 'Leave a loop over it by `break`, which closes what it goes over, or call `return` of that.'
    c.report('ANRF1101', at.span, '`return` of what a method of an iterator gives', hint, 'iterator helper')
    return undef(at.span)
  },
}

/** Methods of generators (27.5.1). */
const GENERATOR_METHODS: Readonly<Record<string, Row>> = {
  ...ITERATOR_METHODS,
  return: preludeRow('generator_return'),
  throw: preludeRow('generator_throw'),
}

/** Methods of the objects of the library, by what Node calls them. */
const BRANDED: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  'Object [Generator]': GENERATOR_METHODS,
  'Object [Array Iterator]': ITERATOR_METHODS,
  'Object [Iterator Helper]': { ...ITERATOR_METHODS, return: unknownReturn },
  'Object [String Iterator]': ITERATOR_METHODS,
  'Map Iterator': ITERATOR_METHODS,
  'Set Iterator': ITERATOR_METHODS,
  'URLSearchParams Iterator': { ...ITERATOR_METHODS, next: preludeRow('params_next') },
  'Object [AsyncGenerator]': ASYNC_GENERATOR_METHODS,
  Promise: PROMISE_METHODS,
  TextEncoder: ENCODER_METHODS,
  TextDecoder: DECODER_METHODS,
  'Object [RegExp String Iterator]': ITERATOR_METHODS,
}

const methodsOfBytes = (name: string): Readonly<Record<string, Row>> =>
  name === 'DataView' ? VIEW_METHODS : name === 'ArrayBuffer' ? BUFFER_METHODS : TYPED_METHODS

/** The method of an object of the library. */
export function brandedMethod(node: ObjNode, name: string): Row | undefined {
  const rows = node.cls?.bytes
    ? methodsOfBytes(node.cls.bytes)
    : isRegExp(node)
      ? REGEXP_METHODS
      : node.brand === null
        ? undefined
        : BRANDED[node.brand]
  return rows && Object.hasOwn(rows, name) ? rows[name] : undefined
}
