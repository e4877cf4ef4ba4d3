import { BOOL } from '../../ir/index.ts'
import { toText } from '../emit/convert.ts'
import { bool, op, then } from '../emit/make.ts'
import { flowResult } from './leaf.ts'
import type { Row } from './row.ts'

const toString: Row = { flow: (use) => flowResult(use, 'str'), emit: ({ c, self }) => toText(c, self) }

const hasOwnProperty: Row = {
  flow: (use) => flowResult(use, 'bool'),
  emit: ({ c, at, args, self }) => {
    const key = args[0]?.value
    const node = self.type.kind === 'object' ? c.program.types.nodeOf(self.type.id) : undefined
    if (self.type.kind !== 'object' || !node || key?.kind !== 'const' || typeof key.value !== 'string') {
      c.report(
        'ANRF1101',
        at.span,
        'hasOwnProperty with a computed name',
        'Ask for a constant name, or compare the field with undefined.',
        'hasOwnProperty',
      )
      return bool(false, at.span)
    }
    const info = node.fields.get(key.value)
    if (!info?.optional) return then(self, bool(info !== undefined, at.span))
    return op('object.has', [self], BOOL, at.span, [self.type.id, c.program.types.fieldIndex(node, key.value)])
  },
}

/** Methods that every object has (20.1.3). */
export const OBJECT_METHODS: Readonly<Record<string, Row>> = { toString, hasOwnProperty }
