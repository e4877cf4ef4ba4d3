import { BOOL, cellOf, F64, NULL, sameType, UNDEFINED, unionOf, type Expr, type Type } from '../../../src/ir/index.ts'
import { findTags } from '../../../src/passes/index.ts'
import { changeModule, constant, isLeaf, make, wrongOp, type OpExpr, type SeededBug } from './mutation.ts'

const NULLISH = unionOf([NULL, UNDEFINED])
const nothing = (at: Expr): Expr => ({ kind: 'const', value: undefined, type: UNDEFINED, span: at.span })

export const OBJECT_BUGS: readonly SeededBug[] = [
  {
    name: 'object.get takes another field of the type',
    area: 'objects',
    mutate: wrongOp('object.get', (e, { module }) => {
      const { fields } = module.objects[e.imm[0] as number]!
      const other = fields.findIndex((f, i) => i !== e.imm[1] && f.optional !== true && sameType(f.type, e.type))
      return other < 0 ? e : { ...e, imm: [e.imm[0]!, other] }
    }),
  },
  {
    name: 'object.new sets fields in another order',
    area: 'objects',
    mutate: wrongOp('object.new', (e) => {
      if (e.args.length < 2 || !e.args.every(isLeaf)) return e
      return { ...e, imm: [e.imm[0]!, (e.imm[1] as readonly number[]).toReversed()], args: e.args.toReversed() }
    }),
  },
  {
    name: 'tags of one length are equal',
    area: 'objects',
    mutate: (module) => {
      const { names } = findTags(module)
      const readsTag = (e: Expr): boolean =>
        e.kind === 'op' &&
        e.op === 'object.get' &&
        names.has(module.objects[e.imm[0] as number]!.fields[e.imm[1] as number]!.name)
      return changeModule(module, (e) => {
        if (e.kind !== 'op' || e.op !== 'string.eq' || !e.args.some(readsTag)) return e
        const lengths = e.args.map((arg) => make(arg, 'string.length', F64, [arg]))
        return make(e, 'f64.eq', BOOL, lengths)
      })
    },
  },
  {
    name: 'object.has is always true',
    area: 'objects',
    mutate: wrongOp('object.has', (e) => (isLeaf(e.args[0]!) ? constant(e, true, BOOL) : e)),
  },
  {
    name: 'object.assign does nothing',
    area: 'objects',
    mutate: wrongOp('object.assign', (e) => (e.args.every(isLeaf) ? nothing(e) : e)),
  },
  {
    name: 'object.set does nothing',
    area: 'objects',
    mutate: wrongOp('object.set', (e) => (e.args.every(isLeaf) ? nothing(e) : e)),
  },
  {
    name: 'ref.eq is always true',
    area: 'objects',
    mutate: wrongOp('ref.eq', (e) => (e.args.every(isLeaf) ? constant(e, true, BOOL) : e)),
  },
  {
    name: 'dyn.truthy is false for null and undefined only',
    area: 'objects',
    mutate: wrongOp('dyn.truthy', (e) =>
      e.args[0]!.type.kind === 'any' ? make(e, 'bool.not', BOOL, [make(e, 'dyn.is', BOOL, e.args, [NULLISH])]) : e,
    ),
  },
  {
    name: 'dyn.is takes any object for every object',
    area: 'objects',
    mutate: wrongOp('dyn.is', (e, { module }) => {
      const type = e.imm[0] as OpExpr['type']
      if (type.kind !== 'object' || e.args[0]!.type.kind !== 'any') return e
      return { ...e, imm: [unionOf(module.objects.map((_, id) => ({ kind: 'object', id })))] }
    }),
  },
  {
    name: 'a list that is put into a nested union is a copy',
    area: 'objects',
    mutate: wrongOp('dyn.box', (e) => {
      const [list] = e.args as [Expr]
      if (e.type.kind !== 'nested' || list.type.kind !== 'array') return e
      const [from, to] = [0, Infinity].map((value) => constant(list, value, F64)) as [Expr, Expr]
      return { ...e, args: [make(list, 'array.slice', list.type, [list, from, to])] }
    }),
  },
  {
    name: 'dyn.is takes any value of a nested union for a scalar',
    area: 'objects',
    mutate: wrongOp('dyn.is', (e) => {
      const [value] = e.args as [Expr]
      const { kind } = e.imm[0] as Type
      return value.type.kind === 'nested' && isLeaf(value) && (kind === 'f64' || kind === 'string')
        ? constant(e, true, BOOL)
        : e
    }),
  },
  {
    name: 'dyn.is_error takes every kind',
    area: 'objects',
    mutate: wrongOp('dyn.is_error', (e) => ({ ...e, imm: ['Error'] })),
  },
  {
    name: 'dyn.eq of one local with itself is true',
    area: 'objects',
    mutate: wrongOp('dyn.eq', (e) => {
      const [a, b] = e.args as [Expr, Expr]
      return a.kind === 'local' && b.kind === 'local' && a.local === b.local ? constant(e, true, BOOL) : e
    }),
  },
  {
    name: 'dyn.require lets undefined through',
    area: 'objects',
    mutate: wrongOp('dyn.require', (e) => (e.args[0]!.type.kind === 'any' ? e.args[0]! : e)),
  },
  {
    name: 'error.new makes plain Errors',
    area: 'objects',
    mutate: wrongOp('error.new', (e) => ({ ...e, imm: [e.imm[0]!, 'Error'] })),
  },
  {
    name: 'dyn.to_number of null is NaN',
    area: 'objects',
    mutate: wrongOp('dyn.to_number', (e) =>
      isLeaf(e.args[0]!) && e.args[0]!.type.kind === 'any'
        ? {
            kind: 'cond',
            test: make(e, 'dyn.is', BOOL, [e.args[0]!], [NULL]),
            then: constant(e, NaN, F64),
            else: e,
            type: F64,
            span: e.span,
          }
        : e,
    ),
  },
  {
    name: 'dyn.typeof of null is "undefined"',
    area: 'objects',
    mutate: wrongOp('dyn.typeof', (e) => {
      const [value] = e.args as [Expr]
      if (!isLeaf(value) || value.type.kind !== 'any') return e
      const test = make(e, 'dyn.is', BOOL, [value], [NULL])
      return { kind: 'cond', test, then: constant(e, 'undefined', e.type), else: e, type: e.type, span: e.span }
    }),
  },
]

