/**
 * Every rule of the checker, once. The name begins the message of an ANRF2003; the text is the rule as
 * spec/checking.md prints it. Order as in the chapter: the module, types, functions, statements, expressions.
 */
export const RULES = {
  'error-object':
    'object definition 0 is that of Error, as spec/types.md gives it, with no other fields than optional ones, and any other with the role `error` begins with the fields of that',
  'regexp-object':
    'a definition with the role `regexp` has the fields `#source` and `#flags`, which are strings, and all of its fields are hidden',
  'date-object': 'a definition with the role `date` has one field, `#ms`, which is a hidden number',
  'symbol-object':
    'a definition with the role `symbol` has one field, `#description`, which is hidden, and a string or undefined',
  'typed-object':
    'a definition with the role `typed` has the name of a constructor of typed arrays, or DataView, and the fields that say where its elements are (spec/types.md)',
  'buffer-object': 'a definition with the role `buffer` has the name ArrayBuffer and no fields',
  'class-tag': 'only a definition with the role `class` has a tag, which is not the empty text',
  'field-names':
    'the fields of an object definition have distinct names, but that an error may have `name` as a key beside its hidden name',
  'field-optional': 'no field of a definition with the role `regexp` or `date` is optional',
  init: 'the initialiser is a function of the module without parameters and captures',
  'entry-names': 'entries have distinct names, and so have the parameters of one entry',
  'entry-function':
    'the function of an entry exists, has no captures, and has exactly the parameter types and the result of the entry',
  'entry-optional': 'an optional parameter of an entry is of a type that admits undefined',
  'entry-types':
    'what an entry takes can be given as JSON: its types hold, also in elements and fields, no func, i32, class, Error, DataView or ArrayBuffer',
  'type-object': 'an object type names a definition of the module',
  'type-union':
    'a union has at least two members, none of them a union, nested, self, json, any, i32 or cell, without repeats and in the order of their texts, of which at most one is an array or tuple and at most one each a func, map, set or dict: values tell their member at run time; all that json or a nested union is together is that',
  'type-nested': 'a nested union has members as a union has, which somewhere say self; self is nowhere else',
  'type-cell':
    'a cell is the type of a parameter, capture, local or expression itself or the content of such a cell, never a part of another type, of a field, global, result or entry',
  'type-size':
    'a type has at most 1,024 nodes, at most 32 deep, and a nested union with itself written out for each self at most 4096',
  'local-count': 'a function has at most 16384 parameters, captures and locals together',
  depth: 'statements and expressions nest at most 500 deep',
  path: 'every path through a function ends in return or throw',
  test: 'the test of an if, a loop or a conditional expression is of type bool',
  set: 'the value of a set has exactly the type of the local',
  return: 'the value of a return has exactly the result type of the function',
  throw: 'the value of a throw is of type any',
  catch: 'the local of a catch is of type any',
  switch:
    'the subject of a switch and its tests are all boxed, or all of the same type out of f64, string and bool; at most one case is the default',
  'label-unique': 'the blocks, loops and switches of a function have distinct labels',
  'label-target':
    'break names an enclosing block, loop or switch of the same function, continue a loop whose body it is in',
  local: 'a local that is read, set or caught exists',
  unset:
    'a local whose type has no default value (spec/module.md, Locals) is set on every path before it is read, unless it is a parameter or capture',
  constant:
    'a constant is of the one type undefined, null, bool, string or f64 that its value has, or of i32 when it is an integer of 32 bits',
  immediate:
    'the immediates of an operation are those that its row lists, and name objects, fields, functions and globals that exist',
  operands: 'the operands of an operation fit its signature and, where that has `*`, its rule below',
  call: 'the function of a call exists, has no captures, and the arguments have exactly the types of its parameters',
  invoke: 'the callee of an invoke is of a func type, and the arguments have exactly the types of its parameters',
  branches: 'both branches of a conditional expression have the same type',
  type: 'the type written on an expression is the one that follows from its parts',
} as const satisfies Record<string, string>

export type Rule = keyof typeof RULES

/** A broken rule, before it is known where. `message` continues the name of the rule. */
export type Fault = { readonly rule: Rule; readonly message: string }

export function fault(rule: Rule, message: string): Fault {
  return { rule, message }
}

export function isFault(value: object): value is Fault {
  return 'rule' in value
}
