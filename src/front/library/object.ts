import { hasOwnField } from '../emit/membership.ts'
import { BOOL, type Expr } from '../../ir/index.ts'
import { toText } from '../emit/convert.ts'
import type { FunctionContext } from '../emit/context.ts'
import { emit } from '../emit/expressions.ts'
import { bool, op, then } from '../emit/make.ts'
import { dictWhere, isConstantName } from '../flow/elements.ts'
import type { HExpr } from '../hir.ts'
import { flowResult } from './leaf.ts'
import type { Row } from './row.ts'

const toString: Row = { flow: (use) => flowResult(use, 'str'), emit: ({ c, self }) => toText(c, self) }

/** Whether an object has a key of its own; a computed name makes dictionaries of records. */
export function hasOwnKey(c: FunctionContext, object: Expr, key: HExpr | undefined, at: HExpr): Expr {
  return c.dispatch(object, BOOL, (self) => {
    const { type } = self
    if (type.kind === 'dict' && key) return op('table.has', [self, toText(c, emit(c, key))], BOOL, at.span)
    if (type.kind === 'array' && key) {
      const index = emit(c, key)
      if (index.type.kind === 'f64') return op('array.has', [self, index], BOOL, at.span)
    }
    const node = type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
    if (type.kind === 'object' && node && !node.cls?.bytes && key?.kind === 'const' && typeof key.value === 'string') {
      return hasOwnField(c, self, node, key.value) ?? then(self, bool(false, at.span))
    }
    c.report(
      'ANRF1101',
      at.span,
      'the question whether this value has a key of its own',
      'Ask records, dictionaries and arrays.',
      'hasOwnProperty',
    )
    return bool(false, at.span)
  })
}

const hasOwnProperty: Row = {
  flow: (use) => {
    flowResult(use, 'bool')
    const key = use.args[0]?.value
    if (key && !isConstantName(key)) dictWhere(use.a, use.self)
  },
  emit: ({ c, at, args, self }) => hasOwnKey(c, self, args[0]?.value, at),
}

/** Methods that every object has (20.1.3). */
export const OBJECT_METHODS: Readonly<Record<string, Row>> = { toString, hasOwnProperty }