export const CLOSURE_BUGS: readonly SeededBug[] = [
  {
    name: 'closures get cells of their own',
    area: 'closures',
    mutate: wrongOp('closure.new', (e) => ({
      ...e,
      args: e.args.map((arg) =>
        arg.kind === 'local' && arg.type.kind === 'cell'
          ? make(arg, 'cell.new', arg.type, [make(arg, 'cell.get', arg.type.of, [arg], ['x'])])
          : arg,
      ),
    })),
  },
  {
    name: 'closures get their captures in the wrong order',
    area: 'closures',
    mutate: wrongOp('closure.new', (e) =>
      e.args.length > 1 && e.args.every((arg) => sameType(arg.type, e.args[0]!.type))
        ? { ...e, args: e.args.toReversed() }
        : e,
    ),
  },
  {
    name: 'a cell without a value holds 0',
    area: 'closures',
    mutate: wrongOp('cell.unset', (e) =>
      sameType(e.type, cellOf(F64)) ? make(e, 'cell.new', e.type, [constant(e, 0, F64)]) : e,
    ),
  },
  {
    name: 'cell.set does nothing',
    area: 'closures',
    mutate: wrongOp('cell.set', (e) => (e.args.every(isLeaf) ? nothing(e) : e)),
  },
  {
    name: 'global.set does nothing in functions',
    area: 'closures',
    mutate: (module) => ({
      ...changeModule(module, (e) => (e.kind === 'op' && e.op === 'global.set' && isLeaf(e.args[0]!) ? nothing(e) : e)),
      init: module.init,
    }),
  },
  {
    name: 'calls pass their arguments in the wrong order',
    area: 'closures',
    mutate: (module) =>
      changeModule(module, (e) =>
        e.kind === 'call' && e.args.length > 1 && e.args.every((arg) => sameType(arg.type, e.args[0]!.type))
          ? { ...e, args: e.args.toReversed() }
          : e,
      ),
  },
]
