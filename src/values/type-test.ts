import { closureType, membersOf, sameType, type Module, type Type } from '../ir/index.ts'
import { Table } from './table.ts'
import { Closure, Instance } from './value.ts'

/** Whether a host value is of a type, as far as values tell at run time. */
export type TypeTest = (value: unknown) => boolean

/** The test for functions among values of any: a function is told by the type of the one that it is of. */
export function funcTest({ funcs }: Module): (type: Type) => TypeTest {
  return (type) => {
    const all = new Set(funcs.flatMap((func, i) => (sameType(closureType(func), type) ? [i] : [])))
    return (v) => v instanceof Closure && all.has(v.func)
  }
}

/**
 * The test for a type. The checker admits only unions whose members can be told apart by it: one
 * array or tuple, one function, each object by its definition; `isFunc` gives the test for functions, where there may be others. spec: types
 */
export function typeTest(type: Type, isFunc: (type: Type) => TypeTest = () => (v) => v instanceof Closure): TypeTest {
  switch (type.kind) {
    case 'any':
      return () => true
    case 'undefined':
      return (v) => v === undefined
    case 'null':
      return (v) => v === null
    case 'bool':
      return (v) => typeof v === 'boolean'
    case 'i32':
      return (v) => typeof v === 'number' && (v | 0) === v && !Object.is(v, -0)
    case 'f64':
      return (v) => typeof v === 'number'
    case 'string':
      return (v) => typeof v === 'string'
    case 'bigint':
      return (v) => typeof v === 'bigint'
    case 'array':
    case 'tuple':
      return (v) => Array.isArray(v)
    case 'object':
      return (v) => v instanceof Instance && v.layout.id === type.id
    case 'func':
      return isFunc(type)
    case 'cell':
    case 'self':
      return () => false
    case 'map':
    case 'set':
    case 'dict':
      return (v) => v instanceof Table && v.kind === type.kind
    case 'json':
    case 'nested':
    case 'union': {
      const tests = membersOf(type).map((member) => typeTest(member, isFunc))
      return (v) => tests.some((test) => test(v))
    }
  }
}
